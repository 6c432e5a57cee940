using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
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
            .WithSummary("Calls a whole order off and puts its goods back into stock.");
        orders.MapPost("/{id}/returns", ReturnAsync).Allow(Roles.Staff).WithName("ReturnGoods")
            .WithSummary("Takes goods of an order back into stock and gives back what was paid for them.");
    }

    private static Task<Results<CommandCreated<OrderTaken>, Refused>> PlaceAsync(
        CommandRequest<NewOrder> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewOrder, OrderTaken>(
            request,
            body => OrderPlacement.Plan(Guid.CreateVersion7().ToString(), body with { CustomerId = body.CustomerId ?? request.Caller.CustomerId }, request.Caller),
            taken => $"/v1/orders/{taken.OrderId}");

    private static Task<Results<CommandDone<OrderCalledOff>, Refused>> CancelAsync(
        string id, CommandRequest<Cancellation> request, CommandEndpoint commands) =>
        commands.ChangeAsync<Cancellation, OrderCalledOff>(
            request, body => PlanFor<OrderCancelled>(new CancelOrder(id, body.Reason), _ => new OrderCalledOff(id)));

    private static Task<Results<CommandCreated<ReturnTaken>, Refused>> ReturnAsync(
        string id, CommandRequest<NewReturn> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewReturn, ReturnTaken>(
            request,
            body => PlanFor<OrderReturned>(
                new ReturnOrder(
                    id, Guid.CreateVersion7().ToString(), [.. body.Lines.Select(line => new ReturnOrderLine(line.Sku, line.Quantity))], body.Reason),
                returned => new ReturnTaken(id, returned.ReturnId, returned.Lines, returned.Refund)),
            _ => $"/v1/orders/{id}");

    /// <summary>A command on an order that was placed: what it decides moves stock in the same append.</summary>
    private static CommandPlan PlanFor<TEvent>(OrderCommand command, Func<TEvent, object> reply)
        where TEvent : OrderEvent
    {
        if (!IdFormat.IsWellFormed(command.OrderId))
            return Missing.Plan("unknown_order", $"There is no order {command.OrderId}.");
        return new(OrderDecider.Validate(command), async (session, expected) =>
        {
            var order = await session.LoadAsync(Order.StreamKey(command.OrderId), Order.Initial, Order.Evolve, expected);
            var decision = OrderDecider.Decide(order, command);
            return decision.Events is [TEvent @event]
                ? await StockMovement.SettleAsync(session, order, @event, sku => null, () => reply(@event))
                : decision.Rejections.ToRefusal();
        });
    }
}
