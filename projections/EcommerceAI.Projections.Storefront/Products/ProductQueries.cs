using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>Reads product pages and lists.</summary>
public sealed class ProductQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_products";

    /// <summary>
    /// How strongly two products go together: Ochiai's coefficient n(a,b) / sqrt(n(a) n(b)), which is the cosine of their basket
    /// vectors, shrunk by n(a,b) / (n(a,b) + 10), since a pair seen once or twice says little (Bell and Koren, "Scalable Collaborative
    /// Filtering with Jointly Derived Neighborhood Interpolation Weights", 2007). Unlike the bare count it does not put the
    /// best-sellers beside everything.
    /// </summary>
    /// <param name="both">Baskets that held both, 0 or more.</param>
    /// <param name="one">Baskets that held the one, 1 or more.</param>
    /// <param name="other">Baskets that held the other, 1 or more.</param>
    /// <returns>From 0 to 1.</returns>
    public static double Togetherness(int both, int one, int other) =>
        both / (both + 10.0) * both / Math.Sqrt((double)one * other);

    private const string TogetherSql =
        """
        select t.sku, c.title, c.price, c.currency, t.baskets, t.score
        from (select p.sku, p.baskets, p.baskets / (p.baskets + 10.0::float8) * p.baskets / sqrt(one.baskets::float8 * other.baskets) as score
              from (select sku, count(*)::integer as baskets
                    from {schema}.order_goods o, unnest(o.basket) as sku
                    where o.basket @> array[$1::text] and sku <> $1
                    group by sku) p
              join {schema}.basket_counts one on one.sku = $1
              join {schema}.basket_counts other on other.sku = p.sku
              order by score desc, p.sku
              limit $2) t
        left join {schema}.product_pages c on c.sku = t.sku
        order by t.score desc, t.sku
        """;

    private const string PricesSql = "select at, price, currency, version from {schema}.price_history where sku = $1";

    /// <summary>The page of a product.</summary>
    /// <param name="sku">SKU, upper case.</param>
    /// <param name="boughtTogether">The most products that are bought with it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The page, or null where the SKU is not in the catalogue.</returns>
    public Task<ReadSnapshot<ProductPage?>> FindAsync(string sku, int boughtTogether = 10, CancellationToken cancellation = default) =>
        models.QueryAsync(
            ProjectionName,
            [
                new(
                    """
                    select sku, title, description, category, price, currency, created, version, variant_of, channels, details, options
                    from {schema}.product_pages where sku = $1
                    """,
                    sku),
                new($"{PricesSql} order by version desc limit 100", sku),
                new($"select currency, {ProductTables.Sums}, month from {{schema}}.product_months where sku = $1 order by month, currency", sku),
                new(TogetherSql, sku, (long)boughtTogether),
                new("select variant_sku, choices from {schema}.product_variants where sku = $1 order by place", sku),
            ],
            ReadPageAsync,
            cancellation);

    /// <summary>A page of the catalogue.</summary>
    /// <param name="order">How it is ordered.</param>
    /// <param name="category">Only products of this category, or null for all.</param>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most products of the page, 1 or more.</param>
    /// <param name="channel">Only products that are sold in this channel, or null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<ProductSummary, ProductKey>>> ListAsync(
        ProductOrder order, string? category, ProductKey? after, int size, string? channel = null, CancellationToken cancellation = default)
    {
        var (beyond, by, key) = order switch
        {
            ProductOrder.Sku => ("sku > $1", "sku", new object?[] { after?.Sku }),
            ProductOrder.Title => ("(title, sku) > ($1, $2)", "title, sku", [after?.Title, after?.Sku]),
            ProductOrder.Newest => (
                "created <= $1 and (created < $1 or sku > $2)", "created desc, sku", [after?.Created.UtcDateTime, after?.Sku]),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Not an order of products."),
        };
        // Only conditions that hold are written, so that each form of the statement is planned for its own index.
        var parameters = new List<object?>(after is null ? [] : key);
        var conditions = new List<string>(after is null ? ["true"] : [beyond]);
        if (category is not null)
        {
            parameters.Add(category);
            conditions.Add($"categories @> array[${parameters.Count}::text]");
        }

        if (channel is not null)
        {
            parameters.Add(channel);
            conditions.Add($"(channels is null or channels @> array[${parameters.Count}::text])");
        }

        var query = new ReadQuery(
            $$"""
             select sku, title, category, price, currency, created,
                    coalesce((select sum(m.units - m.cancelled_units) from {schema}.product_months m where m.sku = p.sku), 0)::bigint
             from {schema}.product_pages p
             where {{string.Join(" and ", conditions)}}
             order by {{by}}
             """,
            parameters);
        return models.PageAsync(
            ProjectionName, query, size, ReadSummary, product => new ProductKey(product.Sku, product.Title, product.Created), cancellation);
    }

    /// <summary>The products whose page shows something else than at a position, for who keeps pages.</summary>
    /// <param name="after">The position.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<ChangedSku>>> ListChangedAsync(long after, CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName, new ReadQuery("select sku, position from {schema}.page_changes where position > $1", after), ChangedSku.Read, cancellation);

    /// <summary>All list prices that a product has had, newest first.</summary>
    /// <param name="sku">SKU, upper case.</param>
    /// <param name="before">The last price of the page before, or null for the first page.</param>
    /// <param name="size">The most prices of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<PricePoint, PricePoint>>> ListPricesAsync(
        string sku, PricePoint? before, int size, CancellationToken cancellation = default) =>
        models.PageAsync(
            ProjectionName,
            new ReadQuery($"{PricesSql} and version < $2 order by version desc", sku, before?.Version ?? long.MaxValue),
            size, ReadPrice, price => price, cancellation);

    /// <summary>The products with the highest revenue in some months, best first.</summary>
    /// <param name="from">A day of the first month.</param>
    /// <param name="to">A day of the last month.</param>
    /// <param name="currency">ISO 4217 code of the sales to look at.</param>
    /// <param name="size">The most products, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<BestSeller>>> ListBestSellersAsync(
        DateOnly from, DateOnly to, string currency, int size, CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName,
            new ReadQuery(
                $$"""
                 select $3::text, s.units, s.free_units, s.revenue, s.cancelled_units, s.cancelled_revenue, s.returned_units, s.refunded,
                        s.sku, p.title
                 from (select sku, {{ProductSums.Select}} from {schema}.product_months
                       where month between $1 and $2 and currency = $3
                       group by sku order by sum(revenue) desc, sku limit $4) s
                 left join {schema}.product_pages p using (sku)
                 order by s.revenue desc, s.sku
                 """,
                MonthOf(from), MonthOf(to), currency, (long)size),
            row => new BestSeller(row.GetString(8), row.GetText(9), ReadSales(row)),
            cancellation);

    private static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);

    private static async Task<ProductPage?> ReadPageAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        if (!await reader.ReadAsync(cancellation)) return null;
        var page = new ProductPage(
            reader.GetString(0), reader.GetString(1), reader.GetText(2), reader.GetText(3), ReadPriceOrNull(reader, 4), reader.GetMoment(6),
            reader.GetInt64(7), [], [], [], [])
        {
            VariantOf = reader.GetText(8),
            Channels = reader.IsDBNull(9) ? null : reader.GetFieldValue<string[]>(9),
            Details = reader.IsDBNull(10) ? ProductDetails.None : JsonRows.Read<ProductDetails>(reader.GetString(10)),
            Options = reader.IsDBNull(11) ? [] : JsonRows.Read<IReadOnlyList<ProductOption>>(reader.GetString(11)),
        };
        var prices = await reader.ReadNextRowsAsync(ReadPrice, cancellation);
        var months = await reader.ReadNextRowsAsync(
            row => new ProductMonth(row.GetFieldValue<DateOnly>(8), ReadSales(row)), cancellation);
        var together = await reader.ReadNextRowsAsync(
            row => new ProductTogether(row.GetString(0), row.GetText(1), ReadPriceOrNull(row, 2), row.GetInt32(4), row.GetDouble(5)),
            cancellation);
        var variants = await reader.ReadNextRowsAsync(
            row => new ProductVariant(row.GetString(0), JsonRows.Read<IReadOnlyList<OptionChoice>>(row.GetString(1))), cancellation);
        return page with
        {
            Variants = variants,
            PriceHistory = prices,
            Totals = [.. months.GroupBy(month => month.Sales.Currency, month => month.Sales, StringComparer.Ordinal).Select(ProductSums.Add)],
            Months = months,
            BoughtTogether = together,
        };
    }

    private static ProductSummary ReadSummary(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetText(2), ReadPriceOrNull(row, 3), row.GetMoment(5), row.GetInt64(6));

    private static PricePoint ReadPrice(NpgsqlDataReader row) => new(
        row.GetMoment(0), new UnitPrice(row.GetDecimal(1), row.GetString(2)), row.GetInt64(3));

    private static ProductSales ReadSales(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetDecimal(3), row.GetInt64(4), row.GetDecimal(5), row.GetInt64(6),
        row.GetDecimal(7));

    private static UnitPrice? ReadPriceOrNull(NpgsqlDataReader row, int ordinal) =>
        row.IsDBNull(ordinal) ? null : new UnitPrice(row.GetDecimal(ordinal), row.GetString(ordinal + 1));
}
