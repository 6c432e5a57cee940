using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.FlashSales;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.FlashSales;

/// <summary>Commands on drops.</summary>
internal sealed class FlashSaleEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var drops = api.MapGroup("/flash-sales").WithTags("Flash sales");
        drops.MapPost("", ScheduleAsync).Allow(Roles.Operator).WithName("ScheduleDrop")
            .WithSummary("Announces a drop and sets its units apart in the stock, both or neither.");
        drops.MapPost("/{id}/reservations", ReserveAsync).Allow(Roles.Staff | Roles.Shopper | Roles.Agent).WithName("ReserveUnits")
            .WithSummary("Holds units for a customer, first come, first held; the same reservation id gets the same answer.");
        drops.MapPost("/{id}/reservations/{reservationId}/release", GiveBackAsync).AllowOwner(Roles.Staff, ReservationOwnership.Of).WithName("GiveBackUnits")
            .WithSummary("Gives a reservation up, so that somebody else gets its units.");
        drops.MapPost("/{id}/reservations/{reservationId}/purchase", BuyAsync).AllowOwner(Roles.Staff, ReservationOwnership.Of).WithName("BuyUnits")
            .WithSummary("Promises what is held to an order, in the drop and in the stock, both or neither.");
    }

    private static Task<Results<CommandCreated<DropAnnounced>, Refused>> ScheduleAsync(CommandRequest<NewDrop> request, CommandEndpoint commands) =>
        commands.CreateAsync<NewDrop, DropAnnounced>(
            request,
            body => DropPlans.Schedule(new ScheduleDrop(
                body.DropId, body.Sku, body.Location, body.Quantity, body.StartsAt, body.EndsAt, body.LimitPerCustomer, body.HoldSeconds, body.QueueLimit)),
            announced => $"/v1/flash-sales/{announced.DropId}");

    private static Task<Results<CommandCreated<ReservationTaken>, Refused>> ReserveAsync(
        string id, CommandRequest<NewReservation> request, CommandEndpoint commands, TimeProvider time) =>
        commands.CreateAsync<NewReservation, ReservationTaken>(
            request,
            body => DropPlans.For(
                    id, body.ReservationId, time, at => new ReserveUnits(id, body.ReservationId, body.CustomerId, body.Quantity, body.Wait, at))
                .Unless(request.Caller.RefuseActingFor(body.CustomerId, "customerId")),
            taken => $"/v1/flash-sales/{id}/reservations/{taken.ReservationId}");

    private static Task<Results<CommandDone<ReservationTaken>, Refused>> GiveBackAsync(
        string id, string reservationId, CommandRequest<GiveBack> request, CommandEndpoint commands, TimeProvider time) =>
        commands.ChangeAsync<GiveBack, ReservationTaken>(
            request, body => DropPlans.For(id, reservationId, time, at => new GiveBackUnits(id, reservationId, at, body.Reason)));

    private static Task<Results<CommandDone<ReservationTaken>, Refused>> BuyAsync(
        string id, string reservationId, CommandRequest<Purchase> request, CommandEndpoint commands, TimeProvider time) =>
        commands.ChangeAsync<Purchase, ReservationTaken>(
            request, body => DropPlans.Buy(id, reservationId, time, at => new BuyUnits(id, reservationId, body.OrderId, at)));
}
