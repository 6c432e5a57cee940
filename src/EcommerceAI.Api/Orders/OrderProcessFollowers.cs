using EcommerceAI.Commerce.Payments;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;

namespace EcommerceAI.Api.Orders;

/// <summary>Reads of everything that a provider is to do, and sees to it that it is done: also what a process that went down left undone.</summary>
internal sealed class OrderProcessSubscription(OrderPayments payments) : ISubscription
{
    private const int AtATime = 8;

    /// <inheritdoc/>
    public string Name => "order_process";

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(PaymentWish)];

    /// <inheritdoc/>
    public DeliveryPolicy Policy => DeliveryPolicy.Retry(parks: true);

    /// <inheritdoc/>
    public Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation) => batch.EffectAsync(() => Parallel.ForEachAsync(
        batch.Events.Select(recorded => ((PaymentWish)recorded.Data).PaymentId).Distinct(StringComparer.Ordinal),
        new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
        async (orderId, token) => await payments.AdvanceAsync(orderId, cancellation: token)));
}

/// <summary>Asks a provider again that gave no answer, and gives up on payments whose time is over.</summary>
internal sealed class OrderPaymentTimer(OrderPayments payments) : ITimerHandler
{
    /// <inheritdoc/>
    public string Type => OrderPayments.TimerType;

    /// <inheritdoc/>
    public async Task FireAsync(DurableTimer timer, CancellationToken cancellation)
    {
        var due = timer.ReadPayload<PaymentTimer>();
        await payments.GiveUpAsync(due.OrderId, cancellation);
        await payments.AdvanceAsync(due.OrderId, attempt: due.Attempt, cancellation: cancellation);
    }
}
