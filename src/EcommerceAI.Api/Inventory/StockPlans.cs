using EcommerceAI.Api.Http;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Commands;

namespace EcommerceAI.Api.Inventory;

/// <summary>How commands on a stock are carried out.</summary>
internal static class StockPlans
{
    /// <summary>The plan for a command on the stock of the SKU in the path.</summary>
    public static CommandPlan For(string sku, Func<StockCommand> commandOf)
    {
        if (!SkuFormat.TryNormalize(sku, out var normalized))
            return Missing.Plan("unknown_product", $"Product {sku} is not in the catalogue.");
        var command = commandOf();
        return new(StockDecider.Validate(command), (session, expected) => DecideAsync(session, normalized, command, expected));
    }

    private static async Task<CommandDecision> DecideAsync(CommandSession session, string sku, StockCommand command, long? expected)
    {
        var key = Stock.StreamKey(sku, command.Location);
        var stock = await session.LoadAsync(key, Stock.Initial, Stock.Evolve, expected);
        // A stock without its product can still stand from older days; it may be counted down, but nothing new begins. The product is
        // looked at only then: an order holds it while it waits for the stock, and the two would wait for each other.
        if (stock.Sku is null && !(await session.LoadAsync(Product.StreamKey(sku), Product.Initial, Product.Evolve)).Exists)
            return Decision.NotFound("unknown_product", $"Product {sku} is not in the catalogue.").Rejections.ToRefusal();
        var decision = StockDecider.Decide(stock, command);
        return session.Settle(key, decision, () => StandingOf(sku, command.Location, decision.Events.Aggregate(stock, Stock.Evolve)));
    }

    private static StockStanding StandingOf(string sku, string location, Stock stock) =>
        new(sku, location, stock.OnHand, stock.Held, stock.Allocated, stock.Available, stock.Shortfall);
}
