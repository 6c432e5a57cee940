using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;

namespace EcommerceAI.Api.Orders;

/// <summary>Plans commands on an order that was placed: what they decide is settled with the stock, the payment and the documents.</summary>
internal sealed class OrderChangesPlan(TimeProvider clock)
{
    /// <summary>The plan of a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="reply">The reply to what the command decided and what followed from it.</param>
    public CommandPlan For(OrderCommand command, Func<DomainEvent, OrderSettlement, object> reply)
    {
        if (!IdFormat.IsWellFormed(command.OrderId)) return Missing.Plan("unknown_order", $"There is no order {command.OrderId}.");
        return new(OrderDecider.Validate(command), async (session, expected) =>
        {
            var settlement = await OrderWork.BeginAsync(session, command.OrderId, clock.GetUtcNow(), expected);
            var decision = OrderDecider.Decide(settlement.Order, command);
            if (decision.Rejections.Count > 0) return decision.Rejections.ToRefusal();
            settlement.Add(decision.Events);
            return await OrderWork.SettleAsync(session, settlement) is { Count: > 0 } refused
                ? refused.ToRefusal()
                : EventSourcing.Commands.CommandDecision.Accept(reply(decision.Events[0], settlement));
        });
    }
}
