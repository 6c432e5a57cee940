using System.Globalization;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.Projections.Storefront.Pricing;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcommerceAI.Api.Pricing;

/// <summary>
/// Quotes: what a basket costs now, with what explains it. A query, which promises nothing: the price that counts is the one of the order.
/// </summary>
internal sealed class QuoteEndpoints : IEndpoints
{
    private const string DefaultChannel = "web";

    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/prices/quote", QuoteAsync).WithTags("Pricing").Allow(Roles.Everybody).WithName("GetQuote")
            .WithSummary("What a basket costs now: unit prices, discounts, taxes, each explained. The same for everybody who asks alike.");

    /// <param name="request">Consistent-After.</param>
    /// <param name="queries">Answers.</param>
    /// <param name="pricing">The read model.</param>
    /// <param name="clock">The moment.</param>
    /// <param name="currency">ISO 4217 code, upper case.</param>
    /// <param name="region">Where the goods go: ISO 3166 country or subdivision, such as GB or US-NY.</param>
    /// <param name="line">SKU and units, such as 22423:2; several times for several lines.</param>
    /// <param name="channel">Where the sale is made; web where none is given.</param>
    /// <param name="customerGroup">The customer group that the terms are for, or none.</param>
    /// <param name="coupon">A coupon code; several times for several.</param>
    private static async Task<Results<QueryAnswer<PriceQuote>, Refused>> QuoteAsync(
        QueryRequest request, QueryEndpoint queries, PricingQueries pricing, TimeProvider clock,
        string? currency = null, string? region = null, string[]? line = null, string? channel = null, string? customerGroup = null,
        string[]? coupon = null)
    {
        if (await queries.RefuseAsync(request, [PricingQueries.ProjectionName]) is { } refused) return refused;
        var basket = new Basket(
            currency ?? "", channel ?? DefaultChannel, region ?? "", customerGroup, clock.GetUtcNow(), [.. (line ?? []).Select(ReadLine)])
        { CouponCodes = coupon ?? [] };
        // Too long a list is refused before anything is looked up for it.
        if (basket.Lines.Count > PricingRequest.MaxLines) return Refuse(BasketPricing.Price(basket, NothingKnown).Rejections);
        var terms = await pricing.FindTermsAsync(basket, cancellation: request.Aborted);
        var price = BasketPricing.Price(basket, terms.Value);
        return price.Quote is { } quote ? new QueryAnswer<PriceQuote>(quote, terms.Position) : Refuse(price.Rejections);
    }

    private static PricingTerms NothingKnown { get; } = new(new Dictionary<string, ProductTerms>(StringComparer.Ordinal), [], null);

    /// <summary>What is no number of units is none, which is refused by the line's path with everything else.</summary>
    private static BasketLine ReadLine(string text, int place)
    {
        var cut = text.LastIndexOf(':');
        var sku = cut < 0 ? text : text[..cut];
        var quantity = cut < 0 ? 1
            : int.TryParse(text.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var units) ? units : 0;
        return new BasketLine((place + 1).ToString(CultureInfo.InvariantCulture), sku, quantity);
    }

    private static Refused Refuse(IReadOnlyList<Rejection> rejections)
    {
        var errors = new FieldErrors();
        foreach (var rejection in rejections) errors.Add(rejection.Field!, rejection.Code, rejection.Message);
        return new Refused(Problems.Result(
            StatusCodes.Status400BadRequest, "invalid_parameter", "This basket has no price; errors names each reason.", errors));
    }
}
