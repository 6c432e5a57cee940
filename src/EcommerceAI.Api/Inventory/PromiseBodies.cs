using EcommerceAI.Commerce.Inventory;

namespace EcommerceAI.Api.Inventory;

/// <summary>Units to be kept for a while.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="HoldId">An id of the client's making, 1 to 64 of A-Z a-z 0-9 . _ -.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="ExpiresAt">Until when, at most 30 days from now.</param>
/// <param name="Channel">The channel or shop that sells, or null.</param>
public sealed record NewHold(string Location, string HoldId, int Quantity, DateTimeOffset ExpiresAt, string? Channel = null);

/// <summary>Why something is given up.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record StockRelease(string Location, string Reason);

/// <summary>Units to be promised to an order.</summary>
/// <param name="Location">Where they are to leave from.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="HoldId">A hold whose units become the order's, or null.</param>
/// <param name="Channel">The channel or shop that sells, or null.</param>
/// <param name="Backorder">Whether units may still be to come.</param>
public sealed record NewAllocation(
    string Location, string OrderId, int Quantity, string? HoldId = null, string? Channel = null, bool Backorder = false);

/// <summary>Units that are taken from the shelf for an order, or leave with it.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="Reference">The pick's or shipment's own id, which makes it safe to send again; null where it has none.</param>
public sealed record StockLeaving(string Location, int Quantity, string? Reference = null);

/// <summary>The terms that a stock is sold on.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="SafetyStock">Units that are not promised to anybody, 0 to 1,000,000.</param>
/// <param name="Policy">None, Backorder or PreOrder.</param>
/// <param name="Limit">The most units that may be promised beyond what is there.</param>
/// <param name="Date">Until when backorders are expected, or the day of a pre-order.</param>
public sealed record NewTerms(string Location, int SafetyStock = 0, string Policy = nameof(BackorderPolicy.None), int Limit = 0, DateOnly? Date = null);

/// <summary>Units to be set apart.</summary>
/// <param name="Location">Warehouse or shop.</param>
/// <param name="Channel">The channel or shop that they are for.</param>
/// <param name="Quantity">Units that are left to it from now on, 0 to 1,000,000.</param>
public sealed record NewShare(string Location, string Channel, int Quantity);

/// <summary>What is to come.</summary>
/// <param name="Location">Where it will come in.</param>
/// <param name="Reference">The purchase order or transfer, 1 to 200 characters.</param>
/// <param name="Quantity">Units still to come with it, 0 to 1,000,000.</param>
/// <param name="ExpectedOn">When, or null where nobody knows.</param>
public sealed record NewDelivery(string Location, string Reference, int Quantity, DateOnly? ExpectedOn = null);
