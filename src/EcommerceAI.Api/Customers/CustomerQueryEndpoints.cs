using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Projections.Storefront.Customers;
using EcommerceAI.Projections.Storefront.Orders;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Customers;

/// <summary>Queries for customers.</summary>
internal sealed class CustomerQueryEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var customers = api.MapGroup("/customers/{id}").WithTags("Customers");
        customers.MapGet("", FindAsync).AllowOwner(Roles.Staff, CustomerOwnership.Of).WithName("GetCustomer").WithSummary("A customer's profile.");
        customers.MapGet("/orders", ListOrdersAsync).AllowOwner(Roles.Staff, CustomerOwnership.Of).WithName("ListCustomerOrders").WithSummary("A customer's orders, newest first, a page at a time.");
    }

    private static Task<Results<ResourceAnswer<CustomerProfile>, Refused>> FindAsync(
        string id, QueryRequest request, QueryEndpoint queries, CustomerQueries customers) =>
        queries.FindAsync(
            request, [CustomerQueries.ProjectionName],
            cancellation => customers.FindAsync(id, cancellation),
            (profile, position) => new ResourceAnswer<CustomerProfile>(profile, position, profile.Version, showsMore: false),
            () => Unknown(id));

    private static async Task<Results<QueryAnswer<Page<OrderSummary>>, Refused>> ListOrdersAsync(
        string id, QueryRequest request, QueryEndpoint queries, CustomerQueries customers, OrderQueries orders,
        int? limit = null, string? cursor = null)
    {
        var query = $"customers/{id}/orders";
        if (PageRequests.TryRead<HistoryKey>(query, limit, cursor, out var page) is { } wrong) return new Refused(wrong);
        if (await queries.RefuseAsync(request, [OrderQueries.ProjectionName, CustomerQueries.ProjectionName]) is { } refused) return refused;
        var found = await orders.ListByCustomerAsync(id, page.After, page.Size, request.Aborted);
        if (found.Value.Items.Count == 0 && (await customers.FindAsync(id, request.Aborted)).Value is null) return new Refused(Unknown(id));
        var answer = found.ToPage(query);
        return new QueryAnswer<Page<OrderSummary>>(answer.Value, answer.Position);
    }

    private static ProblemHttpResult Unknown(string id) => Problems.NotFound("unknown_customer", $"There is no customer {id}.");
}
