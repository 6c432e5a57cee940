using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Timers;

/// <summary>What is to happen when.</summary>
/// <param name="Key">What the timer is known by, such as <c>hold-0198…</c>; scheduling the same key again moves it. 1 to 500 characters.</param>
/// <param name="Type">Names the <see cref="ITimerHandler"/>.</param>
/// <param name="Due">When; in the past means now. Kept to the microsecond.</param>
/// <param name="Payload">What the handler is told, kept as JSON; nothing personal.</param>
public sealed record TimerRequest(string Key, string Type, DateTimeOffset Due, object Payload);

/// <summary>A timer that has come due.</summary>
/// <param name="Key">What it is known by.</param>
/// <param name="Id">The idempotency key of this occurrence: the same however often it is fired, another once it is scheduled anew.</param>
/// <param name="Type">Names its handler.</param>
/// <param name="Due">When it was to happen.</param>
/// <param name="Payload">What was given when it was scheduled.</param>
public sealed record DurableTimer(string Key, Guid Id, string Type, DateTimeOffset Due, JsonElement Payload)
{
    /// <summary>The payload as what it was scheduled with.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <exception cref="JsonException">It does not fit.</exception>
    public T ReadPayload<T>() =>
        Payload.Deserialize<T>(EventSerializer.Options) ?? throw new JsonException($"The payload of the timer '{Key}' is null.");
}

/// <summary>A timer as it stands.</summary>
/// <param name="Timer">The timer.</param>
/// <param name="Attempts">How often it was fired in vain, 0 or more.</param>
/// <param name="NextAttempt">When it is fired next.</param>
/// <param name="Error">Why it failed last, or null.</param>
/// <param name="Parked">Since when it waits for an operator, or null.</param>
public sealed record TimerStatus(DurableTimer Timer, int Attempts, DateTimeOffset NextAttempt, string? Error, DateTimeOffset? Parked);

/// <summary>What is amiss with the timers of one type.</summary>
/// <param name="Type">Names the <see cref="ITimerHandler"/>.</param>
/// <param name="Parked">Timers that failed too often and wait for an operator.</param>
/// <param name="Overdue">Timers that nobody fires, although they have been due for long.</param>
/// <param name="Longest">How long the oldest of these has been due, or null.</param>
public sealed record TimerTrouble(string Type, long Parked, long Overdue, TimeSpan? Longest);

/// <summary>
/// Does what timers of one type are for. It may be called more than once for one occurrence (a node went down before it could write that
/// it was done), and for several timers at a time: the command it sends carries <see cref="DurableTimer.Id"/> as its idempotency key.
/// </summary>
public interface ITimerHandler
{
    /// <summary>The type of the timers, in snake_case.</summary>
    string Type { get; }

    /// <summary>How often a timer is fired in vain before it is parked, 1 or more.</summary>
    int MostAttempts => 10;

    /// <summary>The wait after the first attempt in vain; doubled each time, five minutes at most.</summary>
    TimeSpan Backoff => TimeSpan.FromSeconds(1);

    /// <summary>Does it.</summary>
    /// <param name="timer">The timer.</param>
    /// <param name="cancellation">Gives up: after 30 s, or when this node stops or has lost the timers to another.</param>
    Task FireAsync(DurableTimer timer, CancellationToken cancellation);
}
