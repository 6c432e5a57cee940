namespace EcommerceAI.Commerce.Inventory;

/// <summary>Promises units to an order. Asked again for the same order and quantity it changes nothing.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where they are to leave from.</param>
/// <param name="OrderId">The order (or the part of it that leaves from here): its id makes the command safe to send again.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="HoldId">A hold whose units become the order's; one that is no more counts as none. Null for none.</param>
/// <param name="Channel">The channel or shop that sells, which may use what is set apart for it; null for the hold's, or none.</param>
/// <param name="Backorder">Whether the order takes units that are still to come, within the terms of this stock.</param>
/// <param name="At">Now; needed with <paramref name="Backorder"/>, whose date may have passed.</param>
/// <param name="Keeps">
/// Whether the units were promised to the order before and are promised on: it keeps them also where a count has found fewer since.
/// </param>
public sealed record AllocateStock(
    string Sku, string Location, string OrderId, int Quantity, string? HoldId = null, string? Channel = null, bool Backorder = false,
    DateTimeOffset? At = null, bool Keeps = false) : StockCommand(Sku, Location);

/// <summary>
/// Takes back what was promised to an order and has not left. Where nothing was promised yet, nothing will be: an allocation that was
/// still on its way is refused when it comes.
/// </summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record DeallocateStock(string Sku, string Location, string OrderId, string Reason) : StockCommand(Sku, Location);

/// <summary>Takes units of an order from the shelf, to wait for their parcel.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="PickId">The pick's own id, which makes the command safe to send again; null where every command is a pick of its own.</param>
/// <param name="At">Now, so that a pre-order is not picked before its day; null where that is not to be looked at.</param>
public sealed record PickStock(
    string Sku, string Location, string OrderId, int Quantity, string? PickId = null, DateTimeOffset? At = null) : StockCommand(Sku, Location);

/// <summary>Lets units of an order leave, those picked first.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where from.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="ShipmentId">The shipment's own id, which makes the command safe to send again; null where every command is a shipment of its own.</param>
/// <param name="At">Now, so that a pre-order does not leave before its day; null where that is not to be looked at.</param>
public sealed record ShipStock(
    string Sku, string Location, string OrderId, int Quantity, string? ShipmentId = null, DateTimeOffset? At = null) : StockCommand(Sku, Location);
