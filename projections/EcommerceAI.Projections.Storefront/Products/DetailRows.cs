using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>
/// Writes what is said of products beside their prices, once their rows are there. Of each kind the last event of a batch says all; every
/// kind is one statement.
/// </summary>
internal static class DetailRows
{
    public static async Task ApplyAsync(ProjectionBatch batch)
    {
        await DescribeAsync(batch, Last<ProductDescribed>(batch, product => product is ProductDescribed));
        await DefineOptionsAsync(batch, Last<ProductOptionsDefined>(batch, product => product is ProductOptionsDefined));
        await PublishAsync(batch, Last<ProductEvent>(batch, product => product is ProductPublished or ProductWithdrawn));
        await AddVariantsAsync(batch, [.. batch.Events.Where(recorded => recorded.Data is ProductVariantAdded)]);
    }

    private static (TEvent Data, long Version)[] Last<TEvent>(ProjectionBatch batch, Func<ProductEvent, bool> isOne)
        where TEvent : ProductEvent
    {
        var last = new Dictionary<string, (TEvent, long)>(StringComparer.Ordinal);
        foreach (var recorded in batch.Events)
        {
            if (recorded.Data is ProductEvent product && isOne(product)) last[product.Sku] = ((TEvent)product, recorded.Version);
        }

        return [.. last.Values];
    }

    private static async Task DescribeAsync(ProjectionBatch batch, (ProductDescribed Data, long Version)[] described)
    {
        if (described.Length == 0) return;
        await batch.ExecuteAsync(
            """
            update {schema}.product_pages p set
                title = d.title, description = d.description, category = d.category, details = d.details::jsonb,
                categories = array(select jsonb_array_elements_text(d.details::jsonb -> 'categories')), version = greatest(p.version, d.version)
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
                 as d (sku, title, description, category, details, version)
            where p.sku = d.sku
            """,
            described.Select(row => row.Data.Sku).ToArray(),
            described.Select(row => row.Data.Title).ToArray(),
            described.Select(row => row.Data.Description).ToArray(),
            described.Select(row => row.Data.Details.MainCategory()).ToArray(),
            described.Select(row => JsonRows.Write(row.Data.Details)).ToArray(),
            described.Select(row => row.Version).ToArray());
    }

    private static async Task DefineOptionsAsync(ProjectionBatch batch, (ProductOptionsDefined Data, long Version)[] defined)
    {
        if (defined.Length == 0) return;
        await batch.ExecuteAsync(
            """
            update {schema}.product_pages p set options = d.options::jsonb, version = greatest(p.version, d.version)
            from unnest($1::text[], $2::text[], $3::bigint[]) as d (sku, options, version) where p.sku = d.sku
            """,
            defined.Select(row => row.Data.Sku).ToArray(),
            defined.Select(row => JsonRows.Write(row.Data.Options)).ToArray(),
            defined.Select(row => row.Version).ToArray());
    }

    private static async Task PublishAsync(ProjectionBatch batch, (ProductEvent Data, long Version)[] published)
    {
        if (published.Length == 0) return;
        await batch.ExecuteAsync(
            """
            update {schema}.product_pages p set
                channels = array(select jsonb_array_elements_text(d.channels::jsonb)), version = greatest(p.version, d.version)
            from unnest($1::text[], $2::text[], $3::bigint[]) as d (sku, channels, version) where p.sku = d.sku
            """,
            published.Select(row => row.Data.Sku).ToArray(),
            published.Select(row => JsonRows.Write(row.Data is ProductPublished { Channels: { } channels } ? channels : [])).ToArray(),
            published.Select(row => row.Version).ToArray());
    }

    private static async Task AddVariantsAsync(ProjectionBatch batch, IReadOnlyList<RecordedEvent> added)
    {
        if (added.Count == 0) return;
        await batch.ExecuteAsync(
            """
            with added as (
                insert into {schema}.product_variants (sku, variant_sku, choices, place)
                select sku, variant_sku, choices::jsonb, place
                from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as v (sku, variant_sku, choices, place)
                returning sku, place
            )
            update {schema}.product_pages p set version = greatest(p.version, a.version)
            from (select sku, max(place) as version from added group by sku) a where p.sku = a.sku
            """,
            added.Select(row => ((ProductVariantAdded)row.Data).Sku).ToArray(),
            added.Select(row => ((ProductVariantAdded)row.Data).Variant.Sku).ToArray(),
            added.Select(row => JsonRows.Write(((ProductVariantAdded)row.Data).Variant.Choices)).ToArray(),
            added.Select(row => row.Version).ToArray());
    }
}
