using EcommerceAI.Commerce.Inventory;

namespace EcommerceAI.Commerce.Orders;

/// <summary>What an order does to the stock.</summary>
public static class OrderStock
{
    /// <summary>
    /// The stock commands that go with an event of an order: a placed order issues its goods, a cancelled one puts back what is
    /// still out, a return puts back what came. One command a SKU, its quantities summed, in ordinal order of the SKU, so that
    /// whoever takes locks for them takes them in one order. Returned goods go to the location that the order was taken from.
    /// </summary>
    /// <param name="order">The order before the event; for <see cref="OrderPlaced"/> it is not looked at.</param>
    /// <param name="event">What happened to the order.</param>
    /// <exception cref="ArgumentException">The event needs an order that was placed, and <paramref name="order"/> was not.</exception>
    /// <exception cref="OverflowException">More than <see cref="int.MaxValue"/> units of a SKU; no command allows so many.</exception>
    public static IReadOnlyList<StockCommand> CommandsFor(Order order, OrderEvent @event) => @event switch
    {
        OrderPlaced placed => BySku(
            placed.Lines.Select(line => (line.Sku, line.Quantity)),
            (sku, units) => new IssueStock(sku, placed.Location, units, placed.OrderId)),
        OrderCancelled cancelled => BySku(
            order.Lines.Select(line => (line.Sku, line.Quantity - line.Returned)),
            (sku, units) => new ReturnStock(sku, LocationOf(order), units, cancelled.OrderId)),
        OrderReturned returned => BySku(
            returned.Lines.Select(line => (line.Sku, line.Quantity)),
            (sku, units) => new ReturnStock(sku, LocationOf(order), units, returned.ReturnId)),
        _ => [],
    };

    private static StockCommand[] BySku(IEnumerable<(string Sku, int Quantity)> lines, Func<string, int, StockCommand> command) =>
    [
        .. Order.UnitsBySku(lines, line => line.Sku, line => line.Quantity)
            .Where(sum => sum.Value != 0)
            .OrderBy(sum => sum.Key, StringComparer.Ordinal)
            .Select(sum => command(sum.Key, checked((int)sum.Value))),
    ];

    private static string LocationOf(Order order) =>
        order.Location ?? throw new ArgumentException("The order was never placed.", nameof(order));
}
