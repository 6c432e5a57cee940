namespace EcommerceAI.Commerce.Inventory;

/// <summary>What stands where.</summary>
public static class InventoryContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Inventory",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["stock_counted"] = typeof(StockCounted),
            ["stock_received"] = typeof(StockReceived),
            ["stock_adjusted"] = typeof(StockAdjusted),
            ["stock_issued"] = typeof(StockIssued),
            ["stock_returned"] = typeof(StockReturned),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["stock"] = StateFold.Of(Stock.Initial, Stock.Evolve),
        });
}
