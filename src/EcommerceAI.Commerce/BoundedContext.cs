using System.Reflection;
using System.Text.Json.Nodes;

namespace EcommerceAI.Commerce;

/// <summary>How the events of one stream category fold into a state.</summary>
/// <param name="Initial">The state before the first event.</param>
/// <param name="Evolve">Pure fold of one event into the state; an event it does not know leaves the state as it was.</param>
public sealed record StateFold(object Initial, Func<object, DomainEvent, object> Evolve)
{
    /// <summary>The fold of a typed state, for hosts that know states only as objects.</summary>
    /// <typeparam name="TState">The state's record.</typeparam>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="evolve">The state's own pure fold.</param>
    public static StateFold Of<TState>(TState initial, Func<TState, DomainEvent, TState> evolve)
        where TState : class => new(initial, (state, @event) => evolve((TState)state, @event));
}

/// <summary>
/// What a context tells the hosts about itself, as plain data. A context is added by adding a folder with a public static
/// property of this type: no list anywhere names it.
/// </summary>
/// <param name="Name">The context's name, the name of its folder.</param>
/// <param name="EventNames">Stable event name (<c>order_placed</c>) to the record that carries it.</param>
/// <param name="States">Stream category (<c>order</c>, the key's part before the first dash) to the fold of its events.</param>
public sealed record BoundedContext(
    string Name, IReadOnlyDictionary<string, Type> EventNames, IReadOnlyDictionary<string, StateFold> States)
{
    /// <summary>
    /// Steps from older shapes of events, each a pure function from the older JSON to the newer. A shape that an older reader would
    /// misread has a name of its own (<c>order_placed_v2</c>); one that only adds an optional field keeps its name and needs no step.
    /// </summary>
    public IReadOnlyList<(string From, string To, Func<JsonObject, JsonObject> Upcast)> Upcasters { get; init; } = [];

    /// <summary>
    /// Texts of events that are personal: the event's name, the way to the text in its JSON, the kind of person and the way to the
    /// person's id; and for what the law wants kept, the purpose and the calendar years after that of the event.
    /// </summary>
    public IReadOnlyList<(string Event, string Path, string Scope, string Subject, (string Purpose, int Years)? Kept)> PersonalFields { get; init; } = [];

    /// <summary>Events that say that a person is to be forgotten: name, kind of person, the way to the person's id.</summary>
    public IReadOnlyList<(string Event, string Scope, string Subject)> ForgettingEvents { get; init; } = [];

    /// <summary>Finds every context of this assembly and checks that their names are complete and do not clash.</summary>
    /// <exception cref="InvalidOperationException">
    /// Two contexts claim one event name, record or stream category, an event record has no name, or a name stands for a
    /// type that is no event.
    /// </exception>
    public static IReadOnlyList<BoundedContext> Scan() => Scan(typeof(BoundedContext).Assembly);

    /// <summary>The same scan over <paramref name="assembly"/>.</summary>
    /// <param name="assembly">The assembly that holds the contexts and their event records.</param>
    /// <exception cref="InvalidOperationException">As in <see cref="Scan()"/>.</exception>
    public static IReadOnlyList<BoundedContext> Scan(Assembly assembly)
    {
        BoundedContext[] contexts =
        [
            .. assembly.GetTypes()
                .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
                .Where(property => property.PropertyType == typeof(BoundedContext))
                .Select(property => (BoundedContext)property.GetValue(null)!)
                .OrderBy(context => context.Name, StringComparer.Ordinal),
        ];
        RefuseClash("event name", contexts.SelectMany(context => context.EventNames.Keys.Select(name => (name, context.Name))));
        RefuseClash("event record", contexts.SelectMany(context => context.EventNames.Values.Select(type => (type.Name, context.Name))));
        RefuseClash("stream category", contexts.SelectMany(context => context.States.Keys.Select(key => (key, context.Name))));
        RefuseStranger(contexts);
        RefuseNameless(assembly, contexts);
        return contexts;
    }

    private static void RefuseClash(string what, IEnumerable<(string Key, string Context)> claims)
    {
        var clash = claims.GroupBy(claim => claim.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (clash is not null)
        {
            throw new InvalidOperationException(
                $"The {what} '{clash.Key}' is claimed more than once: {string.Join(", ", clash.Select(claim => claim.Context))}.");
        }
    }

    private static void RefuseStranger(IEnumerable<BoundedContext> contexts)
    {
        foreach (var context in contexts)
        {
            var stranger = context.EventNames.FirstOrDefault(named => !named.Value.IsSubclassOf(typeof(DomainEvent)));
            if (stranger.Value is not null)
            {
                throw new InvalidOperationException(
                    $"The event name '{stranger.Key}' of {context.Name} stands for {stranger.Value.FullName}, which is no event record.");
            }
        }
    }

    private static void RefuseNameless(Assembly assembly, IEnumerable<BoundedContext> contexts)
    {
        var named = contexts.SelectMany(context => context.EventNames.Values).ToHashSet();
        var nameless = assembly.GetTypes()
            .FirstOrDefault(type => type.IsSubclassOf(typeof(DomainEvent)) && !type.IsAbstract && !named.Contains(type));
        if (nameless is not null)
        {
            throw new InvalidOperationException($"The event record {nameless.FullName} has no event name; add it to its context.");
        }
    }
}
