namespace EcommerceAI.Commerce.Inventory;

/// <summary>
/// Keeps units for somebody until a moment. Asked again under the same id it changes nothing, or lets the hold last longer where a
/// later moment is named.
/// </summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="HoldId">An id of the caller's: it makes the command safe to send again.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="ExpiresAt">From when on the hold may be taken back; after <paramref name="At"/>, at most 30 days.</param>
/// <param name="At">Now.</param>
/// <param name="Channel">The channel or shop that sells, which may use what is set apart for it; null for none.</param>
public sealed record HoldStock(
    string Sku, string Location, string HoldId, int Quantity, DateTimeOffset ExpiresAt, DateTimeOffset At, string? Channel = null)
    : StockCommand(Sku, Location)
{
    /// <summary>The longest that a hold lasts.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(30);
}

/// <summary>Gives a hold up. One that is not there, or is no more, changes nothing.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="HoldId">The hold.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record ReleaseHold(string Sku, string Location, string HoldId, string Reason) : StockCommand(Sku, Location);

/// <summary>Gives every hold up whose time has run out; none changes nothing.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="At">Now.</param>
public sealed record ReleaseExpiredHolds(string Sku, string Location, DateTimeOffset At) : StockCommand(Sku, Location);
