using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Pricing;

/// <summary>
/// All that a price depends on, in one place, so that a quote reads it in one snapshot: products, price lists, promotions with their use,
/// and taxes.
/// </summary>
public sealed class PricingProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => PricingQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } =
        [typeof(ProductEvent), typeof(PriceListEvent), typeof(PromotionEvent), typeof(TaxTableEvent)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.products (
            sku        text collate "C" primary key,
            price      numeric(19,4),
            currency   text,
            categories text[] not null,
            tax_class  text not null,
            channels   text[]
        ) with (fillfactor = 80);

        create table {schema}.price_lists (
            price_list_id  text collate "C" primary key,
            name           text not null,
            currency       text not null,
            channel        text,
            customer_group text,
            starts         timestamptz,
            ends           timestamptz,
            priority       integer not null,
            withdrawn      boolean not null,
            version        bigint not null
        );

        create table {schema}.list_prices (
            sku              text collate "C" not null,
            price_list_id    text collate "C" not null,
            minimum_quantity integer not null,
            amount           numeric(19,4) not null,
            primary key (sku, price_list_id, minimum_quantity)
        );
        create index list_prices_list on {schema}.list_prices (price_list_id, sku);

        create table {schema}.promotions (
            promotion_id text collate "C" primary key,
            terms        jsonb not null,
            coupon       text,
            ends         timestamptz,
            withdrawn    boolean not null,
            redeemed     integer not null,
            version      bigint not null
        ) with (fillfactor = 80);
        create index promotions_coupon on {schema}.promotions (coupon) where not withdrawn;

        create table {schema}.redemptions (
            promotion_id text collate "C" not null,
            order_id     text collate "C" not null,
            customer_id  text collate "C",
            primary key (promotion_id, order_id)
        );
        create index redemptions_customer on {schema}.redemptions (customer_id, promotion_id);

        create table {schema}.tax_tables (
            region  text collate "C" primary key,
            data    jsonb not null,
            version bigint not null
        );
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        await ProductTermsRows.ApplyAsync(batch);
        await PriceListRows.ApplyAsync(batch);
        await PromotionRows.ApplyAsync(batch);
        foreach (var recorded in batch.Events)
        {
            if (recorded.Data is TaxTableEvent changed) await WriteTaxTableAsync(batch, changed, recorded.Version);
        }
    }

    private static Task<int> WriteTaxTableAsync(ProjectionBatch batch, TaxTableEvent changed, long version) => batch.ExecuteAsync(
        """
        insert into {schema}.tax_tables (region, data, version) values ($1::text, $2::text::jsonb, $3::bigint)
        on conflict (region) do update set data = excluded.data, version = excluded.version
        """,
        changed.Region, JsonRows.Write(RegionTaxes.Evolve(RegionTaxes.Initial, changed).Table!), version);
}
