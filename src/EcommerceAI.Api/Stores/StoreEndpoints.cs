using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Projections.Phygital.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Stores;

/// <summary>Queries for what stands in a shop or warehouse.</summary>
internal sealed class StoreEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/stores/{location}/stock", ListAsync).WithTags("Stores").Allow(Roles.Everybody).WithName("ListStoreStock")
            .WithSummary("Lists the stock at a location, in order of the SKU, a page at a time.");

    private static async Task<Results<QueryAnswer<Page<StockLevel>>, Refused>> ListAsync(
        string location, QueryRequest request, QueryEndpoint queries, StockLevelQueries levels, int? limit = null, string? cursor = null)
    {
        if (!LocationFormat.IsWellFormed(location))
            return new Refused(Problems.NotFound("unknown_location", $"{location} is not a location."));
        var query = $"stores/{location}/stock";
        if (PageRequests.TryRead<StockLevelKey>(query, limit, cursor, out var page) is { } wrong) return new Refused(wrong);
        return await queries.AnswerAsync(
            request, [StockLevelQueries.ProjectionName],
            async cancellation => (await levels.ListByLocationAsync(location, page.After, page.Size, cancellation)).ToPage(query));
    }
}
