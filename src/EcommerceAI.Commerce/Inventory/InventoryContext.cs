namespace EcommerceAI.Commerce.Inventory;

/// <summary>What stands where, and to whom it is promised.</summary>
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
            ["stock_held"] = typeof(StockHeld),
            ["stock_hold_extended"] = typeof(StockHoldExtended),
            ["stock_hold_released"] = typeof(StockHoldReleased),
            ["stock_allocated"] = typeof(StockAllocated),
            ["stock_deallocated"] = typeof(StockDeallocated),
            ["stock_picked"] = typeof(StockPicked),
            ["stock_shipped"] = typeof(StockShipped),
            ["stock_terms_set"] = typeof(StockTermsSet),
            ["stock_set_aside"] = typeof(StockSetAside),
            ["stock_expected"] = typeof(StockExpected),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["stock"] = StateFold.Of(Stock.Initial, Stock.Evolve),
        });
}
