namespace EcommerceAI.Commerce.Pricing;

/// <summary>A basket to price, without prices: those come from <see cref="PricingTerms"/>. It says nothing about who buys.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Channel">Where the sale is made.</param>
/// <param name="Region">Where the goods go.</param>
/// <param name="CustomerGroup">The group that the terms are for, or null.</param>
/// <param name="At">The moment.</param>
/// <param name="Lines">The goods; line ids are unique.</param>
public sealed record Basket(
    string Currency, string Channel, string Region, string? CustomerGroup, DateTimeOffset At, IReadOnlyList<BasketLine> Lines)
{
    /// <summary>Coupon codes that were entered.</summary>
    public IReadOnlyList<string> CouponCodes { get; init; } = [];

    /// <summary>Delivery charges, priced by who offers them.</summary>
    public IReadOnlyList<PricingLine> Delivery { get; init; } = [];
}

/// <summary>Goods of a basket.</summary>
/// <param name="LineId">Id of the line.</param>
/// <param name="Sku">SKU in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
public sealed record BasketLine(string LineId, string Sku, int Quantity);

/// <summary>What a product brings to its price.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="ListPrice">Its own list price, or null.</param>
/// <param name="Categories">Its categories.</param>
/// <param name="TaxClass">Its tax class.</param>
/// <param name="Listed">Its prices on price lists that are not withdrawn.</param>
public sealed record ProductTerms(
    string Sku, UnitPrice? ListPrice, IReadOnlyList<string> Categories, string TaxClass, IReadOnlyList<ListedPrice> Listed)
{
    /// <summary>The channels that it is sold in; null for all.</summary>
    public IReadOnlyList<string>? Channels { get; init; }
}

/// <summary>Everything that stands and that a basket's price depends on.</summary>
/// <param name="Products">The products of the basket by SKU; one that is not there is not known.</param>
/// <param name="Promotions">Promotions that are not withdrawn.</param>
/// <param name="Taxes">The tax table of the region, or of its country, or null.</param>
public sealed record PricingTerms(IReadOnlyDictionary<string, ProductTerms> Products, IReadOnlyList<PromotionInForce> Promotions, TaxTable? Taxes);

/// <summary>What a basket comes to, or why it has no price.</summary>
/// <param name="Quote">The quote, or null where anything is refused.</param>
/// <param name="Rejections">One a failing line, with its path.</param>
public sealed record BasketPrice(PriceQuote? Quote, IReadOnlyList<Rejection> Rejections);

/// <summary>Prices a basket: chooses the price of each product and evaluates.</summary>
public static class BasketPricing
{
    /// <summary>Prices a basket.</summary>
    /// <param name="basket">What is bought, where, when.</param>
    /// <param name="terms">What stands.</param>
    /// <returns>
    /// The quote, or <c>unknown_product</c>, <c>not_on_sale</c> and <c>no_price</c> for lines that have none, and what is malformed with its path.
    /// </returns>
    public static BasketPrice Price(Basket basket, PricingTerms terms)
    {
        var fields = Check(basket);
        if (fields.Rejections.Count > 0) return new BasketPrice(null, fields.Rejections);
        var lines = new List<PricingLine>(basket.Lines.Count + basket.Delivery.Count);
        for (var i = 0; i < basket.Lines.Count; i++)
        {
            if (LineOf(basket, terms, i, fields) is { } line) lines.Add(line);
        }

        if (fields.Rejections.Count > 0) return new BasketPrice(null, fields.Rejections);
        lines.AddRange(basket.Delivery);
        return new BasketPrice(
            PriceEvaluator.Evaluate(
                new PricingRequest(basket.Currency, basket.Channel, basket.Region, basket.CustomerGroup, basket.At, lines)
                {
                    CouponCodes = basket.CouponCodes,
                    Promotions = terms.Promotions,
                    Taxes = terms.Taxes,
                }),
            []);
    }

    private static CommandFields Check(Basket basket)
    {
        const int mostCoupons = 20;
        var fields = new CommandFields();
        fields.Currency("currency", basket.Currency);
        fields.Slug("channel", basket.Channel);
        fields.Region("region", basket.Region);
        if (basket.CustomerGroup is not null) fields.Slug("customerGroup", basket.CustomerGroup);
        if (basket.CouponCodes.Count > mostCoupons)
            fields.RefuseWithNumbers("coupons", "out_of_range", $"coupons has {basket.CouponCodes.Count} entries; at most {mostCoupons} are allowed.");
        else fields.Each("coupons", basket.CouponCodes, (field, code) => fields.RequiredText(field, code, CouponFormat.MaxLength));
        var ids = new HashSet<string>(StringComparer.Ordinal);
        fields.Lines("lines", basket.Lines, (field, line) =>
        {
            fields.Sku($"{field}.sku", line.Sku);
            fields.Quantity($"{field}.quantity", line.Quantity);
            if (!ids.Add(line.LineId)) fields.Refuse($"{field}.lineId", "duplicate", $"{field}.lineId is that of another line.");
        });
        return fields;
    }

    private static PricingLine? LineOf(Basket basket, PricingTerms terms, int place, CommandFields fields)
    {
        var line = basket.Lines[place];
        var sku = SkuFormat.Normalize(line.Sku);
        if (!terms.Products.TryGetValue(sku, out var product))
        {
            fields.Refuse($"lines[{place}].sku", "unknown_product", $"Product {sku} is not in the catalogue.");
            return null;
        }

        if (product.Channels is { } channels && !channels.Contains(basket.Channel))
        {
            fields.Refuse($"lines[{place}].sku", "not_on_sale", $"Product {sku} is not sold in the channel {basket.Channel}.");
            return null;
        }

        var conditions = new PriceConditions(basket.Currency, basket.Channel, basket.CustomerGroup, basket.At, line.Quantity);
        if (PriceChooser.Choose(conditions, product.ListPrice, product.Listed) is not { } chosen)
        {
            fields.Refuse($"lines[{place}].sku", "no_price", $"Product {sku} has no price in {basket.Currency}.");
            return null;
        }

        return new PricingLine(line.LineId, sku, line.Quantity, chosen.Price.Amount)
        {
            Categories = product.Categories,
            TaxClass = product.TaxClass,
            Source = chosen.Source,
        };
    }
}
