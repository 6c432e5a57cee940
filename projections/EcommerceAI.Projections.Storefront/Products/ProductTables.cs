namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>The tables of the projection of this folder.</summary>
internal static class ProductTables
{
    /// <summary>Columns of <c>product_months</c> that are sums, in the order of <see cref="ProductSales"/>.</summary>
    public const string Sums = "units, free_units, revenue, cancelled_units, cancelled_revenue, returned_units, refunded";

    // SKUs and titles compare by code point: fast, and the same on every machine.
    public const string Create =
        """
        create table {schema}.product_pages (
            sku         text collate "C" primary key,
            title       text collate "C" not null,
            description text,
            category    text,
            price       numeric(19,4),
            currency    text,
            created     timestamptz not null,
            version     bigint not null,
            variant_of  text collate "C",
            -- All its categories, the first of which is category.
            categories  text[] not null,
            -- Null for all channels.
            channels    text[],
            details     jsonb,
            options     jsonb
        );
        create index product_pages_title on {schema}.product_pages (title, sku);
        create index product_pages_created on {schema}.product_pages (created desc, sku);
        create index product_pages_categories on {schema}.product_pages using gin (categories) with (fastupdate = off);

        create table {schema}.product_variants (
            sku         text collate "C" not null,
            variant_sku text collate "C" not null,
            choices     jsonb not null,
            place       bigint not null,
            primary key (sku, variant_sku)
        );

        create table {schema}.price_history (
            sku      text collate "C" not null,
            version  bigint not null,
            at       timestamptz not null,
            price    numeric(19,4) not null,
            currency text not null,
            primary key (sku, version)
        );

        create table {schema}.product_months (
            sku               text collate "C" not null,
            month             date not null,
            currency          text not null,
            units             bigint not null,
            free_units        bigint not null,
            revenue           numeric(28,4) not null,
            cancelled_units   bigint not null,
            cancelled_revenue numeric(28,4) not null,
            returned_units    bigint not null,
            refunded          numeric(28,4) not null,
            primary key (sku, month, currency)
        ) with (fillfactor = 80);
        create index product_months_month on {schema}.product_months (month);

        -- What an order held, since the event that cancels it does not say.
        create table {schema}.order_goods (
            order_id    text collate "C" primary key,
            currency    text not null,
            skus        text[] not null,
            quantities  integer[] not null,
            unit_prices numeric(19,4)[] not null,
            -- Its different SKUs; null once cancelled, and where there are too many to say anything about what goes together.
            basket      text[] collate "C"
        );
        -- Finds the baskets of a SKU. No list of pending entries, which every reader would have to go through.
        create index order_goods_basket on {schema}.order_goods using gin (basket) with (fastupdate = off);

        -- The event that a page changed with last, of the product itself, its sales or its baskets: who keeps pages asks for what is new.
        create table {schema}.page_changes (
            sku      text collate "C" primary key,
            position bigint not null
        ) with (fillfactor = 70);
        create index page_changes_position on {schema}.page_changes (position);

        create table {schema}.basket_counts (
            sku     text collate "C" primary key,
            baskets integer not null
        ) with (fillfactor = 70);
        """;
}
