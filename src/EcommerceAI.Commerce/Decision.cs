namespace EcommerceAI.Commerce;

/// <summary>What sort of "no" a rejection is, so that a host can choose its reply without knowing the codes of any context.</summary>
public enum RejectionKind
{
    /// <summary>The command is sound, but what is already a fact forbids it.</summary>
    Refused,

    /// <summary>A field of the command is missing, malformed or out of its range; the state was not asked.</summary>
    Invalid,

    /// <summary>What the command names does not exist.</summary>
    NotFound,
}

/// <summary>A business "no": an expected answer, never an exception.</summary>
/// <param name="Code">Stable machine-readable reason in snake_case, for example <c>insufficient_stock</c>.</param>
/// <param name="Message">One sentence for a person, naming what was refused and why.</param>
/// <param name="Field">The command's field at fault as a JSON path (<c>lines[2].quantity</c>), or null where none is.</param>
/// <param name="Kind">What sort of "no" this is.</param>
public sealed record Rejection(string Code, string Message, string? Field = null, RejectionKind Kind = RejectionKind.Refused);

/// <summary>What a decider answers: the events that now are facts (none when the command changes nothing), or a rejection.</summary>
public sealed record Decision
{
    private Decision(IReadOnlyList<DomainEvent> events, IReadOnlyList<Rejection> rejections)
    {
        Events = events;
        Rejections = rejections;
    }

    /// <summary>The events to append, in order; empty for a rejection or a command that changes nothing.</summary>
    public IReadOnlyList<DomainEvent> Events { get; }

    /// <summary>The first reason why the command was refused, or null when it was accepted.</summary>
    public Rejection? Rejection => Rejections is [var first, ..] ? first : null;

    /// <summary>Every reason why the command was refused, one a failing field; empty when it was accepted.</summary>
    public IReadOnlyList<Rejection> Rejections { get; }

    /// <summary>Accepts a command with the facts that follow from it.</summary>
    /// <param name="events">The events, in the order they happened.</param>
    public static Decision Accept(params IReadOnlyList<DomainEvent> events) => new(events, []);

    /// <summary>Refuses a command for what already is a fact.</summary>
    /// <param name="code">See <see cref="Rejection.Code"/>.</param>
    /// <param name="message">See <see cref="Rejection.Message"/>.</param>
    /// <param name="field">See <see cref="Rejection.Field"/>.</param>
    public static Decision Reject(string code, string message, string? field = null) => new([], [new Rejection(code, message, field)]);

    /// <summary>Refuses a command for several reasons.</summary>
    /// <param name="rejections">The reasons, in the order of the command's fields; at least one.</param>
    /// <exception cref="ArgumentException">There is no reason: the answer would read as an acceptance.</exception>
    public static Decision Reject(IReadOnlyList<Rejection> rejections) =>
        rejections.Count > 0
            ? new([], rejections)
            : throw new ArgumentException("A refusal needs at least one rejection.", nameof(rejections));

    /// <summary>Refuses a command because what it names does not exist.</summary>
    /// <param name="code">See <see cref="Rejection.Code"/>.</param>
    /// <param name="message">See <see cref="Rejection.Message"/>.</param>
    public static Decision NotFound(string code, string message) =>
        new([], [new Rejection(code, message, Kind: RejectionKind.NotFound)]);
}
