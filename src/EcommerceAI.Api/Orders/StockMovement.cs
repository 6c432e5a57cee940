using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Orders;

/// <summary>An event of an order together with the stock that it moves, as one append: both happen, or neither.</summary>
internal static class StockMovement
{
    /// <summary>Decides the stock side and appends both.</summary>
    /// <param name="session">The session that has loaded the order.</param>
    /// <param name="order">The order before the event.</param>
    /// <param name="event">What was decided of the order.</param>
    /// <param name="fieldOf">The field of the request that asks for a SKU, or null where none does.</param>
    /// <param name="reply">The reply where all stocks agree.</param>
    public static async Task<CommandDecision> SettleAsync(
        CommandSession session, Order order, OrderEvent @event, Func<string, string?> fieldOf, Func<object> reply)
    {
        var movements = new List<(string Key, IReadOnlyList<DomainEvent> Events)>();
        var rejections = new List<Rejection>();
        foreach (var command in OrderStock.CommandsFor(order, @event))
        {
            var key = Stock.StreamKey(command.Sku, command.Location);
            var stock = await session.LoadAsync(key, Stock.Initial, Stock.Evolve);
            var decision = StockDecider.Decide(stock, command);
            rejections.AddRange(decision.Rejections.Select(rejection => rejection with { Field = fieldOf(command.Sku) }));
            movements.Add((key, decision.Events));
        }

        if (rejections.Count > 0) return rejections.ToRefusal();
        session.Append(Order.StreamKey(OrderIdOf(@event)), [@event]);
        foreach (var (key, events) in movements) session.Append(key, events);
        return CommandDecision.Accept(reply());
    }

    private static string OrderIdOf(OrderEvent @event) => @event switch
    {
        OrderPlaced placed => placed.OrderId,
        OrderCancelled cancelled => cancelled.OrderId,
        OrderReturned returned => returned.OrderId,
        _ => throw new ArgumentException($"{@event.GetType().Name} moves no stock.", nameof(@event)),
    };
}
