using System.Globalization;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Search.Documents;
using EcommerceAI.Projections.Search.Feed;
using EcommerceAI.Search.Queries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Search;

/// <summary>Search over the catalogue.</summary>
internal sealed class SearchEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/search", SearchAsync).WithTags("Search").Allow(Roles.Everybody).WithName("Search")
            .WithSummary("Searches the catalogue by words and by meaning; each hit says why it was found.");

    /// <param name="request">Consistent-After.</param>
    /// <param name="searcher">The engines.</param>
    /// <param name="feed">How far the engines have come.</param>
    /// <param name="models">The read models, for what a hit shows.</param>
    /// <param name="options">How long to wait for the engines.</param>
    /// <param name="q">The words as typed; may be left out where a cursor is given.</param>
    /// <param name="limit">Hits of a page, 1 to 100; 20 where none is given.</param>
    /// <param name="cursor">The nextCursor of the page before.</param>
    private static async Task<Results<QueryAnswer<SearchView>, Refused>> SearchAsync(
        QueryRequest request, HybridSearcher searcher, SearchFeed feed, ReadModels models, IOptions<QueryOptions> options,
        string? q = null, int? limit = null, string? cursor = null)
    {
        if (request.Refusal is { } unreadable) return new Refused(unreadable);
        if (request.ConsistentAfter > 0 && !await feed.WaitForAsync(request.ConsistentAfter, options.Value.Patience, request.Aborted))
            return QueryEndpoint.Behind("search", request.ConsistentAfter);
        // Read before the search: the engines may know more by the time they answer, never less.
        var position = Math.Max(0, feed.Position);
        var search = new SearchRequest { Text = q, Cursor = cursor };
        if (limit is { } size) search = search with { PageSize = size };
        var outcome = await searcher.SearchAsync(search, request.Aborted);
        if (outcome is SearchRefused refused) return Word(refused);
        var page = (SearchPage)outcome;
        var products = await ProductDocument.FindAsync(models, [.. page.Hits.Select(hit => hit.Id)], request.Aborted);
        return new QueryAnswer<SearchView>(
            new SearchView(
                page.Total, [.. page.Hits.Select(hit => Describe(hit, products.Value.GetValueOrDefault(hit.Id)))], page.NextCursor, page.Degraded),
            position);
    }

    private static ProductHit Describe(SearchHit hit, ProductDocument? product) => new(
        hit.Id, product?.Title, product?.Category,
        product is { Price: { } amount, Currency: { } currency } ? new UnitPrice(amount, currency) : null,
        hit.Score, hit.IsCode, hit.Text, hit.Vector, hit.MatchedWords);

    private static Refused Word(SearchRefused refused) => refused.Field is { } field
        ? new Refused(Problems.InvalidParameter(
            field switch { "text" => "q", "pageSize" => "limit", _ => field }, refused.Code, refused.Message))
        : new Refused(
            Problems.Result(StatusCodes.Status503ServiceUnavailable, refused.Code, refused.Message),
            ("Retry-After", 1.ToString(CultureInfo.InvariantCulture)));
}

/// <summary>One page of a search's hits.</summary>
/// <param name="Total">How many hits the whole result set has.</param>
/// <param name="Items">The hits of this page, best first.</param>
/// <param name="NextCursor">Where the next page begins, or null on the last.</param>
/// <param name="Degraded">The legs that are missing from this answer, and why; empty when all is well.</param>
public sealed record SearchView(int Total, IReadOnlyList<ProductHit> Items, string? NextCursor, IReadOnlyList<DegradedLeg> Degraded);

/// <summary>A product that a search found.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Title">What shoppers read; null for a product that has just gone.</param>
/// <param name="Category">Category name, or null.</param>
/// <param name="Price">List price of one unit, or null where none is known.</param>
/// <param name="Score">The fused score; comparable within one search only.</param>
/// <param name="IsCode">True where the query names the SKU; such hits come first.</param>
/// <param name="Text">Rank and score in the keyword leg, or null where it did not find the product.</param>
/// <param name="Vector">Rank and cosine in the vector leg, or null where it did not find the product.</param>
/// <param name="MatchedWords">The words of the query that the product's texts hold.</param>
public sealed record ProductHit(
    string Sku, string? Title, string? Category, UnitPrice? Price, double Score, bool IsCode, LegRank? Text, LegRank? Vector,
    IReadOnlyList<string> MatchedWords);
