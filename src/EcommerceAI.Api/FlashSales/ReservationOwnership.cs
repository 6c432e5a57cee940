using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce.FlashSales;

namespace EcommerceAI.Api.FlashSales;

/// <summary>Whose a reservation is.</summary>
internal static class ReservationOwnership
{
    /// <summary>The customer of the reservation that the path names by <c>id</c> and <c>reservationId</c>.</summary>
    public static async ValueTask<Ownership> Of(HttpContext context)
    {
        var values = context.Request.RouteValues;
        if (values["id"] is not string id || !Drop.IsId(id) || values["reservationId"] is not string reservation) return new Ownership(null);
        var drop = await context.PeekAsync(Drop.StreamKey(id), Drop.Initial, Drop.Evolve);
        return new Ownership(drop.Reservations.GetValueOrDefault(reservation)?.CustomerId);
    }
}
