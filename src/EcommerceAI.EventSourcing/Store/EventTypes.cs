using System.Collections.Frozen;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Privacy;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Stable event names and the records that carry them, both ways; the older names with the steps that lead to today's; and what in the
/// events is personal.
/// </summary>
public sealed class EventTypes
{
    /// <summary>
    /// The type under which a foreign writer of this layout marks a sequence number that a rolled-back append left unused;
    /// every reader skips it.
    /// </summary>
    public const string Tombstone = "tombstone";

    private readonly FrozenDictionary<string, EventShape> _shapes;
    private readonly FrozenDictionary<Type, string> _names;
    private readonly FrozenDictionary<Type, EventShape> _personal;

    /// <summary>Takes what all contexts say about their events.</summary>
    /// <param name="names">Event name to record type.</param>
    /// <param name="upcasters">
    /// Steps from older shapes: the older name in the log, the newer one, and a pure function from the older JSON to the newer.
    /// </param>
    /// <param name="personal">
    /// Texts to seal: the event's name, the way to the text (<c>address.street</c>, <c>lines[].note</c>), the kind of subject and the way to
    /// its id. A field that the law wants kept also names the purpose and the calendar years after that of the event: it is sealed under a
    /// key of its own, which outlives the forgetting of its subject until then.
    /// </param>
    /// <param name="forgetting">Events that say that a subject is to be forgotten: name, kind of subject, the way to its id.</param>
    /// <exception cref="ArgumentException">
    /// A name or a record is there twice; a name is empty or longer than 500; a step leads nowhere or round in a ring; a personal field is
    /// of an unknown event, or its path leads to no text of the record.
    /// </exception>
    public EventTypes(
        IEnumerable<KeyValuePair<string, Type>> names,
        IEnumerable<(string From, string To, Func<JsonObject, JsonObject> Upcast)>? upcasters = null,
        IEnumerable<(string Event, string Path, string Scope, string Subject, (string Purpose, int Years)? Kept)>? personal = null,
        IEnumerable<(string Event, string Scope, string Subject)>? forgetting = null)
    {
        var types = new Dictionary<string, Type>(StringComparer.Ordinal);
        var back = new Dictionary<Type, string>();
        foreach (var (name, type) in names)
        {
            CheckName(name, type.FullName!);
            if (!types.TryAdd(name, type))
                throw new ArgumentException($"The event name '{name}' stands for {types[name].FullName} and {type.FullName}.", nameof(names));
            if (!back.TryAdd(type, name))
                throw new ArgumentException($"{type.FullName} has two event names: '{back[type]}' and '{name}'.", nameof(names));
        }

        var steps = ReadSteps(types, upcasters ?? []);
        var fields = (personal ?? []).Select(field => ReadField(types, steps, field)).ToLookup(field => field.EventName, StringComparer.Ordinal);
        _shapes = types.Keys.Concat(steps.Keys).ToFrozenDictionary(name => name, name => ShapeOf(name, types, steps, fields), StringComparer.Ordinal);
        _names = back.ToFrozenDictionary();
        _personal = back.Select(pair => (pair.Key, Shape: _shapes[pair.Value])).Where(pair => pair.Shape.Personal.Count > 0)
            .ToFrozenDictionary(pair => pair.Key, pair => pair.Shape);
        Forgetting = (forgetting ?? [])
            .Select(entry => new ForgettingEvent(Known(_shapes.ContainsKey(entry.Event), entry.Event), entry.Scope, PathOf(entry.Subject)))
            .ToFrozenDictionary(entry => entry.EventName, StringComparer.Ordinal);
    }

    /// <summary>Events that say that a subject is to be forgotten, by their names.</summary>
    internal FrozenDictionary<string, ForgettingEvent> Forgetting { get; }

    /// <summary>The name of an event record.</summary>
    /// <param name="type">The record's type.</param>
    /// <exception cref="InvalidOperationException">The record has no name.</exception>
    public string NameOf(Type type) =>
        _names.TryGetValue(type, out var name)
            ? name
            : throw new InvalidOperationException($"{type.FullName} is not a registered event.");

    /// <summary>The record that is made of <paramref name="name"/>, or null for a name that this code does not know.</summary>
    /// <param name="name">The event's name in the log, be it of today or older.</param>
    public Type? TypeOf(string name) => _shapes.GetValueOrDefault(name)?.Type;

