using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Projections.Storefront.Sales;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Sales;

/// <summary>Queries for sales figures.</summary>
internal sealed class SalesEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/sales", ListAsync).WithTags("Sales").Allow(Roles.Staff).WithName("ListSales")
            .WithSummary("Sales figures by day, by country or by both, a page at a time.");

    /// <param name="request">Consistent-After.</param>
    /// <param name="queries">Answers.</param>
    /// <param name="sales">The read model.</param>
    /// <param name="from">The first day, UK time; from the beginning where none is given.</param>
    /// <param name="to">The last day, included; to the end where none is given.</param>
    /// <param name="country">Only this country.</param>
    /// <param name="by">What figures are summed by: day (the default), country or dayAndCountry.</param>
    /// <param name="limit">Rows of a page, 1 to 100; 20 where none is given.</param>
    /// <param name="cursor">The nextCursor of the page before.</param>
    private static async Task<Results<QueryAnswer<Page<SalesFigures>>, Refused>> ListAsync(
        QueryRequest request, QueryEndpoint queries, SalesQueries sales,
        DateOnly? from = null, DateOnly? to = null, string? country = null, string? by = null,
        int? limit = null, string? cursor = null)
    {
        if (Choices.TryRead<SalesGrouping>("by", by, out var grouping) is { } unknown) return new Refused(unknown);
        var (first, last) = (from ?? DateOnly.MinValue, to ?? DateOnly.MaxValue);
        if (first > last) return new Refused(Problems.InvalidParameter("from", "out_of_range", $"from is {first:O}, which is after to, {last:O}."));
        var query = $"sales?from={first:O}&to={last:O}&by={grouping}&country={country}";
        if (PageRequests.TryRead<SalesKey>(query, limit, cursor, out var page) is { } wrong) return new Refused(wrong);
        return await queries.AnswerAsync(
            request, [SalesQueries.ProjectionName],
            async cancellation => (await sales.ListAsync(first, last, country, grouping, page.After, page.Size, cancellation)).ToPage(query));
    }
}
