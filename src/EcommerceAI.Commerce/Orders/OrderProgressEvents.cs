namespace EcommerceAI.Commerce.Orders;

/// <summary>Units of one line of an order.</summary>
/// <param name="Line">The line's place in the order, counted from 0.</param>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="Amount">What is paid for them, taxes included, in minor units.</param>
/// <param name="Tax">The tax in it, in minor units.</param>
/// <param name="TaxRate">The rate of that tax, as a fraction.</param>
public sealed record LineUnits(int Line, string Sku, int Quantity, long Amount, long Tax, decimal TaxRate);

/// <summary>The order's money is held and its goods are allocated. Event <c>order_confirmed</c>.</summary>
/// <param name="OrderId">The order's id.</param>
public sealed record OrderConfirmed(string OrderId) : OrderEvent;

/// <summary>Units were taken off the order before they left. Event <c>order_lines_cancelled</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ChangeId">The change's own id within the order.</param>
/// <param name="Lines">What was taken off.</param>
/// <param name="Amount">What the order comes to less, positive.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record OrderLinesCancelled(string OrderId, string ChangeId, IReadOnlyList<LineUnits> Lines, Money Amount, string? Reason) : OrderEvent;

/// <summary>A parcel is packed and waits for its money. Event <c>order_shipment_packed</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ShipmentId">The shipment's own id, unique over all orders.</param>
/// <param name="Location">Where it stands.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Delivery">What is paid for delivery with it, in minor units: all of it with the first parcel, 0 with the others.</param>
/// <param name="Amount">What is to be captured for it: its lines and the delivery.</param>
public sealed record OrderShipmentPacked(
    string OrderId, string ShipmentId, string Location, IReadOnlyList<LineUnits> Lines, long Delivery, Money Amount) : OrderEvent;

/// <summary>The packed parcel is paid and left. Event <c>order_shipped</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ShipmentId">The shipment.</param>
public sealed record OrderShipped(string OrderId, string ShipmentId) : OrderEvent;

/// <summary>The packed parcel's money could not be captured; it stays. Event <c>order_shipment_dropped</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ShipmentId">The shipment.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record OrderShipmentDropped(string OrderId, string ShipmentId, string? Reason) : OrderEvent;

/// <summary>Money is given back without goods: a late parcel, the delivery, a courtesy. Event <c>order_refunded</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="RefundId">The refund's own id within the order.</param>
/// <param name="Amount">What is given back, positive.</param>
/// <param name="Reason">Why.</param>
public sealed record OrderRefunded(string OrderId, string RefundId, Money Amount, string Reason) : OrderEvent;
