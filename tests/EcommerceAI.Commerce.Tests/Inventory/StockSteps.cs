using EcommerceAI.Commerce.Inventory;
using Shouldly;

namespace EcommerceAI.Commerce.Tests.Inventory;

/// <summary>Stock commands one after another.</summary>
internal static class StockSteps
{
    /// <summary>The stock after a command that must be accepted.</summary>
    public static Stock After(this Stock stock, StockCommand command)
    {
        var decision = StockDecider.Decide(stock, command);
        decision.Rejections.ShouldBeEmpty();
        return decision.Events.Aggregate(stock, Stock.Evolve);
    }

    public static void ShouldChangeNothing(this Decision decision)
    {
        decision.Rejections.ShouldBeEmpty();
        decision.Events.ShouldBeEmpty();
    }
}
