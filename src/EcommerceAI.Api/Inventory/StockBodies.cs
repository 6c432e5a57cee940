namespace EcommerceAI.Api.Inventory;

/// <summary>Goods that came in.</summary>
/// <param name="Location">Warehouse or shop: a slug of 1 to 40 of a-z 0-9 with single dashes inside.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="Reference">Delivery note or purchase order of at most 200 characters, or null.</param>
public sealed record GoodsReceived(string Location, int Quantity, string? Reference = null);

/// <summary>A correction.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="Quantity">Signed difference in units, -1,000,000 to 1,000,000, not 0.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
/// <param name="Reference">The document that says so, of at most 200 characters, or null.</param>
public sealed record StockDifference(string Location, int Quantity, string Reason, string? Reference = null);

/// <summary>What somebody counted.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="Quantity">Units on hand, 0 or more.</param>
public sealed record StockCount(string Location, int Quantity);

/// <summary>What stands at a location after a command.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="OnHand">Units on hand.</param>
/// <param name="Held">Units that are kept for somebody for a while.</param>
/// <param name="Allocated">Units that are promised to orders and have not left.</param>
/// <param name="Available">Units that anybody can be promised now.</param>
/// <param name="Shortfall">Promised units that are not on hand.</param>
public sealed record StockStanding(
    string Sku, string Location, long OnHand, long Held = 0, long Allocated = 0, long Available = 0, long Shortfall = 0);
