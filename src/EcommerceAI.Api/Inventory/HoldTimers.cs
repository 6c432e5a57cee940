using EcommerceAI.Api.Http;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;

namespace EcommerceAI.Api.Inventory;

/// <summary>Which stock a hold's timer is about.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
internal sealed record HoldTimer(string Sku, string Location);

/// <summary>
/// Sets a timer for every hold and takes it back when the hold ends before. It follows the log, so that no hold is without its timer,
/// whoever made it and whatever went down in between.
/// </summary>
internal sealed class HoldTimers(DurableTimers timers) : ISubscription
{
    public string Name => "hold_timers";

    public IReadOnlyList<Type> Handles { get; } = [typeof(StockHeld), typeof(StockHoldExtended), typeof(StockHoldReleased), typeof(StockAllocated)];

    public int BatchSize => 1000;

    public async Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation)
    {
        // The last event of a hold in the batch says whether it is there; null where it has ended.
        var wanted = new Dictionary<string, TimerRequest?>(StringComparer.Ordinal);
        foreach (var recorded in batch.Events)
        {
            var @event = (StockEvent)recorded.Data;
            var (holdId, due) = @event switch
            {
                StockHeld held => (held.HoldId, held.ExpiresAt),
                StockHoldExtended extended => (extended.HoldId, extended.ExpiresAt),
                StockHoldReleased released => (released.HoldId, (DateTimeOffset?)null),
                StockAllocated { HoldId: { } consumed } => (consumed, null),
                _ => (null, null),
            };
            if (holdId is null) continue;
            var key = $"hold-{@event.Sku}@{@event.Location}-{holdId}";
            wanted[key] = due is { } moment ? new TimerRequest(key, HoldExpiry.TimerType, moment, new HoldTimer(@event.Sku, @event.Location)) : null;
        }

        foreach (var ended in wanted.Where(timer => timer.Value is null)) await timers.CancelAsync(ended.Key, cancellation);
        TimerRequest[] requests = [.. wanted.Values.OfType<TimerRequest>()];
        if (requests.Length > 0) await timers.ScheduleAsync(requests, cancellation);
    }
}

/// <summary>Gives up what has run out at the stock of a hold whose timer came due. Done twice it changes nothing.</summary>
internal sealed class HoldExpiry(CommandHandler handler, TimeProvider time) : ITimerHandler
{
    /// <summary>The type of the timers.</summary>
    public const string TimerType = "stock_hold";

    public string Type => TimerType;

    public async Task FireAsync(DurableTimer timer, CancellationToken cancellation)
    {
        var (sku, location) = timer.ReadPayload<HoldTimer>();
        await handler.HandleOrThrowAsync(
            async session =>
            {
                var key = Stock.StreamKey(sku, location);
                var stock = await session.LoadAsync(key, Stock.Initial, Stock.Evolve);
                // By the database's clock it is due, whatever the one of this node says.
                var at = time.GetUtcNow();
                session.Append(key, StockDecider.Decide(stock, new ReleaseExpiredHolds(sku, location, at > timer.Due ? at : timer.Due)).Events);
                return CommandDecision.Accept();
            },
            cancellation);
    }
}
