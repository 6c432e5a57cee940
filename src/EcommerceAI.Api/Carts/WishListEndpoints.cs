using EcommerceAI.Api.Customers;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Carts;

/// <summary>Commands on wish lists.</summary>
internal sealed class WishListEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapPut("/customers/{id}/wishes/{sku}", WishAsync).WithTags("Carts").AllowOwner(Roles.Staff, CustomerOwnership.Of).WithName("Wish")
            .WithSummary("Puts a product on a customer's wish list, or takes it off.");

    private static Task<Results<CommandDone<WishListStanding>, Refused>> WishAsync(
        string id, string sku, CommandRequest<Wish> request, CommandEndpoint commands) =>
        commands.ChangeAsync<Wish, WishListStanding>(request, body => PlanFor(id, sku, body.Wished));

    private static CommandPlan PlanFor(string id, string sku, bool wished)
    {
        if (!IdFormat.IsWellFormed(id)) return Missing.Plan("unknown_customer", $"There is no customer {id}.");
        if (!SkuFormat.TryNormalize(sku, out var normalized)) return Missing.Plan("unknown_product", $"Product {sku} is not in the catalogue.");
        return new([], async (session, expected) =>
        {
            var list = await session.LoadAsync(WishList.StreamKey(id), WishList.Initial, WishList.Evolve, expected);
            var customer = await session.LoadAsync(Customer.StreamKey(id), Customer.Initial, Customer.Evolve);
            if (!customer.Exists) return Decision.NotFound("unknown_customer", $"There is no customer {id}.").Rejections.ToRefusal();
            var product = await session.LoadAsync(Product.StreamKey(normalized), Product.Initial, Product.Evolve);
            if (!product.Exists) return Decision.NotFound("unknown_product", $"Product {normalized} is not in the catalogue.").Rejections.ToRefusal();
            var decision = WishList.Decide(list, id, normalized, wished);
            return session.Settle(
                WishList.StreamKey(id), decision, () => new WishListStanding(id, decision.Events.Aggregate(list, WishList.Evolve).Skus.Count));
        });
    }
}
