using EcommerceAI.Api.Customers;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Storefront.Carts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Carts;

/// <summary>Queries for carts and wish lists.</summary>
internal sealed class CartQueryEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/carts/{id}", FindAsync).WithTags("Carts").AllowOwner(Roles.Staff, CartOwnership.Of).WithName("GetCart").WithSummary("A cart with its lines and what is put aside for later.");
        api.MapGet("/customers/{id}/wishes", ListWishesAsync).WithTags("Carts").AllowOwner(Roles.Staff, CustomerOwnership.Of).WithName("ListWishes").WithSummary("What a customer wishes for.");
    }

    private static Task<Results<ResourceAnswer<CartView>, Refused>> FindAsync(
        string id, QueryRequest request, QueryEndpoint queries, CartQueries carts) =>
        queries.FindAsync(
            request, [CartQueries.ProjectionName],
            cancellation => carts.FindAsync(id, cancellation),
            (cart, position) => new ResourceAnswer<CartView>(cart, position, cart.Version, showsMore: false),
            () => Problems.NotFound("unknown_cart", $"There is no cart {id}."));

    private static Task<Results<QueryAnswer<WishesView>, Refused>> ListWishesAsync(
        string id, QueryRequest request, QueryEndpoint queries, CartQueries carts) =>
        queries.AnswerAsync(
            request, [CartQueries.ProjectionName],
            async cancellation =>
            {
                var wishes = await carts.ListWishesAsync(id, cancellation);
                return new ReadSnapshot<WishesView>(new WishesView(id, wishes.Value), wishes.Position);
            });
}

/// <summary>What a customer wishes for.</summary>
/// <param name="CustomerId">Whose list it is.</param>
/// <param name="Skus">SKUs in the order they were wished for.</param>
public sealed record WishesView(string CustomerId, IReadOnlyList<string> Skus);
