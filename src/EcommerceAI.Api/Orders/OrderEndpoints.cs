using EcommerceAI.Api.Carts;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Orders;

/// <summary>Commands on orders.</summary>
internal sealed class OrderEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var orders = api.MapGroup("/orders").WithTags("Orders");
        orders.MapPost("", PlaceAsync).Allow(Roles.Everybody).WithName("PlaceOrder")
            .WithSummary("Places an order at the catalogue's prices and takes its goods from stock, all of it or nothing.");
        orders.MapPost("/{id}/cancellation", CancelAsync).AllowOwner(Roles.Staff, OrderOwnership.Of).WithName("CancelOrder")
            .WithSummary("Calls a whole order off: its goods are free again, its money is let go or given back.");
        orders.MapPost("/{id}/returns", ReturnAsync).Allow(Roles.Staff).WithName("ReturnGoods")
            .WithSummary("Takes goods of an order back, into stock or written off, and gives back what was paid for them.");
        api.MapPost("/carts/{id}/order", OrderCartAsync).WithTags("Checkout").AllowOwner(Roles.Staff, CartOwnership.Of).WithName("OrderCart")
            .WithSummary("Places the order of a cart: prices it, allocates its goods and has its payment authorised.");
    }

    private static Task<Results<CommandCreated<OrderTaken>, Refused>> PlaceAsync(
        CommandRequest<NewOrder> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewOrder, OrderTaken>(
            request,
            body => OrderPlacement.Plan(Guid.CreateVersion7().ToString(), body with { CustomerId = body.CustomerId ?? request.Caller.CustomerId }, request.Caller),
            taken => $"/v1/orders/{taken.OrderId}");

    private static Task<Results<CommandDone<OrderCalledOff>, Refused>> CancelAsync(
        string id, CommandRequest<Cancellation> request, CommandEndpoint commands, OrderChangesPlan changes) =>
        commands.ChangeAsync<Cancellation, OrderCalledOff>(
            request, body => changes.For(new CancelOrder(id, body.Reason), (_, _) => new OrderCalledOff(id)));

    private static Task<Results<CommandCreated<ReturnTaken>, Refused>> ReturnAsync(
        string id, CommandRequest<NewReturn> request, CommandEndpoint commands, OrderChangesPlan changes) =>
        commands.CreateAsync<NewReturn, ReturnTaken>(
            request,
            body => changes.For(
                new ReturnOrder(id, Guid.CreateVersion7().ToString(), body.Lines.ToUnits(), body.Reason, body.WriteOff),
                (@event, _) => @event is OrderReturned returned
                    ? new ReturnTaken(id, returned.ReturnId, returned.Lines, returned.Refund)
                    : throw new InvalidOperationException("A return decides on a return.")),
            _ => $"/v1/orders/{id}");

    private static Task<Results<CommandCreated<CartOrderTaken>, Refused>> OrderCartAsync(
        string id, CommandRequest<CartOrder> request, CommandEndpoint commands, CheckoutPlacement placement)
    {
        var placed = new PlacedOrder();
        return commands.CreateAsync<CartOrder, CartOrderTaken>(
            request, body => placement.Plan(id, body, placed), taken => $"/v1/orders/{taken.OrderId}", taken => placement.AwaitPaymentAsync(taken, placed));
    }
}
