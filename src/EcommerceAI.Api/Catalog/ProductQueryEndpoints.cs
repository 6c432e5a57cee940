using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Projections.Storefront.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Catalog;

/// <summary>Queries for products.</summary>
internal sealed class ProductQueryEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api)
    {
        var products = api.MapGroup("/products").WithTags("Catalog");
        products.MapGet("", ListAsync).Allow(Roles.Everybody).WithName("ListProducts").WithSummary("Lists the catalogue, a page at a time.");
        products.MapGet("/{sku}", FindAsync).Allow(Roles.Everybody).WithName("GetProduct")
            .WithSummary("A product's page: price and its history, sales by month, what is bought with it, stock on hand.");
    }

    /// <param name="sku">SKU in any spelling.</param>
    /// <param name="request">Consistent-After.</param>
    /// <param name="queries">Answers.</param>
    /// <param name="pages">The pages.</param>
    /// <param name="locale">Language of title and description, such as de or fr-CA; as they were entered where it has none.</param>
    /// <param name="channel">Only if it is sold in this channel.</param>
    private static Task<Results<ResourceAnswer<ProductView>, Refused>> FindAsync(
        string sku, QueryRequest request, QueryEndpoint queries, ProductPages pages, string? locale = null, string? channel = null)
    {
        return queries.FindAsync(
            request,
            [ProductQueries.ProjectionName, StockOnHandQueries.ProjectionName],
            ReadAsync,
            (page, position) => new ResourceAnswer<ProductView>(context => page.In(locale, context), position),
            () => Problems.NotFound("unknown_product", $"Product {sku} is not in the catalogue."),
            pages.Reached);

        async Task<ReadSnapshot<KeptPage?>> ReadAsync(CancellationToken cancellation)
        {
            if (!SkuFormat.TryNormalize(sku, out var normalized)) return default;
            var found = await pages.FindAsync(normalized, request.ConsistentAfter, cancellation);
            return found.Value?.IsSoldIn(channel) == true ? found : found with { Value = null };
        }
    }

    /// <param name="request">Consistent-After.</param>
    /// <param name="queries">Answers.</param>
    /// <param name="products">The read model.</param>
    /// <param name="category">Only products of this category.</param>
    /// <param name="order">How the list is ordered: sku (the default), title or newest.</param>
    /// <param name="limit">Products of a page, 1 to 100; 20 where none is given.</param>
    /// <param name="cursor">The nextCursor of the page before.</param>
    /// <param name="channel">Only products that are sold in this channel.</param>
    private static async Task<Results<QueryAnswer<Page<ProductSummary>>, Refused>> ListAsync(
        QueryRequest request, QueryEndpoint queries, ProductQueries products,
        string? category = null, string? order = null, int? limit = null, string? cursor = null, string? channel = null)
    {
        if (Choices.TryRead<ProductOrder>("order", order, out var by) is { } unknown) return new Refused(unknown);
        var query = $"products?order={by}&category={category}&channel={channel}";
        if (PageRequests.TryRead<ProductKey>(query, limit, cursor, out var page) is { } wrong) return new Refused(wrong);
        return await queries.AnswerAsync(
            request, [ProductQueries.ProjectionName],
            async cancellation => (await products.ListAsync(by, category, page.After, page.Size, channel, cancellation)).ToPage(query));
    }
}

/// <summary>A product's page with its stock.</summary>
/// <param name="Product">The page.</param>
/// <param name="OnHand">Units on hand over all locations.</param>
public sealed record ProductView(ProductPage Product, long OnHand);
