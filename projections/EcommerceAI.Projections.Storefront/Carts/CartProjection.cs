using EcommerceAI.Commerce.Carts;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Carts;

/// <summary>
/// Carts and wish lists, a row a line: a change of a cart touches the rows of that change and nothing else. Totals are summed when a
/// cart is read, over the lines that are read anyway.
/// </summary>
public sealed class CartProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => CartQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(CartEvent), typeof(WishListEvent)];

    /// <inheritdoc/>
    public string Tables =>
        """
        create table {schema}.carts (
            cart_id     text collate "C" primary key,
            customer_id text collate "C",
            currency    text not null,
            channel     text not null,
            status      text not null,
            order_id    text,
            changed_at  timestamptz not null,
            version     bigint not null
        ) with (fillfactor = 50);
        create index carts_customer on {schema}.carts (customer_id, changed_at desc) where customer_id is not null;

        create table {schema}.cart_lines (
            cart_id    text collate "C" not null,
            saved      boolean not null,
            sku        text collate "C" not null,
            quantity   integer not null,
            unit_price numeric(19,4) not null,
            since      bigint not null,
            primary key (cart_id, saved, sku)
        ) with (fillfactor = 70);

        create table {schema}.wishes (
            customer_id text collate "C" not null,
            sku         text collate "C" not null,
            since       bigint not null,
            primary key (customer_id, sku)
        );
        """;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var changes = new CartChanges(batch.Events);
        await InsertCartsAsync(batch, [.. changes.Carts.Values.Where(cart => cart.Created is not null)]);
        await UpdateCartsAsync(batch, [.. changes.Carts.Values.Where(cart => cart.Created is null)]);
        await WriteLinesAsync(batch, [.. changes.Lines.Where(line => line.Value is not null)]);
        await DeleteLinesAsync(batch, [.. changes.Lines.Where(line => line.Value is null).Select(line => line.Key)]);
        await WriteWishesAsync(batch, changes.Wishes);
    }

    private static Task InsertCartsAsync(ProjectionBatch batch, CartChange[] carts) => carts.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        insert into {schema}.carts (cart_id, customer_id, currency, channel, status, order_id, changed_at, version)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::bigint[])
        on conflict (cart_id) do nothing
        """,
        carts.Select(cart => cart.CartId).ToArray(),
        carts.Select(cart => cart.CustomerId ?? cart.Created!.CustomerId).ToArray(),
        carts.Select(cart => cart.Created!.Currency).ToArray(),
        carts.Select(cart => cart.Created!.Channel).ToArray(),
        carts.Select(cart => (cart.Status ?? CartStatus.Open).ToString()).ToArray(),
        carts.Select(cart => cart.OrderId).ToArray(),
        carts.Select(cart => cart.At).ToArray(),
        carts.Select(cart => cart.Version).ToArray());

    private static Task UpdateCartsAsync(ProjectionBatch batch, CartChange[] carts) => carts.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        update {schema}.carts c
        set customer_id = coalesce(n.customer_id, c.customer_id), status = coalesce(n.status, c.status),
            order_id = case when n.status is null then c.order_id else n.order_id end, changed_at = n.changed_at, version = n.version
        from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[])
            as n (cart_id, customer_id, status, order_id, changed_at, version)
        where c.cart_id = n.cart_id
        """,
        carts.Select(cart => cart.CartId).ToArray(),
        carts.Select(cart => cart.CustomerId).ToArray(),
        carts.Select(cart => cart.Status?.ToString()).ToArray(),
        carts.Select(cart => cart.OrderId).ToArray(),
        carts.Select(cart => cart.At).ToArray(),
        carts.Select(cart => cart.Version).ToArray());

    private static Task WriteLinesAsync(ProjectionBatch batch, KeyValuePair<CartLineKey, CartRow?>[] lines) => lines.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        insert into {schema}.cart_lines as l (cart_id, saved, sku, quantity, unit_price, since)
        select * from unnest($1::text[], $2::boolean[], $3::text[], $4::integer[], $5::numeric[], $6::bigint[])
        on conflict (cart_id, saved, sku) do update set quantity = excluded.quantity, unit_price = excluded.unit_price
        """,
        lines.Select(line => line.Key.CartId).ToArray(),
        lines.Select(line => line.Key.Saved).ToArray(),
        lines.Select(line => line.Key.Sku).ToArray(),
        lines.Select(line => line.Value!.Line.Quantity).ToArray(),
        lines.Select(line => line.Value!.Line.UnitPrice).ToArray(),
        lines.Select(line => line.Value!.Since).ToArray());

    private static Task DeleteLinesAsync(ProjectionBatch batch, CartLineKey[] keys) => keys.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        delete from {schema}.cart_lines l using unnest($1::text[], $2::boolean[], $3::text[]) as g (cart_id, saved, sku)
        where l.cart_id = g.cart_id and l.saved = g.saved and l.sku = g.sku
        """,
        keys.Select(key => key.CartId).ToArray(),
        keys.Select(key => key.Saved).ToArray(),
        keys.Select(key => key.Sku).ToArray());

    private static async Task WriteWishesAsync(ProjectionBatch batch, Dictionary<(string CustomerId, string Sku), long?> wishes)
    {
        if (wishes.Count == 0) return;
        var gone = wishes.Where(wish => wish.Value is null).Select(wish => wish.Key).ToArray();
        var there = wishes.Where(wish => wish.Value is not null).ToArray();
        await batch.ExecuteAsync(
            """
            delete from {schema}.wishes w using unnest($1::text[], $2::text[]) as g (customer_id, sku)
            where w.customer_id = g.customer_id and w.sku = g.sku
            """,
            gone.Select(wish => wish.CustomerId).ToArray(), gone.Select(wish => wish.Sku).ToArray());
        await batch.ExecuteAsync(
            """
            insert into {schema}.wishes (customer_id, sku, since) select * from unnest($1::text[], $2::text[], $3::bigint[])
            on conflict (customer_id, sku) do nothing
            """,
            there.Select(wish => wish.Key.CustomerId).ToArray(), there.Select(wish => wish.Key.Sku).ToArray(),
            there.Select(wish => wish.Value!.Value).ToArray());
    }
}
