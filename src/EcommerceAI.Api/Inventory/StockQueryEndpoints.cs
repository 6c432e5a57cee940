using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Projections.Phygital.Stock;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Projections.Storefront.Stock;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Inventory;

/// <summary>Queries for stock.</summary>
internal sealed class StockQueryEndpoints : IEndpoints
{
    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/stock/{sku}", FindAsync).WithTags("Inventory").Allow(Roles.Everybody).WithName("GetStock")
            .WithSummary("Stock of a product, in all and by location: on hand, promised and available.");

    private static async Task<Results<QueryAnswer<StockView>, Refused>> FindAsync(
        string sku, QueryRequest request, QueryEndpoint queries, StockOnHandQueries totals, StockLevelQueries levels, ProductQueries products)
    {
        if (await queries.RefuseAsync(
            request, [StockOnHandQueries.ProjectionName, StockLevelQueries.ProjectionName, ProductQueries.ProjectionName]) is { } refused)
            return refused;
        if (!SkuFormat.TryNormalize(sku, out var normalized)) return Unknown(sku);
        var byLocation = await levels.ListBySkuAsync(normalized, request.Aborted);
        var view = (await totals.FindAsync(normalized, request.Aborted)).With(
            byLocation, (total, locations) => new StockView(normalized, total?.OnHand ?? 0, locations, total?.Available ?? 0));
        // A product that never had stock has none on hand; what is in no catalogue and never had stock is unknown.
        if (view.Value.Locations.Count == 0 && (await products.FindAsync(normalized, 0, request.Aborted)).Value is null) return Unknown(sku);
        return new QueryAnswer<StockView>(view.Value, view.Position);
    }

    private static Refused Unknown(string sku) => new(Problems.NotFound("unknown_product", $"Product {sku} is not in the catalogue."));
}

/// <summary>Stock of a product.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="OnHand">Units on hand over all locations.</param>
/// <param name="Locations">Units by location, in order of the location; each version is the entity tag for If-Match.</param>
/// <param name="Available">Units that anybody can be promised now, over all locations.</param>
public sealed record StockView(string Sku, long OnHand, IReadOnlyList<StockLevel> Locations, long Available);
