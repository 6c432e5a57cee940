using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>
/// The last thousand ids that something came to an end for, so that a command which was under way meanwhile is known again. Those before
/// them are forgotten: whoever sends commands for an id hears of its end long before a thousand others of the same stock have ended.
/// </summary>
public sealed class RecentIds : IEquatable<RecentIds>
{
    /// <summary>How many are remembered.</summary>
    public const int Most = 1000;

    private readonly ImmutableHashSet<string> _known;

    /// <param name="ids">See <see cref="Ids"/>.</param>
    public RecentIds(ImmutableList<string> ids)
        : this(ids, [.. ids])
    {
    }

    private RecentIds(ImmutableList<string> ids, ImmutableHashSet<string> known) => (Ids, _known) = (ids, known);

    /// <summary>None.</summary>
    public static RecentIds None { get; } = new([]);

    /// <summary>The ids, the oldest first.</summary>
    public ImmutableList<string> Ids { get; }

    /// <summary>Whether an id is remembered.</summary>
    /// <param name="id">The id.</param>
    public bool Contains(string id) => _known.Contains(id);

    /// <summary>These and one more, without the oldest where there are too many.</summary>
    /// <param name="id">The id; one that is there already changes nothing.</param>
    public RecentIds With(string id)
    {
        if (_known.Contains(id)) return this;
        return Ids.Count < Most
            ? new RecentIds(Ids.Add(id), _known.Add(id))
            : new RecentIds(Ids.RemoveAt(0).Add(id), _known.Remove(Ids[0]).Add(id));
    }

    /// <inheritdoc/>
    public bool Equals(RecentIds? other) => other is not null && (ReferenceEquals(Ids, other.Ids) || Ids.SequenceEqual(other.Ids, StringComparer.Ordinal));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RecentIds);

    /// <inheritdoc/>
    public override int GetHashCode() => Ids.Count;
}
