namespace EcommerceAI.Commerce;

/// <summary>A business "no": an expected answer, never an exception.</summary>
/// <param name="Code">Stable machine-readable reason in snake_case, for example <c>insufficient_stock</c>.</param>
/// <param name="Message">One sentence for a person, naming what was refused and why.</param>
/// <param name="Field">The command's field at fault as a JSON path (<c>lines[2].quantity</c>), or null where none is.</param>
public sealed record Rejection(string Code, string Message, string? Field = null);

/// <summary>What a decider answers: the events that now are facts (none when the command changes nothing), or a rejection.</summary>
public sealed record Decision
{
    private Decision(IReadOnlyList<DomainEvent> events, Rejection? rejection)
    {
        Events = events;
        Rejection = rejection;
    }

    /// <summary>The events to append, in order; empty for a rejection or a command that changes nothing.</summary>
    public IReadOnlyList<DomainEvent> Events { get; }

    /// <summary>Why the command was refused, or null when it was accepted.</summary>
    public Rejection? Rejection { get; }

    /// <summary>Accepts a command with the facts that follow from it.</summary>
    /// <param name="events">The events, in the order they happened.</param>
    public static Decision Accept(params IReadOnlyList<DomainEvent> events) => new(events, null);

    /// <summary>Refuses a command.</summary>
    /// <param name="code">See <see cref="Rejection.Code"/>.</param>
    /// <param name="message">See <see cref="Rejection.Message"/>.</param>
    /// <param name="field">See <see cref="Rejection.Field"/>.</param>
    public static Decision Reject(string code, string message, string? field = null) => new([], new Rejection(code, message, field));
}
