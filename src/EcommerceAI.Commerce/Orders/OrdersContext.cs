namespace EcommerceAI.Commerce.Orders;

/// <summary>What is sold, called off and taken back, and the bookkeeping that stands among it.</summary>
public static class OrdersContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Orders",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["order_placed"] = typeof(OrderPlaced),
            ["order_cancelled"] = typeof(OrderCancelled),
            ["order_returned"] = typeof(OrderReturned),
            ["order_confirmed"] = typeof(OrderConfirmed),
            ["order_lines_cancelled"] = typeof(OrderLinesCancelled),
            ["order_shipment_packed"] = typeof(OrderShipmentPacked),
            ["order_shipped"] = typeof(OrderShipped),
            ["order_shipment_dropped"] = typeof(OrderShipmentDropped),
            ["order_refunded"] = typeof(OrderRefunded),
            ["return_received"] = typeof(ReturnReceived),
            ["ledger_entry_booked"] = typeof(LedgerEntryBooked),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["order"] = StateFold.Of(Order.Initial, Order.Evolve),
            ["return"] = StateFold.Of(BlindReturn.Initial, BlindReturn.Evolve),
            ["ledger"] = StateFold.Of(LedgerEntry.Initial, LedgerEntry.Evolve),
        });
}
