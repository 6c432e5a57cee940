using System.Collections.Frozen;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>Stable event names and the records that carry them, both ways.</summary>
public sealed class EventTypes
{
    /// <summary>
    /// The type under which a foreign writer of this layout marks a sequence number that a rolled-back append left unused;
    /// every reader skips it.
    /// </summary>
    public const string Tombstone = "tombstone";

    private readonly FrozenDictionary<string, Type> _types;
    private readonly FrozenDictionary<Type, string> _names;

    /// <summary>Takes the names of all contexts.</summary>
    /// <param name="names">Event name to record type.</param>
    /// <exception cref="ArgumentException">A name or a record is there twice, or a name is empty or longer than 500.</exception>
    public EventTypes(IEnumerable<KeyValuePair<string, Type>> names)
    {
        var types = new Dictionary<string, Type>(StringComparer.Ordinal);
        var back = new Dictionary<Type, string>();
        foreach (var (name, type) in names)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > 500 || name == Tombstone)
                throw new ArgumentException($"'{name}' cannot be an event name ({type.FullName}).", nameof(names));
            if (!types.TryAdd(name, type))
                throw new ArgumentException($"The event name '{name}' stands for {types[name].FullName} and {type.FullName}.", nameof(names));
            if (!back.TryAdd(type, name))
                throw new ArgumentException($"{type.FullName} has two event names: '{back[type]}' and '{name}'.", nameof(names));
        }

        _types = types.ToFrozenDictionary(StringComparer.Ordinal);
        _names = back.ToFrozenDictionary();
    }

    /// <summary>The name of an event record.</summary>
    /// <param name="type">The record's type.</param>
    /// <exception cref="InvalidOperationException">The record has no name.</exception>
    public string NameOf(Type type) =>
        _names.TryGetValue(type, out var name)
            ? name
            : throw new InvalidOperationException($"{type.FullName} is not a registered event.");

    /// <summary>The record that carries <paramref name="name"/>, or null for a name that this code does not know.</summary>
    /// <param name="name">The event's name in the log.</param>
    public Type? TypeOf(string name) => _types.GetValueOrDefault(name);

    /// <summary>The names of all registered records that are of <paramref name="type"/> or derive from it.</summary>
    /// <param name="type">A record or an abstract family of records.</param>
    public IEnumerable<string> NamesOf(Type type) => _types.Where(pair => type.IsAssignableFrom(pair.Value)).Select(pair => pair.Key);
}
