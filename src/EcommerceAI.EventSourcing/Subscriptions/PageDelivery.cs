using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Subscriptions;

/// <summary>An event that is to be parked, with its reason, or none where it only follows a parked one.</summary>
internal sealed record ParkedNow(FailedEvent Event, string? Reason, int Attempts);

/// <summary>Delivers the events of one page by the subscription's policy, and gathers what is to be parked.</summary>
internal sealed class PageDelivery(ISubscription subscription, bool suppressesEffects, HashSet<string> parkedStreams)
{
    private readonly List<ParkedNow> _parked = [];

    public required Action<Exception> Failed { get; init; }

    /// <summary>What is to be parked when the checkpoint moves.</summary>
    public IReadOnlyList<ParkedNow> Parked => _parked;

    /// <summary>How many events were taken.</summary>
    public int Delivered { get; private set; }

    /// <summary>Delivers what is not parked: all at once, and where that fails one by one.</summary>
    /// <exception cref="EventFailedException">The policy says to stop at an event; everything before it was delivered or is to be parked.</exception>
    public async Task DeliverAsync(IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        RecordedEvent[] free = [.. events.Where(@event => !parkedStreams.Contains(@event.StreamId))];
        var all = free.Length > 1 ? await TryAsync(free, cancellation) : null;
        if (free.Length > 1 && all is null) events = [.. events.Where(@event => parkedStreams.Contains(@event.StreamId))];
        foreach (var @event in events)
        {
            if (parkedStreams.Contains(@event.StreamId)) _parked.Add(new ParkedNow(FailedEvent.Of(@event), null, 0));
            else await DeliverOneAsync(@event, cancellation);
        }
    }

    /// <summary>Delivers the events of streams that were parked when the page was begun.</summary>
    public Task DeliverReleasedAsync(IReadOnlyCollection<string> streams, IReadOnlyList<RecordedEvent> events, CancellationToken cancellation)
    {
        parkedStreams.ExceptWith(streams);
        var waiting = _parked.Where(parked => parked.Reason is null && streams.Contains(parked.Event.StreamId, StringComparer.Ordinal))
            .Select(parked => parked.Event.Position).ToHashSet();
        _parked.RemoveAll(parked => waiting.Contains(parked.Event.Position));
        return DeliverAsync([.. events.Where(@event => waiting.Contains(@event.Position))], cancellation);
    }

    /// <summary>An event that no attempt can help: parked or stopped at, as the policy says.</summary>
    /// <exception cref="EventFailedException">The policy says to stop.</exception>
    public void Refuse(FailedEvent failed, Exception reason, int attempts = 1)
    {
        var failure = new EventFailedException($"The subscription {subscription.Name}", failed, reason);
        if (!subscription.Policy.Parks) throw failure;
        parkedStreams.Add(failed.StreamId);
        _parked.Add(new ParkedNow(failed, reason.Message, attempts));
    }

    private async Task DeliverOneAsync(RecordedEvent @event, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await TryAsync([@event], cancellation) is not { } failure) return;
            Failed(new EventFailedException($"The subscription {subscription.Name}", FailedEvent.Of(@event), failure));
            if (attempt > subscription.Policy.Retries)
            {
                Refuse(FailedEvent.Of(@event), failure, attempt);
                return;
            }

            await Task.Delay(subscription.Policy.WaitAfter(attempt), cancellation);
        }
    }

    /// <summary>The failure, or null. A lost connection to our own database is no fault of the events: it is passed on.</summary>
    private async Task<Exception?> TryAsync(RecordedEvent[] events, CancellationToken cancellation)
    {
        try
        {
            await subscription.DeliverAsync(new SubscriptionBatch(events, suppressesEffects), cancellation);
            Delivered += events.Length;
            return null;
        }
#pragma warning disable CA1031 // Whatever a subscription throws is settled by its policy.
        catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is not (NpgsqlException { IsTransient: true } or LeaseLostException))
#pragma warning restore CA1031
        {
            return failure;
        }
    }
}
