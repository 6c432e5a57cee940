using System.Collections.Concurrent;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Payments;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Timers;
using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Orders;

/// <summary>
/// The part of the order process that talks to the provider. What the provider is to do stands in the payment's stream before it hears
/// of it; here it is asked, and its answer recorded together with all that follows from it. Whoever comes first does it: the request that
/// placed the order, the subscription that read of it, a timer, another node; whoever comes second finds it done. So a crash at any point
/// loses nothing: the next one asks again under the same ids.
/// </summary>
internal sealed class OrderPayments(
    CommandHandler handler, IPaymentProvider provider, DurableTimers timers, TimeProvider clock, IOptions<PaymentOptions> options, ILogger<OrderPayments> logger)
{
    /// <summary>Type of the timers that ask again.</summary>
    public const string TimerType = "order_payment";

    private static readonly CommandContext Context = new("order-process", null, []);
    private static readonly TimeSpan MostBackoff = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    /// <summary>Asks the provider for everything that is outstanding, and for what follows from its answers.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="known">The payment as the caller has just left it, or null to load it.</param>
    /// <param name="attempt">How often it was asked in vain before.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The order and its payment after the last answer; null where the caller knows better: no answer was recorded.</returns>
    public async Task<OrderSettlement?> AdvanceAsync(string orderId, Payment? known = null, int attempt = 0, CancellationToken cancellation = default)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_running.TryAdd(orderId, mine.Task))
        {
            // Somebody here is at it: what was outstanding when we came may be done when they are.
            if (_running.TryGetValue(orderId, out var other)) await other.WaitAsync(cancellation);
            known = null;
        }

        try
        {
            var loaded = known is null ? await LoadAsync(orderId, cancellation) : null;
            return await RunAsync(orderId, known ?? loaded!.Payment, attempt, cancellation) ?? loaded;
        }
        finally
        {
            _running.TryRemove(orderId, out _);
            mine.SetResult();
        }
    }

    /// <summary>As <see cref="AdvanceAsync"/>, for a reply that waits for it as long as a buyer would and can do without.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="known">The payment as the caller has just left it, or null to load it.</param>
    /// <returns>The order and its payment after it, or null where that is not known yet: it goes on in the background.</returns>
    public async Task<OrderSettlement?> TryAdvanceAsync(string orderId, Payment? known = null)
    {
        try
        {
            // Not the request's own token: a buyer who goes away has bought all the same.
            return await AdvanceAsync(orderId, known, cancellation: CancellationToken.None).WaitAsync(options.Value.Patience);
        }
#pragma warning disable CA1031 // What was asked for is durable; what is left of it is done by the subscription.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            logger.LogWarning(failure, "The payment of order {Order} goes on in the background.", orderId);
            return null;
        }
    }

    /// <summary>Records what the provider said, with all that follows from it.</summary>
    /// <param name="answer">What it said.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Order and payment after it, and why it could not be recorded.</returns>
    public Task<(OrderSettlement Settled, IReadOnlyList<Rejection> Rejections)> RecordAsync(RecordAnswer answer, CancellationToken cancellation) =>
        SettleAsync(answer.PaymentId, settlement => PaymentDecider.Decide(settlement.Payment, answer), cancellation);

    /// <summary>Calls an order off whose payment nobody has answered in time.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task GiveUpAsync(string orderId, CancellationToken cancellation) => SettleAsync(
        orderId,
        settlement => settlement is { Order: { Status: OrderStatus.Placed, IsConfirmed: false, Terms: { } terms } } && terms.PayBefore <= clock.GetUtcNow()
            ? OrderDecider.Decide(settlement.Order, new CancelOrder(orderId, "payment_unanswered"))
            : Decision.Accept(),
        cancellation);

    private async Task<OrderSettlement?> RunAsync(string orderId, Payment payment, int attempt, CancellationToken cancellation)
    {
        OrderSettlement? settled = null;
        while (payment.Outstanding is { Count: > 0 } outstanding)
        {
            var answered = false;
            foreach (var operation in outstanding)
            {
                if (await AskAsync(payment, operation, cancellation) is not { } answer) continue;
                (settled, _) = await RecordAsync(answer, cancellation);
                answered = true;
            }

            if (!answered)
            {
                await AskAgainLaterAsync(orderId, settled is null ? attempt : 0, cancellation);
                break;
            }

            payment = settled!.Payment;
        }

        return settled;
    }

    private async Task<RecordAnswer?> AskAsync(Payment payment, PaymentOperation operation, CancellationToken cancellation)
    {
        var request = new ProviderRequest(
            payment.PaymentId!, operation.OperationId, operation.Kind, payment.Amount!.Value with { Minor = operation.Amount }, payment.Method!, payment.Token!);
        try
        {
            var answer = await provider.ExecuteAsync(request, cancellation);
            return answer.Outcome == ProviderOutcome.Pending
                ? null
                : new RecordAnswer(request.PaymentId, request.OperationId, answer.Outcome == ProviderOutcome.Succeeded, answer.Reference, answer.Reason);
        }
#pragma warning disable CA1031 // Whatever keeps a provider from answering, the operation stays to be asked for.
        catch (Exception silent) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            logger.LogInformation(silent, "No answer to {Operation} of payment {Payment}.", request.OperationId, request.PaymentId);
            return null;
        }
    }

    private Task AskAgainLaterAsync(string orderId, int attempt, CancellationToken cancellation)
    {
        var wait = TimeSpan.FromTicks((long)Math.Min(MostBackoff.Ticks, options.Value.Backoff.Ticks * Math.Pow(2, Math.Min(attempt, 20))));
        return timers.ScheduleAsync(
            new TimerRequest($"payment-{orderId}", TimerType, clock.GetUtcNow() + wait, new PaymentTimer(orderId, attempt + 1)), cancellation);
    }

    private async Task<OrderSettlement> LoadAsync(string orderId, CancellationToken cancellation) =>
        (await SettleAsync(orderId, _ => Decision.Accept(), cancellation)).Settled;

    private async Task<(OrderSettlement Settled, IReadOnlyList<Rejection> Rejections)> SettleAsync(
        string orderId, Func<OrderSettlement, Decision> decide, CancellationToken cancellation)
    {
        OrderSettlement? settlement = null;
        IReadOnlyList<Rejection> rejections = [];
        var outcome = await handler.HandleAsync(
            Context,
            async session =>
            {
                settlement = await OrderWork.BeginAsync(session, orderId, clock.GetUtcNow());
                var decision = decide(settlement);
                settlement.Add(decision.Events);
                rejections = decision.Rejections.Count > 0 ? decision.Rejections : await OrderWork.SettleAsync(session, settlement);
                return CommandSessionExtensions.AcceptOrRefuse(rejections);
            },
            cancellation);
        return outcome is CommandOutcome.Accepted or CommandOutcome.Rejected
            ? (settlement!, rejections)
            : throw new InvalidOperationException($"Order {orderId} could not be settled: {outcome.GetType().Name}.");
    }
}

/// <summary>What a timer that asks again knows.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="Attempt">How often the provider was asked in vain.</param>
internal sealed record PaymentTimer(string OrderId, int Attempt);
