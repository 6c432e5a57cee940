using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>Orders, returns and the ledger with all their lines, as customers and the back office look them up.</summary>
public sealed class OrderProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => OrderQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(OrderEvent), typeof(ReturnEvent), typeof(LedgerEvent)];

    /// <inheritdoc/>
    public string Tables => OrderTables.Create;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var changes = new OrderChanges(batch.Events);
        await InsertOrdersAsync(batch, changes.Placed);
        await UpdateOrdersAsync(batch, [.. changes.Later.Values]);
        // After the orders: a return takes customer and country from its order, which may have come in this very batch.
        await InsertReturnsAsync(batch, changes.Returned);
        await InsertBlindReturnsAsync(batch, changes.Received);
        await InsertLedgerAsync(batch, changes.Booked);
        await batch.CopyLinesAsync("order_lines", "order_id", changes.OrderLines, cancellation);
        await batch.CopyLinesAsync("return_lines", "order_id, return_id", changes.ReturnLines, cancellation);
        await batch.CopyChargesAsync(changes.Charges, cancellation);
    }

    private static async Task InsertOrdersAsync(ProjectionBatch batch, List<Recorded<OrderPlaced>> placed)
    {
        if (placed.Count == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.orders
                (order_id, customer_id, country, location, placed_at, lines, units, returned_units, currency, goods, charges, total,
                 refunded, version)
            select order_id, customer_id, country, location, placed_at, lines, units, 0, currency, goods, charges, total, 0, version
            from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::integer[], $7::bigint[], $8::text[],
                        $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
                as o (order_id, customer_id, country, location, placed_at, lines, units, currency, goods, charges, total, version)
            """,
            placed.Select(order => order.Data.OrderId).ToArray(),
            placed.Select(order => order.Data.CustomerId).ToArray(),
            placed.Select(order => order.Data.Country).ToArray(),
            placed.Select(order => order.Data.Location).ToArray(),
            placed.Select(order => order.At).ToArray(),
            placed.Select(order => order.Data.Lines.Count).ToArray(),
            placed.Select(order => UnitsOf(order.Data.Lines)).ToArray(),
            placed.Select(order => order.Data.Total.Currency).ToArray(),
            placed.Select(order => GoodsOf(order.Data.Lines)).ToArray(),
            placed.Select(order => ChargesOf(order.Data.Charges)).ToArray(),
            placed.Select(order => order.Data.Total.Minor).ToArray(),
            placed.Select(order => order.Version).ToArray());
    }

    private static async Task UpdateOrdersAsync(ProjectionBatch batch, OrderChange[] changes)
    {
        if (changes.Length == 0) return;
        await batch.ExecuteAsync(
            """
            update {schema}.orders o set
                returned_units = o.returned_units + c.units, refunded = o.refunded + c.refunded,
                cancelled_at = coalesce(c.cancelled_at, o.cancelled_at),
                cancel_reason = case when c.cancelled_at is null then o.cancel_reason else c.reason end,
                version = c.version
            from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::bigint[])
                as c (order_id, units, refunded, cancelled_at, reason, version)
            where o.order_id = c.order_id
            """,
            changes.Select(change => change.OrderId).ToArray(),
            changes.Select(change => change.ReturnedUnits).ToArray(),
            changes.Select(change => change.Refunded).ToArray(),
            changes.Select(change => change.CancelledAt).ToArray(),
            changes.Select(change => change.Reason).ToArray(),
            changes.Select(change => change.Version).ToArray());
    }

    private static async Task InsertReturnsAsync(ProjectionBatch batch, List<Recorded<OrderReturned>> returned)
    {
        if (returned.Count == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.returns
                (order_id, return_id, customer_id, country, location, received_at, reason, units, currency, goods, charges, version)
            select r.order_id, r.return_id, o.customer_id, o.country, o.location, r.received_at, r.reason, r.units, r.currency, r.goods, 0,
                   r.version
            from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[])
                as r (order_id, return_id, received_at, reason, units, currency, goods, version)
            join {schema}.orders o on o.order_id = r.order_id
            """,
            returned.Select(row => row.Data.OrderId).ToArray(),
            returned.Select(row => row.Data.ReturnId).ToArray(),
            returned.Select(row => row.At).ToArray(),
            returned.Select(row => row.Data.Reason).ToArray(),
            returned.Select(row => UnitsOf(row.Data.Lines)).ToArray(),
            returned.Select(row => row.Data.Refund.Currency).ToArray(),
            returned.Select(row => row.Data.Refund.Minor).ToArray(),
            returned.Select(row => row.Version).ToArray());
    }

    private static async Task InsertBlindReturnsAsync(ProjectionBatch batch, List<Recorded<ReturnReceived>> received)
    {
        if (received.Count == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.returns
                (order_id, return_id, customer_id, country, location, received_at, units, currency, goods, charges, version)
            select '', * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bigint[], $7::text[],
                                     $8::bigint[], $9::bigint[], $10::bigint[])
            """,
            received.Select(row => row.Data.ReturnId).ToArray(),
            received.Select(row => row.Data.CustomerId).ToArray(),
            received.Select(row => row.Data.Country).ToArray(),
            received.Select(row => row.Data.Location).ToArray(),
            received.Select(row => row.At).ToArray(),
            received.Select(row => UnitsOf(row.Data.Lines)).ToArray(),
            received.Select(row => row.Data.Total.Currency).ToArray(),
            received.Select(row => GoodsOf(row.Data.Lines)).ToArray(),
            received.Select(row => ChargesOf(row.Data.Charges)).ToArray(),
            received.Select(row => row.Version).ToArray());
    }

    private static async Task InsertLedgerAsync(ProjectionBatch batch, List<Recorded<LedgerEntryBooked>> booked)
    {
        if (booked.Count == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.ledger_entries (entry_id, booked_at, currency, total)
            select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::bigint[])
            """,
            booked.Select(entry => entry.Data.EntryId).ToArray(),
            booked.Select(entry => entry.At).ToArray(),
            booked.Select(entry => entry.Data.Total.Currency).ToArray(),
            booked.Select(entry => entry.Data.Total.Minor).ToArray());
    }

    private static long UnitsOf(IReadOnlyList<OrderLine> lines) => lines.Sum(line => (long)line.Quantity);

    private static long GoodsOf(IReadOnlyList<OrderLine> lines) => lines.Sum(line => line.Amount);

    private static long ChargesOf(IReadOnlyList<OrderCharge> charges) => charges.Sum(charge => charge.Amount);
}
