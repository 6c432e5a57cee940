using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Subscriptions;

/// <summary>
/// Takes events, in order and at least once, to where no transaction of this database reaches: an engine, a webhook, a command. What it
/// does must bear repetition: commands carry the event's id as idempotency key, writes the version of the stream.
/// </summary>
public interface ISubscription
{
    /// <summary>Stable name in snake_case, at most 60 characters.</summary>
    string Name { get; }

    /// <summary>The event records, or abstract families of them, that are delivered.</summary>
    IReadOnlyList<Type> Handles { get; }

    /// <summary>Where it begins when it runs for the first time ever.</summary>
    SubscriptionStart Start => SubscriptionStart.Beginning;

    /// <summary>What becomes of an event that it cannot take.</summary>
    DeliveryPolicy Policy => DeliveryPolicy.Retry();

    /// <summary>The most events in one delivery, 1 or more.</summary>
    int BatchSize => 100;

    /// <summary>
    /// Whether effects are left out up to the position where the log ended when it was first started: a process manager learns from the
    /// history without acting on it again.
    /// </summary>
    bool SuppressesEffectsWhileCatchingUp => false;

    /// <summary>Whether the events of archived streams are delivered.</summary>
    bool IncludesArchived => false;

    /// <summary>Takes events. Where it throws they are delivered again, one by one, so that the event at fault is known.</summary>
    /// <param name="batch">Events of <see cref="Handles"/> in order of position.</param>
    /// <param name="cancellation">Gives up; this node stops or has lost the subscription to another.</param>
    Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation);
}

/// <summary>Where a subscription begins.</summary>
public enum SubscriptionStart
{
    /// <summary>With the first event of the log.</summary>
    Beginning,

    /// <summary>With the first event after its first start.</summary>
    Now,
}

/// <summary>Events for a subscription.</summary>
/// <param name="Events">In order of position.</param>
/// <param name="SuppressesEffects">Whether these are history that the subscription only learns from.</param>
public sealed record SubscriptionBatch(IReadOnlyList<RecordedEvent> Events, bool SuppressesEffects)
{
    /// <summary>Does something that is seen outside, unless effects are suppressed.</summary>
    /// <param name="effect">What is done.</param>
    public Task EffectAsync(Func<Task> effect) => SuppressesEffects ? Task.CompletedTask : effect();
}

/// <summary>What becomes of an event that a subscription cannot take.</summary>
/// <param name="Retries">How often it is tried again, 0 or more.</param>
/// <param name="Backoff">The wait before the first of these; doubled each time.</param>
/// <param name="MostBackoff">The longest wait.</param>
/// <param name="Parks">
/// Whether it is parked at last, together with what follows in its stream, while other streams go on. Otherwise the subscription stops
/// until it is resumed or its host is started again.
/// </param>
public sealed record DeliveryPolicy(int Retries, TimeSpan Backoff, TimeSpan MostBackoff, bool Parks)
{
    /// <summary>Stops at once.</summary>
    public static DeliveryPolicy Stop { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero, false);

    /// <summary>Parks at once.</summary>
    public static DeliveryPolicy Park { get; } = new(0, TimeSpan.Zero, TimeSpan.Zero, true);

    /// <summary>Tries again with growing waits, 250 ms to 30 s, and then stops or parks.</summary>
    /// <param name="retries">How often, 0 or more.</param>
    /// <param name="parks">Whether it parks at last.</param>
    public static DeliveryPolicy Retry(int retries = 8, bool parks = false) => new(retries, TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), parks);

    /// <summary>The wait after an attempt.</summary>
    /// <param name="attempt">1 for the first.</param>
    internal TimeSpan WaitAfter(int attempt) =>
        TimeSpan.FromTicks((long)Math.Min(MostBackoff.Ticks, Backoff.Ticks * Math.Pow(2, attempt - 1)));
}
