namespace EcommerceAI.Projections.Storefront.Sales;

/// <summary>The tables of the projection of this folder.</summary>
internal static class SalesTables
{
    public const string Create =
        """
        create table {schema}.sales_days (
            day                      date not null,
            country                  text collate "C" not null,
            currency                 text collate "C" not null,
            orders                   bigint not null,
            units                    bigint not null,
            free_units               bigint not null,
            revenue                  numeric(28,4) not null,
            booked                   bigint not null,
            charges                  numeric(28,4) not null,
            charges_booked           bigint not null,
            cancelled_orders         bigint not null,
            cancelled_units          bigint not null,
            cancelled_revenue        numeric(28,4) not null,
            cancelled_booked         bigint not null,
            cancelled_charges        numeric(28,4) not null,
            cancelled_charges_booked bigint not null,
            returns                  bigint not null,
            returned_units           bigint not null,
            refunded                 numeric(28,4) not null,
            refunded_booked          bigint not null,
            return_charges           numeric(28,4) not null,
            return_charges_booked    bigint not null,
            primary key (day, country, currency)
        ) with (fillfactor = 70);

        -- What an order came to, since the events that cancel it or take some of it back do not say.
        create table {schema}.order_figures (
            order_id       text collate "C" primary key,
            country        text not null,
            currency       text not null,
            units          bigint not null,
            revenue        numeric(28,4) not null,
            booked         bigint not null,
            charges        numeric(28,4) not null,
            charges_booked bigint not null
        );
        """;
}