    /// <summary>
    /// The names, older ones too, of all registered records that are of <paramref name="type"/> or derive from it.
    /// </summary>
    /// <param name="type">A record or an abstract family of records.</param>
    public IEnumerable<string> NamesOf(Type type) => _shapes.Values.Where(shape => type.IsAssignableFrom(shape.Type)).Select(shape => shape.Name);

    /// <summary>What a name in the log means, or null for one that this code does not know.</summary>
    internal EventShape? ShapeOf(string name) => _shapes.GetValueOrDefault(name);

    /// <summary>The shape of a record that holds personal data, or null for one that holds none.</summary>
    internal EventShape? PersonalShapeOf(Type type) => _personal.GetValueOrDefault(type);

    private static void CheckName(string name, string of)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 500 || name == Tombstone)
            throw new ArgumentException($"'{name}' cannot be an event name ({of}).", nameof(name));
    }

    private static Dictionary<string, Upcaster> ReadSteps(
        Dictionary<string, Type> types, IEnumerable<(string From, string To, Func<JsonObject, JsonObject> Upcast)> upcasters)
    {
        var steps = new Dictionary<string, Upcaster>(StringComparer.Ordinal);
        foreach (var (from, to, upcast) in upcasters)
        {
            CheckName(from, $"older form of '{to}'");
            if (types.TryGetValue(from, out var current))
                throw new ArgumentException($"'{from}' is the name of {current.FullName} and cannot also be an older form of '{to}'.", nameof(upcasters));
            if (!steps.TryAdd(from, new Upcaster(from, to, upcast)))
                throw new ArgumentException($"Two steps lead on from '{from}': to '{steps[from].To}' and to '{to}'.", nameof(upcasters));
        }

        foreach (var step in steps.Values)
        {
            var (at, taken) = (step.To, 1);
            for (; steps.TryGetValue(at, out var next) && taken <= steps.Count; taken++) at = next.To;
            if (!types.ContainsKey(at))
                throw new ArgumentException($"The steps from '{step.From}' end at '{at}', which no record carries.", nameof(upcasters));
        }

        return steps;
    }

    private static EventShape ShapeOf(
        string name, Dictionary<string, Type> types, Dictionary<string, Upcaster> steps, ILookup<string, PersonalField> fields)
    {
        var way = new List<Upcaster>();
        var at = name;
        for (; steps.TryGetValue(at, out var step); at = step.To) way.Add(step);
        return new EventShape(name, types[at], way, [.. fields[name]]);
    }

    private static PersonalField ReadField(
        Dictionary<string, Type> types,
        Dictionary<string, Upcaster> steps,
        (string Event, string Path, string Scope, string Subject, (string Purpose, int Years)? Kept) field)
    {
        var path = PathOf(field.Path);
        Known(types.ContainsKey(field.Event) || steps.ContainsKey(field.Event), field.Event);
        var isOptional = false;
        // The record of an older shape is gone; what its text is turned into must be able to take a text.
        if (types.TryGetValue(field.Event, out var record) && !LeadsToText(record, path, out isOptional))
            throw new ArgumentException($"'{field.Path}' leads to no text of {record.FullName}, so it cannot be sealed.", nameof(field));
        return new PersonalField(
            field.Event, path, field.Scope, PathOf(field.Subject), field.Kept?.Purpose, field.Kept?.Years ?? 0, isOptional);
    }

    private static bool LeadsToText(Type record, JsonPath path, out bool isOptional)
    {
        isOptional = false;
        var at = EventSerializer.Options.GetTypeInfo(record);
        foreach (var name in path.Names)
        {
            if (name is null)
            {
                if (at.ElementType is not { } element) return false;
                at = EventSerializer.Options.GetTypeInfo(element);
                continue;
            }

            if (at.Properties.FirstOrDefault(known => known.Name == name) is not { } property) return false;
            isOptional = property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;
            at = EventSerializer.Options.GetTypeInfo(property.PropertyType);
        }

        return at.Type == typeof(string);
    }

    private static JsonPath PathOf(string text)
    {
        try
        {
            return JsonPath.Parse(text);
        }
        catch (FormatException malformed)
        {
            throw new ArgumentException(malformed.Message, nameof(text), malformed);
        }
    }

    private static string Known(bool isKnown, string name) =>
        isKnown ? name : throw new ArgumentException($"'{name}' is declared to hold or to end personal data, and is no event name.", nameof(name));
}
