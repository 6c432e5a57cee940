using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.EventSourcing.Commands;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Inventory;

/// <summary>Commands on the stock of a product.</summary>
internal sealed class StockEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var stock = api.MapGroup("/stock/{sku}").WithTags("Inventory");
        stock.MapPost("/receipts", ReceiveAsync).Allow(Roles.Staff).WithName("ReceiveStock").WithSummary("Books goods in.");
        stock.MapPost("/adjustments", AdjustAsync).Allow(Roles.Staff).WithName("AdjustStock").WithSummary("Corrects the stock by a difference, with its reason.");
        stock.MapPost("/counts", CountAsync).Allow(Roles.Staff).WithName("CountStock").WithSummary("Sets the stock to what somebody counted.");
    }

    private static Task<Results<CommandDone<StockStanding>, Refused>> ReceiveAsync(
        string sku, CommandRequest<GoodsReceived> request, CommandEndpoint commands) =>
        commands.ChangeAsync<GoodsReceived, StockStanding>(request, body => PlanFor(sku, () => new ReceiveStock(sku, body.Location, body.Quantity, body.Reference)));

    private static Task<Results<CommandDone<StockStanding>, Refused>> AdjustAsync(
        string sku, CommandRequest<StockDifference> request, CommandEndpoint commands) =>
        commands.ChangeAsync<StockDifference, StockStanding>(
            request, body => PlanFor(sku, () => new AdjustStock(sku, body.Location, body.Quantity, body.Reason, body.Reference)));

    private static Task<Results<CommandDone<StockStanding>, Refused>> CountAsync(
        string sku, CommandRequest<StockCount> request, CommandEndpoint commands) =>
        commands.ChangeAsync<StockCount, StockStanding>(request, body => PlanFor(sku, () => new CountStock(sku, body.Location, body.Quantity)));

    private static CommandPlan PlanFor(string sku, Func<StockCommand> commandOf)
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
        var product = await session.LoadAsync(Product.StreamKey(sku), Product.Initial, Product.Evolve);
        // A stock without its product can still stand from older days; it may be counted down, but nothing new begins.
        if (!product.Exists && stock.Sku is null)
            return Decision.NotFound("unknown_product", $"Product {sku} is not in the catalogue.").Rejections.ToRefusal();
        var decision = StockDecider.Decide(stock, command);
        return session.Settle(
            key, decision, () => new StockStanding(sku, command.Location, decision.Events.Aggregate(stock, Stock.Evolve).OnHand));
    }
}
