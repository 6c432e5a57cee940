namespace EcommerceAI.Commerce.Inventory;

/// <summary>Decides on what terms a stock is sold.</summary>
internal static class TermsDecider
{
    public static Decision Set(Stock state, string sku, SetStockTerms command)
    {
        var terms = new StockTerms(command.SafetyStock, command.Policy, command.Limit, command.Date);
        return terms == state.Terms
            ? Decision.Accept()
            : Decision.Accept(new StockTermsSet(sku, command.Location, terms.SafetyStock, terms.Policy, terms.Limit, terms.Date));
    }

    public static Decision SetAside(Stock state, string sku, SetStockAside command)
    {
        var change = command.Quantity - state.Shares.GetValueOrDefault(command.Channel);
        if (change == 0) return Decision.Accept();
        // Only what nobody has yet can be given to a channel; what it gives back is everybody's.
        return change > state.Available
            ? Decision.Reject("insufficient_stock", HoldDecider.Shortage(sku, command.Location, state.Available, change), "quantity")
            : Decision.Accept(new StockSetAside(sku, command.Location, command.Channel, command.Quantity, change));
    }

    public static Decision Expect(Stock state, string sku, ExpectStock command)
    {
        var reference = command.Reference.Trim();
        return Decision.Accept(new StockExpected(
            sku, command.Location, reference, command.Quantity, command.Quantity - state.Deliveries.GetValueOrDefault(reference), command.ExpectedOn));
    }
}
