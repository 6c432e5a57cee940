using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;

namespace EcommerceAI.Api.Carts;

/// <summary>Whose a cart is. A guest's has no owner: its id is the guest's key to it.</summary>
internal static class CartOwnership
{
    /// <summary>The customer of the cart that the path's <c>id</c> names.</summary>
    public static async ValueTask<Ownership> Of(HttpContext context)
    {
        if (context.Request.RouteValues["id"] is not string id || !IdFormat.IsWellFormed(id)) return Ownership.None;
        var cart = await context.PeekAsync(Cart.StreamKey(id), Cart.Initial, Cart.Evolve);
        return cart.CustomerId is { } customer ? new Ownership(customer) : Ownership.None;
    }
}
