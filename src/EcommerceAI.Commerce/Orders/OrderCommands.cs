namespace EcommerceAI.Commerce.Orders;

/// <summary>What can be asked of an order. The family is closed: <see cref="OrderDecider"/> answers every member.</summary>
public abstract record OrderCommand
{
    private protected OrderCommand(string orderId) => OrderId = orderId;

    /// <summary>The order's id, as <see cref="IdFormat"/> has it.</summary>
    public string OrderId { get; init; }
}

/// <summary>Places an order at the prices that come with it.</summary>
/// <param name="OrderId">The order's id, as <see cref="IdFormat"/> has it.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where it goes, 1 to 60 characters.</param>
/// <param name="Location">Where its goods are taken from, as <see cref="LocationFormat"/> has it.</param>
/// <param name="Currency">ISO 4217 alphabetic code of all prices.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several, with up to 1,000,000 units in all.</param>
public sealed record PlaceOrder(
    string OrderId, string? CustomerId, string Country, string Location, string Currency, IReadOnlyList<PlaceOrderLine> Lines)
    : OrderCommand(OrderId);

/// <summary>A line of goods that somebody orders.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="UnitPrice">Price of one unit in major units, 0 to 1,000,000 with at most four decimal places.</param>
public sealed record PlaceOrderLine(string Sku, int Quantity, decimal UnitPrice);

/// <summary>Places an order that was priced and sourced: out of a checkout, or in exchange for what came back.</summary>
/// <param name="Priced">The order as it will stand; what is paid for its lines and its delivery adds up to its total.</param>
public sealed record PlacePricedOrder(OrderPlaced Priced) : OrderCommand(Priced.OrderId);

/// <summary>Calls the whole order off; only before anything has left or come back.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record CancelOrder(string OrderId, string? Reason = null) : OrderCommand(OrderId);

/// <summary>Takes goods of the order back, at the price that was paid for them.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ReturnId">The return's own id, as <see cref="IdFormat"/> has it; the caller keeps it unique over all orders.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
/// <param name="WriteOff">Whether the goods are not fit for sale and stay out of the stock.</param>
/// <param name="ExchangeOrderId">The order that they are exchanged into, or null.</param>
/// <param name="ExchangeTotal">What that order comes to, in minor units: so much of the refund pays for it, all of it at most.</param>
public sealed record ReturnOrder(
    string OrderId, string ReturnId, IReadOnlyList<ReturnOrderLine> Lines, string? Reason = null, bool WriteOff = false,
    string? ExchangeOrderId = null, long ExchangeTotal = 0) : OrderCommand(OrderId);

/// <summary>Goods that somebody brings back.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
public sealed record ReturnOrderLine(string Sku, int Quantity);

/// <summary>Takes units off a confirmed order before they leave; where that leaves nothing and nothing has left, the order is cancelled.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ChangeId">The change's own id within the order, as <see cref="IdFormat"/> has it.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record CancelOrderLines(string OrderId, string ChangeId, IReadOnlyList<ReturnOrderLine> Lines, string? Reason = null)
    : OrderCommand(OrderId);

/// <summary>Packs a parcel of a confirmed order. It leaves as soon as its money is captured.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ShipmentId">The shipment's own id, as <see cref="IdFormat"/> has it; the caller keeps it unique over all orders.</param>
/// <param name="Location">Where it stands, as <see cref="LocationFormat"/> has it.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several. Null packs all that is open at the location.</param>
public sealed record PackShipment(string OrderId, string ShipmentId, string Location, IReadOnlyList<ReturnOrderLine>? Lines = null)
    : OrderCommand(OrderId);

/// <summary>Gives money back without goods: a late parcel, the delivery, a courtesy.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="RefundId">The refund's own id within the order, as <see cref="IdFormat"/> has it.</param>
/// <param name="Amount">Minor units, 1 to what was charged and not credited yet.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record RefundOrder(string OrderId, string RefundId, long Amount, string Reason) : OrderCommand(OrderId);
