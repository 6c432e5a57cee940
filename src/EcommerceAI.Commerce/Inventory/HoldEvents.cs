namespace EcommerceAI.Commerce.Inventory;

/// <summary>Units were kept for somebody until a moment. Event <c>stock_held</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="HoldId">The hold's id, made by whoever asked.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="ExpiresAt">From when on the hold may be taken back.</param>
/// <param name="HeldAt">When it was asked for.</param>
/// <param name="Channel">The channel or shop that it is for, or null.</param>
/// <param name="FromShare">How many of the units came out of what is set apart for that channel, 0 or more.</param>
public sealed record StockHeld(
    string Sku, string Location, string HoldId, int Quantity, DateTimeOffset ExpiresAt, DateTimeOffset HeldAt, string? Channel = null,
    int FromShare = 0) : StockEvent(Sku, Location);

/// <summary>A hold lasts longer. Event <c>stock_hold_extended</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="HoldId">The hold.</param>
/// <param name="ExpiresAt">From when on the hold may be taken back.</param>
public sealed record StockHoldExtended(string Sku, string Location, string HoldId, DateTimeOffset ExpiresAt) : StockEvent(Sku, Location);

/// <summary>A hold ended and its units are free again. Event <c>stock_hold_released</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="HoldId">The hold.</param>
/// <param name="Quantity">Its units.</param>
/// <param name="Reason">Why ("expired", "cart emptied").</param>
/// <param name="Channel">The channel or shop that it was for, or null.</param>
/// <param name="ToShare">How many of the units go back to what is set apart for that channel, 0 or more.</param>
public sealed record StockHoldReleased(
    string Sku, string Location, string HoldId, int Quantity, string Reason, string? Channel = null, int ToShare = 0) : StockEvent(Sku, Location);
