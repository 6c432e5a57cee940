namespace EcommerceAI.Commerce.Inventory;

/// <summary>The stock of one SKU at one location as its stream tells it.</summary>
/// <param name="Sku">Stock keeping unit, or null before anything happened.</param>
/// <param name="Location">Where, or null before anything happened.</param>
/// <param name="OnHand">
/// Units on hand. Wider than the quantities that change it, so that no history can overflow it; below zero only by a history that
/// no command made, such as an import without its opening count.
/// </param>
public sealed record Stock(string? Sku, string? Location, long OnHand)
{
    /// <summary>The state before the first event.</summary>
    public static Stock Initial { get; } = new(null, null, 0);

    /// <summary>The key of a stock's stream, <c>stock-{sku}@{location}</c>; no SKU contains an <c>@</c>.</summary>
    /// <param name="sku">A SKU in any spelling.</param>
    /// <param name="location">A location.</param>
    /// <exception cref="ArgumentException">One of them is malformed.</exception>
    public static string StreamKey(string sku, string location) => LocationFormat.IsWellFormed(location)
        ? $"stock-{SkuFormat.Normalize(sku)}@{location}"
        : throw new ArgumentException($"'{location}' is not a location.", nameof(location));

    /// <summary>Folds one event into the state; takes any history, also one that goes below zero.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Stock Evolve(Stock state, DomainEvent @event) => @event switch
    {
        StockCounted counted => new Stock(counted.Sku, counted.Location, counted.Quantity),
        StockReceived received => state.Changed(received, received.Quantity),
        StockAdjusted adjusted => state.Changed(adjusted, adjusted.Quantity),
        StockIssued issued => state.Changed(issued, -(long)issued.Quantity),
        StockReturned returned => state.Changed(returned, returned.Quantity),
        _ => state,
    };

    private Stock Changed(StockEvent @event, long difference) => new(@event.Sku, @event.Location, OnHand + difference);
}
