using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using NpgsqlTypes;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>Writes <c>product_pages</c> and <c>price_history</c>.</summary>
internal static class CatalogRows
{
    private readonly record struct Priced(string Sku, UnitPrice Price, DateTime At, long Version);

    private sealed record Page(ProductCreated Data, UnitPrice? Price, DateTime Created, long Version);

    /// <summary>Writes what a batch says of products.</summary>
    public static async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var created = new Dictionary<string, Page>(StringComparer.Ordinal);
        var changed = new Dictionary<string, Priced>(StringComparer.Ordinal);
        var prices = new List<Priced>();
        foreach (var recorded in batch.Events.Where(recorded => recorded.Data is ProductEvent))
        {
            if (PriceOf(recorded) is { } priced) prices.Add(priced);
            switch (recorded.Data)
            {
                case ProductCreated product:
                    created[product.Sku] = new Page(product, product.Price, recorded.Timestamp.UtcDateTime, recorded.Version);
                    changed.Remove(product.Sku);
                    break;
                case ProductPriceChanged change when created.TryGetValue(change.Sku, out var page):
                    created[change.Sku] = page with { Price = change.Price, Version = recorded.Version };
                    break;
                case ProductPriceChanged:
                    changed[prices[^1].Sku] = prices[^1];
                    break;
            }
        }

        await InsertAsync(batch, [.. created.Values]);
        await ChangeAsync(batch, [.. changed.Values]);
        await CopyPricesAsync(batch, prices, cancellation);
        await DetailRows.ApplyAsync(batch);
    }

    private static Priced? PriceOf(RecordedEvent recorded) => recorded.Data switch
    {
        ProductCreated { Price: { } price } created => new Priced(created.Sku, price, recorded.Timestamp.UtcDateTime, recorded.Version),
        ProductPriceChanged changed => new Priced(changed.Sku, changed.Price, recorded.Timestamp.UtcDateTime, recorded.Version),
        _ => null,
    };

    private static async Task InsertAsync(ProjectionBatch batch, Page[] pages)
    {
        if (pages.Length == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.product_pages (sku, title, description, category, price, currency, created, version, variant_of, categories)
            select p.*, case when category is null then array[]::text[] else array[category] end
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::text[], $7::timestamptz[], $8::bigint[], $9::text[])
                 as p (sku, title, description, category, price, currency, created, version, variant_of)
            on conflict (sku) do update set
                title = excluded.title, description = excluded.description, category = excluded.category, price = excluded.price,
                currency = excluded.currency, created = excluded.created, version = excluded.version, variant_of = excluded.variant_of,
                categories = excluded.categories
            """,
            pages.Select(page => page.Data.Sku).ToArray(),
            pages.Select(page => page.Data.Title).ToArray(),
            pages.Select(page => page.Data.Description).ToArray(),
            pages.Select(page => page.Data.Category).ToArray(),
            pages.Select(page => page.Price?.Amount).ToArray(),
            pages.Select(page => page.Price?.Currency).ToArray(),
            pages.Select(page => page.Created).ToArray(),
            pages.Select(page => page.Version).ToArray(),
            pages.Select(page => page.Data.VariantOf).ToArray());
    }

    private static async Task ChangeAsync(ProjectionBatch batch, Priced[] changes)
    {
        if (changes.Length == 0) return;
        await batch.ExecuteAsync(
            """
            update {schema}.product_pages p set price = c.price, currency = c.currency, version = c.version
            from unnest($1::text[], $2::numeric[], $3::text[], $4::bigint[]) as c (sku, price, currency, version)
            where p.sku = c.sku
            """,
            changes.Select(change => change.Sku).ToArray(),
            changes.Select(change => change.Price.Amount).ToArray(),
            changes.Select(change => change.Price.Currency).ToArray(),
            changes.Select(change => change.Version).ToArray());
    }

    private static async Task CopyPricesAsync(ProjectionBatch batch, List<Priced> prices, CancellationToken cancellation)
    {
        if (prices.Count == 0) return;
        await batch.CopyAsync(
            "price_history", "sku, version, at, price, currency",
            async copy =>
            {
                foreach (var priced in prices)
                {
                    await copy.StartRowAsync(cancellation);
                    await copy.WriteAsync(priced.Sku, NpgsqlDbType.Text, cancellation);
                    await copy.WriteAsync(priced.Version, NpgsqlDbType.Bigint, cancellation);
                    await copy.WriteAsync(priced.At, NpgsqlDbType.TimestampTz, cancellation);
                    await copy.WriteAsync(priced.Price.Amount, NpgsqlDbType.Numeric, cancellation);
                    await copy.WriteAsync(priced.Price.Currency, NpgsqlDbType.Text, cancellation);
                }
            },
            cancellation);
    }
}
