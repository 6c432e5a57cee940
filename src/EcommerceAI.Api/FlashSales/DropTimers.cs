using EcommerceAI.Api.Http;
using EcommerceAI.Commerce.FlashSales;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;

namespace EcommerceAI.Api.FlashSales;

/// <summary>Which drop a timer is about.</summary>
/// <param name="DropId">The drop.</param>
internal sealed record DropTimer(string DropId)
{
    /// <summary>The one timer of the drop.</summary>
    public TimerRequest Due(DateTimeOffset at) => new(Drop.StreamKey(DropId), DropSettlement.TimerType, at, this);
}

/// <summary>Sets the first timer of every drop that is announced; from then on the timer sets itself.</summary>
internal sealed class DropTimers(DurableTimers timers) : ISubscription
{
    public string Name => "drop_timers";

    public IReadOnlyList<Type> Handles { get; } = [typeof(DropScheduled)];

    public async Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation)
    {
        foreach (var scheduled in batch.Events.Select(recorded => (DropScheduled)recorded.Data))
            await timers.ScheduleAsync(new DropTimer(scheduled.DropId).Due(scheduled.StartsAt), cancellation);
    }
}

/// <summary>
/// Settles a drop when its timer comes due: what ran out goes to those who wait, and at the end what is left goes back to the stock. Done
/// twice it changes nothing.
/// </summary>
internal sealed class DropSettlement(CommandHandler handler, DurableTimers timers, TimeProvider time) : ITimerHandler
{
    /// <summary>The type of the timers.</summary>
    public const string TimerType = "drop_settlement";

    public string Type => TimerType;

    public async Task FireAsync(DurableTimer timer, CancellationToken cancellation)
    {
        var payload = timer.ReadPayload<DropTimer>();
        var (now, next) = (default(DateTimeOffset), (DateTimeOffset?)null);
        do
        {
            // By the database's clock it is due, whatever the one of this node says.
            now = time.GetUtcNow() is var clock && clock > timer.Due ? clock : timer.Due;
            await handler.HandleOrThrowAsync(
                async session =>
                {
                    var drop = await DropPlans.SettleAsync(session, payload.DropId, now);
                    next = DropDecider.NextSettlement(drop, now);
                    return CommandDecision.Accept();
                },
                cancellation);
        }
        while (next <= now);

        if (next is { } later) await timers.ScheduleAsync(payload.Due(later), cancellation);
    }
}
