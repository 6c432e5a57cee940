namespace EcommerceAI.Commerce.Inventory;

/// <summary>What happens to the stock of one SKU at one location; stream <c>stock-{sku}@{location}</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Location">Warehouse or shop, a lower-case slug.</param>
public abstract record StockEvent(string Sku, string Location) : DomainEvent;

/// <summary>Somebody counted: on hand is now exactly this. Event <c>stock_counted</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units on hand, 0 or more.</param>
public sealed record StockCounted(string Sku, string Location, int Quantity) : StockEvent(Sku, Location);

/// <summary>Goods came in. Event <c>stock_received</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="Reference">Delivery note or purchase order, or null.</param>
/// <param name="OfExpected">How many of the units were expected under that reference, 0 or more.</param>
public sealed record StockReceived(string Sku, string Location, int Quantity, string? Reference = null, int OfExpected = 0)
    : StockEvent(Sku, Location);

/// <summary>Stock was corrected by a difference. Event <c>stock_adjusted</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Signed difference in units, not 0.</param>
/// <param name="Reason">Why ("damaged", "found"), or null where nobody wrote it down.</param>
/// <param name="Reference">The document that says so, or null.</param>
public sealed record StockAdjusted(string Sku, string Location, int Quantity, string? Reason, string? Reference = null)
    : StockEvent(Sku, Location);

/// <summary>Goods left with an order. Event <c>stock_issued</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="OrderId">The order they left with.</param>
public sealed record StockIssued(string Sku, string Location, int Quantity, string OrderId) : StockEvent(Sku, Location);

/// <summary>Goods came back from a shopper, by a return or a cancelled order. Event <c>stock_returned</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="Reference">The order or return they came back with.</param>
public sealed record StockReturned(string Sku, string Location, int Quantity, string Reference) : StockEvent(Sku, Location);
