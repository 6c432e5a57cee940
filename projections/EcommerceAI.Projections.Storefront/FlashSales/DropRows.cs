using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.FlashSales;

/// <summary>Writes what a batch says of drops and reservations: sums as differences, the rest as it is told.</summary>
internal static class DropRows
{
    public static Task WriteAsync(ProjectionBatch batch, DropChange[] changes) => batch.ExecuteAsync(
        """
        insert into {schema}.drops as d
            (drop_id, sku, location, quantity, starts_at, ends_at, per_customer, taken, sold, waiting, is_closed, version)
        select drop_id, sku, location, coalesce(quantity, 0), starts_at, ends_at, coalesce(per_customer, 0), taken, sold, waiting, is_closed, version
        from unnest(
            $1::text[], $2::text[], $3::text[], $4::integer[], $5::timestamptz[], $6::timestamptz[], $7::integer[],
            $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[], $12::bigint[])
            as n (drop_id, sku, location, quantity, starts_at, ends_at, per_customer, taken, sold, waiting, is_closed, version)
        on conflict (drop_id) do update set
            sku = coalesce(excluded.sku, d.sku), location = coalesce(excluded.location, d.location),
            quantity = d.quantity + excluded.quantity, per_customer = d.per_customer + excluded.per_customer,
            starts_at = coalesce(excluded.starts_at, d.starts_at), ends_at = coalesce(excluded.ends_at, d.ends_at),
            taken = d.taken + excluded.taken, sold = d.sold + excluded.sold, waiting = d.waiting + excluded.waiting,
            is_closed = d.is_closed or excluded.is_closed, version = excluded.version
        """,
        Of(changes, change => change.DropId),
        Of(changes, change => change.Plan?.Sku),
        Of(changes, change => change.Plan?.Location),
        Of(changes, change => change.Plan?.Quantity),
        Of(changes, change => change.Plan?.StartsAt.UtcDateTime),
        Of(changes, change => change.Plan?.EndsAt.UtcDateTime),
        Of(changes, change => change.Plan?.LimitPerCustomer),
        Of(changes, change => change.Taken),
        Of(changes, change => change.Sold),
        Of(changes, change => change.Waiting),
        Of(changes, change => change.IsClosed),
        Of(changes, change => change.Version));

    public static Task WriteAsync(ProjectionBatch batch, ReservationChange[] changes) => changes.Length == 0 ? Task.CompletedTask : batch.ExecuteAsync(
        """
        insert into {schema}.drop_reservations as r (drop_id, reservation_id, status, quantity, ticket, expires_at, order_id, version)
        select drop_id, reservation_id, status, quantity, coalesce(ticket, 0), expires_at, order_id, version
        from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::bigint[], $6::timestamptz[], $7::text[], $8::bigint[])
            as n (drop_id, reservation_id, status, quantity, ticket, expires_at, order_id, version)
        on conflict (drop_id, reservation_id) do update set
            status = excluded.status, quantity = excluded.quantity, ticket = greatest(excluded.ticket, r.ticket),
            expires_at = coalesce(excluded.expires_at, r.expires_at), order_id = coalesce(excluded.order_id, r.order_id), version = excluded.version
        """,
        Of(changes, change => change.DropId),
        Of(changes, change => change.ReservationId),
        Of(changes, change => change.Status.ToString()),
        Of(changes, change => change.Quantity),
        Of(changes, change => change.Ticket),
        Of(changes, change => change.ExpiresAt?.UtcDateTime),
        Of(changes, change => change.OrderId),
        Of(changes, change => change.Version));

    private static TValue[] Of<TRow, TValue>(TRow[] rows, Func<TRow, TValue> value) => Array.ConvertAll(rows, row => value(row));
}
