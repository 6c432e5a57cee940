namespace EcommerceAI.Commerce.Inventory;

/// <summary>Whether units are sold that are not there.</summary>
public enum BackorderPolicy
{
    /// <summary>Only what is there is sold.</summary>
    None,

    /// <summary>What runs out is sold on and sent when it has come.</summary>
    Backorder,

    /// <summary>Sold before its day; nothing is picked or leaves before it, be it there or not.</summary>
    PreOrder,
}

/// <summary>On what terms the stock of a SKU at a location is sold.</summary>
/// <param name="SafetyStock">Units that are not promised to anybody, 0 or more: what the books may be wrong by.</param>
/// <param name="Policy">Whether units are sold that are not there.</param>
/// <param name="Limit">The most units that may be promised beyond what is there, over all orders, 0 or more.</param>
/// <param name="Date">
/// A backorder's goods are expected by this day, and from the day after it no more are taken; a pre-order's are sold out of hand from this
/// day on. Null for a backorder without a promise.
/// </param>
public sealed record StockTerms(int SafetyStock = 0, BackorderPolicy Policy = BackorderPolicy.None, int Limit = 0, DateOnly? Date = null)
{
    /// <summary>Sold out of hand, all that is there.</summary>
    public static StockTerms Plain { get; } = new();

    /// <summary>The most units that may be promised beyond what is there, as of a day.</summary>
    /// <param name="today">The day.</param>
    public int LimitOn(DateOnly today) => Policy switch
    {
        BackorderPolicy.Backorder when Date is null || today <= Date => Limit,
        BackorderPolicy.PreOrder when today < Date => Limit,
        _ => 0,
    };

    /// <summary>Whether goods may leave on a day.</summary>
    /// <param name="today">The day.</param>
    public bool IsReleasedOn(DateOnly today) => Policy != BackorderPolicy.PreOrder || today >= Date;
}
