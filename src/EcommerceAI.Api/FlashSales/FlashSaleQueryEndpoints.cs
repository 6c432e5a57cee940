using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Projections.Storefront.FlashSales;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.FlashSales;

/// <summary>Queries for drops.</summary>
internal sealed class FlashSaleQueryEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var drops = api.MapGroup("/flash-sales/{id}").WithTags("Flash sales");
        drops.MapGet("", FindAsync).Allow(Roles.Everybody).WithName("GetDrop").WithSummary("A drop and what is left of it.");
        drops.MapGet("/reservations/{reservationId}", FindReservationAsync).AllowOwner(Roles.Staff, ReservationOwnership.Of).WithName("GetReservation").WithSummary("How a reservation stands.");
    }

    private static Task<Results<ResourceAnswer<DropView>, Refused>> FindAsync(
        string id, QueryRequest request, QueryEndpoint queries, DropQueries drops) =>
        queries.FindAsync(
            request, [DropQueries.ProjectionName],
            cancellation => drops.FindAsync(id, cancellation),
            (drop, position) => new ResourceAnswer<DropView>(drop, position, drop.Version, showsMore: false),
            () => Problems.NotFound("unknown_drop", $"There is no drop {id}."));

    private static Task<Results<ResourceAnswer<DropReservationView>, Refused>> FindReservationAsync(
        string id, string reservationId, QueryRequest request, QueryEndpoint queries, DropQueries drops) =>
        queries.FindAsync(
            request, [DropQueries.ProjectionName],
            cancellation => drops.FindReservationAsync(id, reservationId, cancellation),
            (reservation, position) => new ResourceAnswer<DropReservationView>(reservation, position, reservation.Version, showsMore: true),
            () => Problems.NotFound("unknown_reservation", $"There is no reservation {reservationId} in drop {id}."));
}
