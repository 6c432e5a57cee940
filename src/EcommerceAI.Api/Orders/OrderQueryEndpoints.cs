using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Projections.Storefront.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Orders;

/// <summary>Queries for orders.</summary>
internal sealed class OrderQueryEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/orders/{id}", FindAsync).WithTags("Orders").AllowOwner(Roles.Staff, OrderOwnership.Of).WithName("GetOrder")
            .WithSummary("An order with its lines, charges and returns.");

    private static Task<Results<ResourceAnswer<OrderDetail>, Refused>> FindAsync(
        string id, QueryRequest request, QueryEndpoint queries, OrderQueries orders) =>
        queries.FindAsync(
            request, [OrderQueries.ProjectionName],
            cancellation => orders.FindAsync(id, cancellation),
            (order, position) => new ResourceAnswer<OrderDetail>(order, position, order.Summary.Version, showsMore: false),
            () => Problems.NotFound("unknown_order", $"There is no order {id}."));
}
