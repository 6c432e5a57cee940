using EcommerceAI.Api.Security;

namespace EcommerceAI.Api.Customers;

/// <summary>A customer's page is that customer's.</summary>
internal static class CustomerOwnership
{
    /// <summary>Whose it is: the path's <c>id</c> says it.</summary>
    public static ValueTask<Ownership> Of(HttpContext context) => new(new Ownership((string?)context.Request.RouteValues["id"]));
}
