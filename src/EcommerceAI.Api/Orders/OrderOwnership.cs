using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Api.Orders;

/// <summary>Whose an order is, as its stream has it: a read model may not know yet of one that was placed a moment ago.</summary>
internal static class OrderOwnership
{
    /// <summary>The customer of the order that the path's <c>id</c> names; nobody's where there is none.</summary>
    public static async ValueTask<Ownership> Of(HttpContext context)
    {
        if (context.Request.RouteValues["id"] is not string id || !IdFormat.IsWellFormed(id)) return Ownership.None;
        var store = context.RequestServices.GetRequiredService<EventStore>();
        var owner = await store.LoadAsync(
            Order.StreamKey(id), "", static (owner, @event) => @event is OrderPlaced placed ? placed.CustomerId ?? "" : owner,
            cancellation: context.RequestAborted);
        return owner.State is { Length: > 0 } customer ? new Ownership(customer) : Ownership.None;
    }
}
