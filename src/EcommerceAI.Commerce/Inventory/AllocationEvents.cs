namespace EcommerceAI.Commerce.Inventory;

/// <summary>Units were promised to an order. Event <c>stock_allocated</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where they will leave from.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="HoldId">The hold that ended in it, or null.</param>
/// <param name="FromHold">Units that hold had, 0 without one; what it had more than the order takes is free again.</param>
/// <param name="Channel">The channel or shop that sold, or null.</param>
/// <param name="FromShare">
/// How many units came out of what is set apart for that channel, beyond those that the hold had taken from there already; negative
/// where the hold gives some back.
/// </param>
/// <param name="ShareTaken">How many of the units count as taken from what is set apart for the channel, those of the hold included.</param>
/// <param name="Backordered">How many of the units were not there and are to come, 0 or more.</param>
/// <param name="ExpectedOn">When these are expected, or null.</param>
public sealed record StockAllocated(
    string Sku, string Location, string OrderId, int Quantity, string? HoldId = null, int FromHold = 0, string? Channel = null,
    int FromShare = 0, int ShareTaken = 0, int Backordered = 0, DateOnly? ExpectedOn = null) : StockEvent(Sku, Location);

/// <summary>
/// Units that were promised to an order are free again; from now on the order gets none here. Event <c>stock_deallocated</c>.
/// </summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units that had not left; 0 where the order was called off before anything was promised to it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Channel">The channel or shop that had sold, or null.</param>
/// <param name="ToShare">How many of the units go back to what is set apart for that channel, 0 or more.</param>
/// <param name="Backordered">How many of the units were promised as to come, 0 or more.</param>
public sealed record StockDeallocated(
    string Sku, string Location, string OrderId, int Quantity, string Reason, string? Channel = null, int ToShare = 0, int Backordered = 0)
    : StockEvent(Sku, Location);

/// <summary>Units of an order were taken from the shelf and wait to leave. Event <c>stock_picked</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="PickId">The pick's own id, or null.</param>
public sealed record StockPicked(string Sku, string Location, string OrderId, int Quantity, string? PickId = null) : StockEvent(Sku, Location);

/// <summary>Units of an order left. Event <c>stock_shipped</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where from.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="ShipmentId">The shipment's own id, or null.</param>
/// <param name="Backordered">How many of the units were promised as to come, 0 or more; those that were there leave first.</param>
public sealed record StockShipped(string Sku, string Location, string OrderId, int Quantity, string? ShipmentId = null, int Backordered = 0)
    : StockEvent(Sku, Location);
