using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;

namespace EcommerceAI.Api.Orders;

/// <summary>Whose an order is, as its stream has it: a read model may not know yet of one that was placed a moment ago.</summary>
internal static class OrderOwnership
{
    /// <summary>The customer of the order that the path's <c>id</c> names. A guest's has no owner: its id is the guest's key to it.</summary>
    public static async ValueTask<Ownership> Of(HttpContext context)
    {
        if (context.Request.RouteValues["id"] is not string id || !IdFormat.IsWellFormed(id)) return Ownership.None;
        var order = await context.PeekAsync(Order.StreamKey(id), Order.Initial, Order.Evolve);
        return order.CustomerId is { } customer ? new Ownership(customer) : Ownership.None;
    }
}
