using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Pricing;

/// <summary>Writes <c>price_lists</c> and <c>list_prices</c>, event by event: each names up to a thousand prices.</summary>
internal static class PriceListRows
{
    public static async Task ApplyAsync(ProjectionBatch batch)
    {
        foreach (var recorded in batch.Events)
        {
            if (recorded.Data is not PriceListEvent happened) continue;
            switch (happened)
            {
                case PriceListCreated created:
                    await WriteAsync(batch, created.PriceListId, created.Terms, recorded.Version);
                    continue;
                case PriceListChanged changed:
                    await WriteAsync(batch, changed.PriceListId, changed.Terms, recorded.Version);
                    continue;
                case ListPricesSet set:
                    await SetAsync(batch, set);
                    break;
                case ListPricesRemoved removed:
                    await RemoveAsync(batch, removed.PriceListId, removed.Skus);
                    break;
            }

            await batch.ExecuteAsync(
                "update {schema}.price_lists set version = $2::bigint, withdrawn = withdrawn or $3::boolean where price_list_id = $1::text",
                happened.PriceListId, recorded.Version, happened is PriceListWithdrawn);
        }
    }

    private static Task<int> WriteAsync(ProjectionBatch batch, string priceListId, PriceListTerms terms, long version) => batch.ExecuteAsync(
        """
        insert into {schema}.price_lists (price_list_id, name, currency, channel, customer_group, starts, ends, priority, withdrawn, version)
        values ($1::text, $2::text, $3::text, $4::text, $5::text, $6::timestamptz, $7::timestamptz, $8::integer, false, $9::bigint)
        on conflict (price_list_id) do update set
            name = excluded.name, currency = excluded.currency, channel = excluded.channel, customer_group = excluded.customer_group,
            starts = excluded.starts, ends = excluded.ends, priority = excluded.priority, version = excluded.version
        """,
        priceListId, terms.Name, terms.Currency, terms.Channel, terms.CustomerGroup, terms.From?.UtcDateTime, terms.Until?.UtcDateTime,
        terms.Priority, version);

    private static async Task SetAsync(ProjectionBatch batch, ListPricesSet set)
    {
        await RemoveAsync(batch, set.PriceListId, [.. set.Prices.Select(price => price.Sku).Distinct(StringComparer.Ordinal)]);
        await batch.ExecuteAsync(
            """
            insert into {schema}.list_prices (price_list_id, sku, minimum_quantity, amount)
            select $1::text, * from unnest($2::text[], $3::integer[], $4::numeric[])
            """,
            set.PriceListId,
            set.Prices.Select(price => price.Sku).ToArray(),
            set.Prices.Select(price => price.MinimumQuantity).ToArray(),
            set.Prices.Select(price => price.Amount).ToArray());
    }

    private static Task<int> RemoveAsync(ProjectionBatch batch, string priceListId, IReadOnlyList<string> skus) => batch.ExecuteAsync(
        "delete from {schema}.list_prices where price_list_id = $1::text and sku = any($2::text[])", priceListId, skus.ToArray());
}
