namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>The keys that a page of events needs, as they stood when the page was read.</summary>
public sealed class SubjectKeyRing
{
    private readonly IReadOnlyDictionary<string, byte[]?> _keys;

    internal SubjectKeyRing(IReadOnlyDictionary<string, byte[]?> keys) => _keys = keys;

    /// <summary>For events without sealed fields.</summary>
    internal static SubjectKeyRing Empty { get; } = new(new Dictionary<string, byte[]?>(StringComparer.Ordinal));

    /// <summary>The key, or null where it was destroyed or never was.</summary>
    /// <exception cref="InvalidOperationException">It was not asked for when the ring was made.</exception>
    internal byte[]? Find(string id) => _keys.TryGetValue(id, out var key)
        ? key
        : throw new InvalidOperationException($"The key of '{id}' was not loaded before its event was read.");
}
