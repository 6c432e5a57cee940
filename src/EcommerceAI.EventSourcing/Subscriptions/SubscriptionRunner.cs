using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Subscriptions;

/// <summary>
/// Moves one subscription along the log: delivers a page, then moves the checkpoint under the lease. What was delivered and not yet
/// acknowledged by the checkpoint when a node goes down is delivered again.
/// </summary>
internal sealed class SubscriptionRunner
{
    private readonly EventStore _store;
    private readonly ISubscription _subscription;
    private readonly Lease _lease;
    private readonly ParkedEvents _parked;
    private readonly string[] _types;

    public SubscriptionRunner(EventStore store, ISubscription subscription, Lease lease)
    {
        (_store, _subscription, _lease) = (store, subscription, lease);
        _parked = new ParkedEvents(store);
        _types = [.. subscription.Handles.SelectMany(store.Serializer.Types.NamesOf).Distinct(StringComparer.Ordinal)];
        if (_types.Length == 0) throw new InvalidOperationException($"The subscription {subscription.Name} handles no registered event.");
    }

    /// <summary>Told after each page where the checkpoint stands and how many events were delivered.</summary>
    public required Action<long, int> Moved { get; init; }

    /// <summary>Told of each failed attempt.</summary>
    public required Action<Exception> Failed { get; init; }

    /// <summary>Whether events may come from those that this process has read already.</summary>
    public required bool ReadsTail { get; set; }

    /// <summary>Delivers everything up to a position.</summary>
    /// <exception cref="EventFailedException">The policy says to stop at an event; everything before it is behind the checkpoint.</exception>
    /// <exception cref="LeaseLostException">Another node has taken over; nothing was written.</exception>
    public async Task<SubscriptionCheckpoint> RunAsync(SubscriptionCheckpoint checkpoint, long upTo, CancellationToken cancellation)
    {
        while (checkpoint.Position < upTo) checkpoint = await DeliverPageAsync(checkpoint, upTo, cancellation);
        return checkpoint;
    }

    private async Task<SubscriptionCheckpoint> DeliverPageAsync(SubscriptionCheckpoint checkpoint, long upTo, CancellationToken cancellation)
    {
        var suppresses = _subscription.SuppressesEffectsWhileCatchingUp && checkpoint.Position < checkpoint.StartedAt;
        if (suppresses) upTo = Math.Min(upTo, checkpoint.StartedAt);
        var (page, unreadable) = await ReadAsync(checkpoint.Position, upTo, cancellation);
        if (page.Events.Count == 0 && unreadable is null
            && await _store.IdleMoves.MoveAsync(_lease, _subscription.Name, checkpoint.Position, page.ReadUpTo).WaitAsync(cancellation))
        {
            Moved(page.ReadUpTo, 0);
            return checkpoint with { Position = page.ReadUpTo };
        }

        var delivery = new PageDelivery(_subscription, suppresses, await _parked.ListStreamsAsync(_subscription.Name, cancellation)) { Failed = Failed };
        var reached = page.ReadUpTo;
        EventFailedException? stop = null;
        try
        {
            await delivery.DeliverAsync(page.Events, cancellation);
            if (unreadable is not null)
            {
                delivery.Refuse(FailedEvent.Of(unreadable), unreadable);
                reached = unreadable.Position;
            }
        }
        catch (EventFailedException failure)
        {
            (stop, reached) = (failure, failure.Event.Position - 1);
        }

        while (await CommitAsync(checkpoint, reached, delivery, cancellation) is { Count: > 0 } released)
        {
            // Replayed by somebody meanwhile: nothing of these streams is parked any more, so it is their turn again.
            try
            {
                var upToHere = reached;
                await delivery.DeliverReleasedAsync(released, [.. page.Events.Where(@event => @event.Position <= upToHere)], cancellation);
            }
            catch (EventFailedException failure)
            {
                (stop, reached) = (failure, failure.Event.Position - 1);
            }
        }

        Moved(reached, delivery.Delivered);
        return stop is null ? checkpoint with { Position = reached } : throw stop;
    }

    /// <summary>A page that ends before an event that cannot be read, if there is one.</summary>
    private async Task<(LogPage Page, UnreadableEventException? Unreadable)> ReadAsync(long after, long upTo, CancellationToken cancellation)
    {
        UnreadableEventException? unreadable = null;
        while (true)
        {
            try
            {
                var range = new LogRange(after, upTo, _subscription.BatchSize, _types, _subscription.IncludesArchived);
                return (await (ReadsTail ? _store.Tail.ReadLogAsync(range, cancellation) : _store.Reader.ReadLogAsync(range, cancellation)), unreadable);
            }
            catch (UnreadableEventException found)
            {
                unreadable = found;
                upTo = found.Position - 1;
            }
        }
    }

    /// <summary>Moves the checkpoint and parks, in one transaction under the lease.</summary>
    /// <returns>Streams that are no longer parked, whose events must be delivered first; then nothing was written.</returns>
    private async Task<IReadOnlyCollection<string>> CommitAsync(
        SubscriptionCheckpoint checkpoint, long reached, PageDelivery delivery, CancellationToken cancellation)
    {
        var parked = delivery.Parked.Where(parked => parked.Event.Position <= reached).ToList();
        if (reached == checkpoint.Position && parked.Count == 0) return [];
        await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await _lease.GuardAsync(connection, cancellation);
        await checkpoint.MoveAsync(connection, _subscription.Name, reached, cancellation);
        var released = await ParkedEvents.ParkAsync(connection, _subscription.Name, parked, cancellation);
        if (released.Count == 0) await transaction.CommitAsync(CancellationToken.None);
        return released;
    }
}
