namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>The tables of the projection of this folder.</summary>
internal static class OrderTables
{
    // Returns that name no order have the empty order id, since a key column cannot be null.
    public const string Create =
        """
        create table {schema}.orders (
            order_id       text collate "C" primary key,
            customer_id    text collate "C",
            country        text not null,
            location       text not null,
            placed_at      timestamptz not null,
            lines          integer not null,
            units          bigint not null,
            returned_units bigint not null,
            currency       text not null,
            goods          bigint not null,
            charges        bigint not null,
            total          bigint not null,
            refunded       bigint not null,
            cancelled_at   timestamptz,
            cancel_reason  text,
            version        bigint not null
        ) with (fillfactor = 90);
        create index orders_customer on {schema}.orders (customer_id, placed_at desc, order_id desc) where customer_id is not null;
        create index orders_placed on {schema}.orders (placed_at desc, order_id desc);

        create table {schema}.order_lines (
            order_id   text collate "C" not null,
            line       integer not null,
            sku        text collate "C" not null,
            quantity   integer not null,
            unit_price numeric(19,4) not null,
            amount     bigint not null,
            primary key (order_id, line)
        );

        create table {schema}.returns (
            order_id    text collate "C" not null,
            return_id   text collate "C" not null,
            customer_id text collate "C",
            country     text not null,
            location    text not null,
            received_at timestamptz not null,
            reason      text,
            units       bigint not null,
            currency    text not null,
            goods       bigint not null,
            charges     bigint not null,
            version     bigint not null,
            primary key (return_id, order_id)
        );
        create index returns_order on {schema}.returns (order_id, version) where order_id <> '';
        create index returns_customer on {schema}.returns (customer_id, received_at desc, return_id desc, order_id desc)
            where customer_id is not null;

        create table {schema}.return_lines (
            order_id   text collate "C" not null,
            return_id  text collate "C" not null,
            line       integer not null,
            sku        text collate "C" not null,
            quantity   integer not null,
            unit_price numeric(19,4) not null,
            amount     bigint not null,
            primary key (return_id, order_id, line)
        );

        create table {schema}.ledger_entries (
            entry_id  text collate "C" primary key,
            booked_at timestamptz not null,
            currency  text not null,
            total     bigint not null
        );

        create table {schema}.charges (
            document    text collate "C" not null check (document in ('order', 'return', 'ledger')),
            id          text collate "C" not null,
            line        integer not null,
            code        text not null,
            description text,
            quantity    integer not null,
            unit_price  numeric(19,4) not null,
            amount      bigint not null,
            primary key (document, id, line)
        );
        """;
}
