using EcommerceAI.Commerce.Inventory;

namespace EcommerceAI.Commerce.Orders;

/// <summary>What an order does to the stock.</summary>
public static class OrderStock
{
    /// <summary>
    /// The stock commands that go with an event of an order. Without terms a placed order issues its goods, a cancelled one puts back
    /// what is still out. With terms a placed order has its goods allocated, a cancelled one lets them go, a change lets them go and
    /// allocates what is left, a parcel ships them. A return puts back what came and was not written off. One command a SKU and location,
    /// its quantities summed, in ordinal order of both, so that whoever takes locks for them takes them in one order. Returned goods go to
    /// the location that the order was taken from.
    /// </summary>
    /// <param name="order">The order before the event; for <see cref="OrderPlaced"/> it is not looked at.</param>
    /// <param name="event">What happened to the order.</param>
    /// <param name="at">Now: holds that have run out make room, pre-ordered goods leave on their day. Null where that is not looked at.</param>
    /// <exception cref="ArgumentException">The event needs an order that was placed, and <paramref name="order"/> was not.</exception>
    /// <exception cref="OverflowException">More than <see cref="int.MaxValue"/> units of a SKU; no command allows so many.</exception>
    public static IReadOnlyList<StockCommand> CommandsFor(Order order, OrderEvent @event, DateTimeOffset? at = null) => @event switch
    {
        OrderPlaced { Terms: { } terms } placed => BySku(
            placed.Lines.Zip(terms.Lines, (line, bound) => (line.Sku, bound.Location, line.Quantity)),
            (sku, location, units) => [new AllocateStock(sku, location, placed.OrderId, units, terms.CartId, terms.Channel, Backorder: at is not null, at)]),
        OrderPlaced placed => BySku(
            placed.Lines.Select(line => (line.Sku, placed.Location, line.Quantity)),
            (sku, location, units) => [new IssueStock(sku, location, units, placed.OrderId)]),
        OrderCancelled cancelled when order.Terms is not null => BySku(
            order.Lines.Select(line => (line.Sku, line.Location!, line.Quantity - line.Shipped)),
            (sku, location, _) => [new DeallocateStock(sku, location, AllocationOf(order, sku, location), cancelled.Reason ?? "cancelled")]),
        OrderCancelled cancelled => BySku(
            order.Lines.Select(line => (line.Sku, LocationOf(order), line.Returnable)),
            (sku, location, units) => [new ReturnStock(sku, location, units, cancelled.OrderId)]),
        OrderLinesCancelled cancelled => AfterChange(order, cancelled, at),
        OrderShipped when order.Parcel is { } parcel => BySku(
            parcel.Lines.Select(line => (line.Sku, parcel.Location, line.Quantity)),
            (sku, location, units) => [new ShipStock(sku, location, AllocationOf(order, sku, location), units, parcel.ShipmentId, at)]),
        OrderReturned { WrittenOff: false } returned => BySku(
            returned.Lines.Select(line => (line.Sku, LocationOf(order), line.Quantity)),
            (sku, location, units) => [new ReturnStock(sku, location, units, returned.ReturnId)]),
        _ => [],
    };

    private static StockCommand[] AfterChange(Order order, OrderLinesCancelled cancelled, DateTimeOffset? at)
    {
        var less = cancelled.Lines.ToDictionary(part => part.Line, part => part.Quantity);
        var touched = less.Keys.Where(line => line < order.Lines.Count).Select(line => (order.Lines[line].Sku, order.Lines[line].Location)).ToHashSet();
        return BySku(
            order.Lines.Select((line, i) => (line.Sku, Location: line.Location ?? LocationOf(order), Left: line.Open + line.Packed - less.GetValueOrDefault(i)))
                .Where(line => touched.Contains((line.Sku, line.Location))),
            (sku, location, left) =>
            [
                new DeallocateStock(sku, location, AllocationOf(order, sku, location), cancelled.Reason ?? "changed"),
                .. left == 0
                    ? []
                    : (StockCommand[])[new AllocateStock(sku, location, order.NextAllocationId, left, null, order.Terms?.Channel, Backorder: at is not null, at, Keeps: true)],
            ],
            evenNone: true);
    }

    private static StockCommand[] BySku(
        IEnumerable<(string Sku, string Location, int Quantity)> lines, Func<string, string, int, IEnumerable<StockCommand>> commands, bool evenNone = false)
    {
        var units = new SortedDictionary<string, (string Sku, string Location, long Units)>(StringComparer.Ordinal);
        foreach (var (sku, location, quantity) in lines)
        {
            // U+0000 is in no SKU and comes before everything that is: ordinal by SKU, then by location.
            var key = $"{sku}\0{location}";
            units[key] = (sku, location, units.GetValueOrDefault(key).Units + quantity);
        }

        return [.. units.Values.Where(sum => evenNone || sum.Units != 0).SelectMany(sum => commands(sum.Sku, sum.Location, checked((int)sum.Units)))];
    }

    private static string AllocationOf(Order order, string sku, string location) =>
        order.Lines.FirstOrDefault(line => line.Sku == sku && line.Location == location)?.AllocationId ?? order.OrderId!;

    private static string LocationOf(Order order) =>
        order.Location ?? throw new ArgumentException("The order was never placed.", nameof(order));
}
