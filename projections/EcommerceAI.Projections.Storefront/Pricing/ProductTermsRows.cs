using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Pricing;

/// <summary>Writes <c>products</c>: what a product brings to its price.</summary>
internal static class ProductTermsRows
{
    public static async Task ApplyAsync(ProjectionBatch batch)
    {
        var events = batch.Events.Select(recorded => recorded.Data).OfType<ProductEvent>().ToArray();
        if (events.Length == 0) return;
        var rows = await ReadAsync(batch, [.. events.Where(product => product is not ProductCreated).Select(product => product.Sku).Distinct(StringComparer.Ordinal)]);
        foreach (var product in events)
        {
            var row = rows.GetValueOrDefault(product.Sku) ?? new Row(product.Sku, null, [], TaxTable.StandardClass, null);
            rows[product.Sku] = Evolve(row, product);
        }

        await WriteAsync(batch, [.. rows.Values]);
    }

    private static Row Evolve(Row row, ProductEvent product) => product switch
    {
        ProductCreated created => row with { Price = created.Price, Categories = created.Category is { } category ? [category] : [] },
        ProductPriceChanged changed => row with { Price = changed.Price },
        ProductDescribed described => row with
        {
            Categories = [.. described.Details.Categories],
            TaxClass = described.Details.TaxClass ?? TaxTable.StandardClass,
        },
        ProductPublished published => row with { Channels = [.. published.Channels] },
        ProductWithdrawn => row with { Channels = [] },
        _ => row,
    };

    private static async Task<Dictionary<string, Row>> ReadAsync(ProjectionBatch batch, string[] skus)
    {
        if (skus.Length == 0) return new Dictionary<string, Row>(StringComparer.Ordinal);
        var rows = await batch.QueryAsync(
            "select sku, price, currency, categories, tax_class, channels from {schema}.products where sku = any($1::text[])",
            row => new Row(
                row.GetString(0), row.IsDBNull(1) ? null : new UnitPrice(row.GetDecimal(1), row.GetString(2)), row.GetFieldValue<string[]>(3),
                row.GetString(4), row.IsDBNull(5) ? null : row.GetFieldValue<string[]>(5)),
            [skus]);
        return rows.ToDictionary(row => row.Sku, StringComparer.Ordinal);
    }

    private static Task<int> WriteAsync(ProjectionBatch batch, Row[] rows) => batch.ExecuteAsync(
        """
        insert into {schema}.products (sku, price, currency, categories, tax_class, channels)
        select sku, price, currency, array(select jsonb_array_elements_text(categories::jsonb)), tax_class,
               case when channels is not null then array(select jsonb_array_elements_text(channels::jsonb)) end
        from unnest($1::text[], $2::numeric[], $3::text[], $4::text[], $5::text[], $6::text[])
             as p (sku, price, currency, categories, tax_class, channels)
        on conflict (sku) do update set
            price = excluded.price, currency = excluded.currency, categories = excluded.categories, tax_class = excluded.tax_class,
            channels = excluded.channels
        """,
        rows.Select(row => row.Sku).ToArray(),
        rows.Select(row => row.Price?.Amount).ToArray(),
        rows.Select(row => row.Price?.Currency).ToArray(),
        // Rows with lists of different lengths make no array of arrays.
        rows.Select(row => JsonRows.Write(row.Categories)).ToArray(),
        rows.Select(row => row.TaxClass).ToArray(),
        rows.Select(row => row.Channels is null ? null : JsonRows.Write(row.Channels)).ToArray());

    private sealed record Row(string Sku, UnitPrice? Price, string[] Categories, string TaxClass, string[]? Channels);
}
