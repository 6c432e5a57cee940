using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Orders;

/// <summary>Commands on confirmed orders: parcels, changes before they leave, money without goods.</summary>
internal sealed class FulfilmentEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var orders = api.MapGroup("/orders/{id}").WithTags("Orders");
        orders.MapPost("/shipments", ShipAsync).Allow(Roles.Staff).WithName("PackShipment")
            .WithSummary("Packs a parcel of a confirmed order; it leaves, with its invoice, once its money is captured.");
        orders.MapPost("/changes", ChangeAsync).Allow(Roles.Staff).WithName("ChangeOrder").WithSummary("Takes units off an order before they leave.");
        orders.MapPost("/refunds", RefundAsync).Allow(Roles.Staff).WithName("RefundOrder").WithSummary("Gives money back without goods, with a credit note.");
    }

    private static Task<Results<CommandCreated<ShipmentPacked>, Refused>> ShipAsync(
        string id, CommandRequest<NewShipment> request, CommandEndpoint commands, OrderChangesPlan changes, OrderPayments payments) =>
        commands.CreateAsync<NewShipment, ShipmentPacked>(
            request,
            body => changes.For(
                new PackShipment(id, Guid.CreateVersion7().ToString(), body.Location ?? OrderPlacement.DefaultLocation, body.Lines?.ToUnits()),
                (@event, settlement) => @event is OrderShipmentPacked packed
                    ? new ShipmentPacked(id, packed.ShipmentId, packed.Lines, packed.Amount, settlement.Order.Parcel is null)
                    : throw new InvalidOperationException("Packing decides on a parcel.")),
            _ => $"/v1/orders/{id}",
            async packed => packed with { HasLeft = await payments.TryAdvanceAsync(id) is { } now && HasLeft(now.Order, packed.ShipmentId) });

    private static Task<Results<CommandDone<OrderChanged>, Refused>> ChangeAsync(
        string id, CommandRequest<OrderChange> request, CommandEndpoint commands, OrderChangesPlan changes) =>
        commands.ChangeAsync<OrderChange, OrderChanged>(
            request,
            body => changes.For(
                new CancelOrderLines(id, Guid.CreateVersion7().ToString(), body.Lines.ToUnits(), body.Reason),
                (@event, settlement) => @event is OrderLinesCancelled less
                    ? new OrderChanged(id, less.ChangeId, less.Amount)
                    : new OrderChanged(id, null, settlement.Order.RemainingTotal())));

    private static Task<Results<CommandCreated<OrderChanged>, Refused>> RefundAsync(
        string id, CommandRequest<NewRefund> request, CommandEndpoint commands, OrderChangesPlan changes) =>
        commands.CreateAsync<NewRefund, OrderChanged>(
            request,
            body => changes.For(
                new RefundOrder(id, Guid.CreateVersion7().ToString(), body.Amount, body.Reason),
                (@event, _) => @event is OrderRefunded refunded
                    ? new OrderChanged(id, refunded.RefundId, refunded.Amount)
                    : throw new InvalidOperationException("A refund decides on a refund.")),
            _ => $"/v1/orders/{id}");

    private static bool HasLeft(Order order, string shipmentId) =>
        order.Parcel?.ShipmentId != shipmentId && order.ShipmentIds.Contains(shipmentId, StringComparer.Ordinal)
        && !order.DroppedIds.Contains(shipmentId, StringComparer.Ordinal);
}

/// <summary>Where bodies meet the domain.</summary>
internal static class GoodsExtensions
{
    /// <summary>The units of a body as a command takes them.</summary>
    public static ReturnOrderLine[] ToUnits(this IReadOnlyList<Goods> goods) => [.. goods.Select(line => new ReturnOrderLine(line.Sku, line.Quantity))];
}
