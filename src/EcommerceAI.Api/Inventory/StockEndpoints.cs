using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.Inventory;
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
        commands.ChangeAsync<GoodsReceived, StockStanding>(request, body => StockPlans.For(sku, () => new ReceiveStock(sku, body.Location, body.Quantity, body.Reference)));

    private static Task<Results<CommandDone<StockStanding>, Refused>> AdjustAsync(
        string sku, CommandRequest<StockDifference> request, CommandEndpoint commands) =>
        commands.ChangeAsync<StockDifference, StockStanding>(
            request, body => StockPlans.For(sku, () => new AdjustStock(sku, body.Location, body.Quantity, body.Reason, body.Reference)));

    private static Task<Results<CommandDone<StockStanding>, Refused>> CountAsync(
        string sku, CommandRequest<StockCount> request, CommandEndpoint commands) =>
        commands.ChangeAsync<StockCount, StockStanding>(request, body => StockPlans.For(sku, () => new CountStock(sku, body.Location, body.Quantity)));
}
