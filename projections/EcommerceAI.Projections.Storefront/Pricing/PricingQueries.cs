using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Pricing;

/// <summary>Reads what prices depend on.</summary>
public sealed class PricingQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_pricing";

    private const string SelectPromotion = "select promotion_id, terms, withdrawn, redeemed, version from {schema}.promotions";

    /// <summary>Everything that the price of a basket depends on, in one snapshot and one round trip.</summary>
    /// <param name="basket">The basket; malformed SKUs and regions find nothing.</param>
    /// <param name="customerId">
    /// Who buys, only to count what they used of promotions with a limit per customer; null where nobody is signed in.
    /// </param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<PricingTerms>> FindTermsAsync(Basket basket, string? customerId = null, CancellationToken cancellation = default)
    {
        object skus = basket.Lines.Select(line => SkuFormat.TryNormalize(line.Sku, out var sku) ? sku : null).OfType<string>()
            .Distinct(StringComparer.Ordinal).ToArray();
        return models.QueryAsync(
            ProjectionName,
            [
                new ReadQuery("select sku, price, currency, categories, tax_class, channels from {schema}.products where sku = any($1::text[])", skus),
                new ReadQuery(
                    """
                    select p.sku, l.price_list_id, l.name, l.currency, l.channel, l.customer_group, l.starts, l.ends, l.priority, p.amount,
                           p.minimum_quantity
                    from {schema}.list_prices p join {schema}.price_lists l using (price_list_id)
                    where p.sku = any($1::text[]) and not l.withdrawn and l.currency = $2 and (l.ends is null or l.ends > $3)
                    """,
                    skus, basket.Currency, basket.At.UtcDateTime),
                new ReadQuery(
                    """
                    select p.promotion_id, p.terms, p.redeemed,
                           case when $3::text is not null then
                               (select count(*) from {schema}.redemptions r where r.customer_id = $3 and r.promotion_id = p.promotion_id)::integer end
                    from {schema}.promotions p
                    where not p.withdrawn and (p.coupon is null or p.coupon = any($1::text[])) and (p.ends is null or p.ends > $2)
                    """,
                    basket.CouponCodes.Select(CouponFormat.Normalize).ToArray(), basket.At.UtcDateTime, customerId),
                // The longer name is the region itself, the shorter its country.
                new ReadQuery(
                    "select data from {schema}.tax_tables where region = any($1::text[]) order by length(region) desc limit 1",
                    (object)(string[])[basket.Region, RegionFormat.CountryOf(basket.Region)]),
            ],
            ReadTermsAsync,
            cancellation);
    }

    /// <summary>A promotion, or null.</summary>
    /// <param name="promotionId">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ReadSnapshot<PromotionView?>> FindPromotionAsync(string promotionId, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(
            ProjectionName, new ReadQuery($"{SelectPromotion} where promotion_id = $1", promotionId), ReadPromotion, cancellation);
        return new ReadSnapshot<PromotionView?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>All promotions, in the order of their ids.</summary>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most rows of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<PromotionView, PromotionKey>>> ListPromotionsAsync(
        PromotionKey? after, int size, CancellationToken cancellation = default) =>
        models.PageAsync(
            ProjectionName, new ReadQuery($"{SelectPromotion} where promotion_id > $1 order by promotion_id", after?.PromotionId ?? ""),
            size, ReadPromotion, promotion => new PromotionKey(promotion.PromotionId), cancellation);

    /// <summary>A price list, or null.</summary>
    /// <param name="priceListId">Its id.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ReadSnapshot<PriceListView?>> FindPriceListAsync(string priceListId, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(
            ProjectionName,
            new ReadQuery(
                """
                select price_list_id, name, currency, channel, customer_group, starts, ends, priority, withdrawn, version,
                       (select count(*) from {schema}.list_prices p where p.price_list_id = l.price_list_id)
                from {schema}.price_lists l where price_list_id = $1
                """,
                priceListId),
            row => new PriceListView(
                row.GetString(0),
                new PriceListTerms(
                    row.GetString(1), row.GetString(2), row.GetText(3), row.GetText(4), row.GetMomentOrNull(5), row.GetMomentOrNull(6), row.GetInt32(7)),
                row.GetBoolean(8), row.GetInt64(10), row.GetInt64(9)),
            cancellation);
        return new ReadSnapshot<PriceListView?>(found.Value.SingleOrDefault(), found.Position);
    }

    /// <summary>The prices of a list, in the order of SKU and units.</summary>
    /// <param name="priceListId">Its id.</param>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most rows of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<PriceEntry, PriceEntryKey>>> ListPricesAsync(
        string priceListId, PriceEntryKey? after, int size, CancellationToken cancellation = default) =>
        models.PageAsync(
            ProjectionName,
            new ReadQuery(
                """
                select sku, amount, minimum_quantity from {schema}.list_prices
                where price_list_id = $1 and (sku, minimum_quantity) > ($2, $3) order by sku, minimum_quantity
                """,
                priceListId, after?.Sku ?? "", after?.MinimumQuantity ?? 0),
            size, row => new PriceEntry(row.GetString(0), row.GetDecimal(1), row.GetInt32(2)),
            price => new PriceEntryKey(price.Sku, price.MinimumQuantity), cancellation);

    /// <summary>The taxes of a region itself, or null.</summary>
    /// <param name="region">The region.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ReadSnapshot<TaxTableView?>> FindTaxTableAsync(string region, CancellationToken cancellation = default)
    {
        var found = await models.ListAsync(
            ProjectionName, new ReadQuery("select data, version from {schema}.tax_tables where region = $1", region),
            row => new TaxTableView(JsonRows.Read<TaxTable>(row.GetString(0)), row.GetInt64(1)), cancellation);
        return new ReadSnapshot<TaxTableView?>(found.Value.SingleOrDefault(), found.Position);
    }

    private static async Task<PricingTerms> ReadTermsAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var products = await reader.ReadRowsAsync(
            row => new ProductTerms(
                row.GetString(0), row.IsDBNull(1) ? null : new UnitPrice(row.GetDecimal(1), row.GetString(2)), row.GetFieldValue<string[]>(3),
                row.GetString(4), [])
            { Channels = row.IsDBNull(5) ? null : row.GetFieldValue<string[]>(5) },
            cancellation);
        var listed = (await reader.ReadNextRowsAsync(
            row => (Sku: row.GetString(0), Price: new ListedPrice(
                row.GetString(1), row.GetString(2), row.GetString(3), row.GetText(4), row.GetText(5), row.GetMomentOrNull(6), row.GetMomentOrNull(7),
                row.GetInt32(8), row.GetDecimal(9), row.GetInt32(10))),
            cancellation)).ToLookup(row => row.Sku, row => row.Price, StringComparer.Ordinal);
        var promotions = await reader.ReadNextRowsAsync(
            row => new PromotionInForce(
                row.GetString(0), JsonRows.Read<PromotionTerms>(row.GetString(1)), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetInt32(3)),
            cancellation);
        var taxes = await reader.ReadNextRowsAsync(row => JsonRows.Read<TaxTable>(row.GetString(0)), cancellation);
        return new PricingTerms(
            products.ToDictionary(product => product.Sku, product => product with { Listed = [.. listed[product.Sku]] }, StringComparer.Ordinal),
            promotions, taxes.SingleOrDefault());
    }

    private static PromotionView ReadPromotion(NpgsqlDataReader row) =>
        new(row.GetString(0), JsonRows.Read<PromotionTerms>(row.GetString(1)), row.GetBoolean(2), row.GetInt32(3), row.GetInt64(4));
}
