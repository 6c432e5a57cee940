using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.Inventory;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Inventory;

/// <summary>Commands on what of a stock is held, promised, kept back and to come, for operators and for what they build.</summary>
internal sealed class PromiseEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var stock = api.MapGroup("/stock/{sku}").WithTags("Inventory");
        stock.MapPost("/holds", HoldAsync).Allow(Roles.Staff).WithName("HoldStock").WithSummary("Keeps units for somebody until a moment.");
        stock.MapPost("/holds/{holdId}/release", ReleaseAsync).Allow(Roles.Staff).WithName("ReleaseHold").WithSummary("Gives a hold up.");
        stock.MapPost("/allocations", AllocateAsync).Allow(Roles.Staff).WithName("AllocateStock").WithSummary("Promises units to an order.");
        stock.MapPost("/allocations/{orderId}/release", DeallocateAsync).Allow(Roles.Staff).WithName("DeallocateStock")
            .WithSummary("Takes back what was promised to an order and has not left.");
        stock.MapPost("/allocations/{orderId}/picks", PickAsync).Allow(Roles.Staff).WithName("PickStock").WithSummary("Takes units of an order from the shelf.");
        stock.MapPost("/allocations/{orderId}/shipments", ShipAsync).Allow(Roles.Staff).WithName("ShipStock").WithSummary("Lets units of an order leave.");
        stock.MapPut("/terms", SetTermsAsync).Allow(Roles.Staff).WithName("SetStockTerms").WithSummary("Sets safety stock and backorder of a stock.");
        stock.MapPut("/shares", SetAsideAsync).Allow(Roles.Staff).WithName("SetStockAside").WithSummary("Sets units apart for a channel or shop.");
        stock.MapPut("/deliveries", ExpectAsync).Allow(Roles.Staff).WithName("ExpectStock").WithSummary("Says what is to come with a delivery.");
    }

    private static Task<Results<CommandDone<StockStanding>, Refused>> HoldAsync(
        string sku, CommandRequest<NewHold> request, CommandEndpoint commands, TimeProvider time) =>
        ChangeAsync(sku, request, commands, body => new HoldStock(
            sku, body.Location, body.HoldId, body.Quantity, body.ExpiresAt, time.GetUtcNow(), body.Channel));

    private static Task<Results<CommandDone<StockStanding>, Refused>> ReleaseAsync(
        string sku, string holdId, CommandRequest<StockRelease> request, CommandEndpoint commands) =>
        ChangeAsync(sku, request, commands, body => new ReleaseHold(sku, body.Location, holdId, body.Reason));

    private static Task<Results<CommandDone<StockStanding>, Refused>> AllocateAsync(
        string sku, CommandRequest<NewAllocation> request, CommandEndpoint commands, TimeProvider time) =>
        ChangeAsync(sku, request, commands, body => new AllocateStock(
            sku, body.Location, body.OrderId, body.Quantity, body.HoldId, body.Channel, body.Backorder, time.GetUtcNow()));

    private static Task<Results<CommandDone<StockStanding>, Refused>> DeallocateAsync(
        string sku, string orderId, CommandRequest<StockRelease> request, CommandEndpoint commands) =>
        ChangeAsync(sku, request, commands, body => new DeallocateStock(sku, body.Location, orderId, body.Reason));

    private static Task<Results<CommandDone<StockStanding>, Refused>> PickAsync(
        string sku, string orderId, CommandRequest<StockLeaving> request, CommandEndpoint commands, TimeProvider time) =>
        ChangeAsync(sku, request, commands, body => new PickStock(sku, body.Location, orderId, body.Quantity, body.Reference, time.GetUtcNow()), "pickId");

    private static Task<Results<CommandDone<StockStanding>, Refused>> ShipAsync(
        string sku, string orderId, CommandRequest<StockLeaving> request, CommandEndpoint commands, TimeProvider time) =>
        ChangeAsync(sku, request, commands, body => new ShipStock(sku, body.Location, orderId, body.Quantity, body.Reference, time.GetUtcNow()), "shipmentId");

    private static Task<Results<CommandDone<StockStanding>, Refused>> SetTermsAsync(
        string sku, CommandRequest<NewTerms> request, CommandEndpoint commands) =>
        ChangeAsync(sku, request, commands, body => new SetStockTerms(sku, body.Location, body.SafetyStock, PolicyOf(body.Policy), body.Limit, body.Date));

    private static Task<Results<CommandDone<StockStanding>, Refused>> SetAsideAsync(
        string sku, CommandRequest<NewShare> request, CommandEndpoint commands) =>
        ChangeAsync(sku, request, commands, body => new SetStockAside(sku, body.Location, body.Channel, body.Quantity));

    private static Task<Results<CommandDone<StockStanding>, Refused>> ExpectAsync(
        string sku, CommandRequest<NewDelivery> request, CommandEndpoint commands) =>
        ChangeAsync(sku, request, commands, body => new ExpectStock(sku, body.Location, body.Reference, body.Quantity, body.ExpectedOn));

    private static Task<Results<CommandDone<StockStanding>, Refused>> ChangeAsync<TBody>(
        string sku, CommandRequest<TBody> request, CommandEndpoint commands, Func<TBody, StockCommand> commandOf, string reference = "reference")
        where TBody : class =>
        commands.ChangeAsync<TBody, StockStanding>(request, body => StockPlans.For(sku, () => commandOf(body)).Naming(reference, "reference"));

    /// <summary>A name that is none becomes a value that the command's own check names.</summary>
    private static BackorderPolicy PolicyOf(string text) =>
        Enum.GetNames<BackorderPolicy>().Contains(text) ? Enum.Parse<BackorderPolicy>(text) : (BackorderPolicy)(-1);
}
