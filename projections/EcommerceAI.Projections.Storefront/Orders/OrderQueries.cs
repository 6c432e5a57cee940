using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>Reads orders, returns and the ledger.</summary>
public sealed class OrderQueries(ReadModels models)
{
    /// <summary>The projection that these queries read.</summary>
    public const string ProjectionName = "storefront_orders";

    private const string OrderColumns =
        """
        order_id, customer_id, country, location, placed_at, lines, units, returned_units, currency, goods, charges, total, refunded,
        cancelled_at, cancel_reason, version
        """;

    private const string ReturnColumns =
        "return_id, order_id, customer_id, country, received_at, reason, units, currency, goods, charges, version";

    private const string LineColumns = "line, sku, quantity, unit_price, amount";
    private const string ChargeColumns = "line, code, description, quantity, unit_price, amount";

    /// <summary>An order with its lines, charges and returns.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The order, or null where there is none of this id.</returns>
    public Task<ReadSnapshot<OrderDetail?>> FindAsync(string orderId, CancellationToken cancellation = default) =>
        models.QueryAsync(
            ProjectionName,
            [
                new($"select {OrderColumns} from {{schema}}.orders where order_id = $1", orderId),
                new($"select {LineColumns} from {{schema}}.order_lines where order_id = $1 order by line", orderId),
                new($"select {ChargeColumns} from {{schema}}.charges where document = 'order' and id = $1 order by line", orderId),
                new($"select {ReturnColumns} from {{schema}}.returns where order_id = $1 and order_id <> '' order by version", orderId),
                new(
                    $$"""
                     select {{LineColumns}}, l.return_id
                     from {schema}.returns r join {schema}.return_lines l using (return_id, order_id)
                     where r.order_id = $1 and r.order_id <> '' order by r.version, line
                     """,
                    orderId),
            ],
            ReadOrderAsync,
            cancellation);

    /// <summary>The orders of a customer, newest first.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most orders of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<OrderSummary, HistoryKey>>> ListByCustomerAsync(
        string customerId, HistoryKey? after, int size, CancellationToken cancellation = default) =>
        PageOrdersAsync("customer_id = $1", [customerId], after, size, cancellation);

    /// <summary>All orders, newest first.</summary>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most orders of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<OrderSummary, HistoryKey>>> ListAsync(
        HistoryKey? after, int size, CancellationToken cancellation = default) =>
        PageOrdersAsync("true", [], after, size, cancellation);

    /// <summary>The returns of a customer, with an order or without, newest first.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="after">The key that the last page ended with, or null for the first page.</param>
    /// <param name="size">The most returns of the page, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<KeysetPage<ReturnSummary, HistoryKey>>> ListReturnsByCustomerAsync(
        string customerId, HistoryKey? after, int size, CancellationToken cancellation = default)
    {
        var beyond = after is null ? "" : "and (received_at, return_id, order_id) < ($2, $3, $4)";
        return models.PageAsync(
            ProjectionName,
            new ReadQuery(
                $$"""
                 select {{ReturnColumns}} from {schema}.returns where customer_id = $1 {{beyond}}
                 order by received_at desc, return_id desc, order_id desc
                 """,
                after is null ? [customerId] : [customerId, after.At.UtcDateTime, after.Id, after.OrderId]),
            size, ReadReturn, row => new HistoryKey(row.ReceivedAt, row.ReturnId, row.OrderId ?? ""), cancellation);
    }

    /// <summary>A return that names no order, with its lines and charges.</summary>
    /// <param name="returnId">The return's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The return, or null where there is none of this id.</returns>
    public Task<ReadSnapshot<ReturnDetail?>> FindBlindReturnAsync(string returnId, CancellationToken cancellation = default) =>
        models.QueryAsync(
            ProjectionName,
            [
                new($"select {ReturnColumns} from {{schema}}.returns where return_id = $1 and order_id = ''", returnId),
                new($"select {LineColumns} from {{schema}}.return_lines where return_id = $1 and order_id = '' order by line", returnId),
                new($"select {ChargeColumns} from {{schema}}.charges where document = 'return' and id = $1 order by line", returnId),
            ],
            async (reader, token) => await reader.ReadAsync(token)
                ? new ReturnDetail(
                    ReadReturn(reader), await reader.ReadNextRowsAsync(ReadLine, token), await reader.ReadNextRowsAsync(ReadCharge, token))
                : null,
            cancellation);

    /// <summary>A bookkeeping entry with its lines.</summary>
    /// <param name="entryId">The entry's id.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The entry, or null where there is none of this id.</returns>
    public Task<ReadSnapshot<LedgerDetail?>> FindLedgerEntryAsync(string entryId, CancellationToken cancellation = default) =>
        models.QueryAsync(
            ProjectionName,
            [
                new("select entry_id, booked_at, total, currency from {schema}.ledger_entries where entry_id = $1", entryId),
                new($"select {ChargeColumns} from {{schema}}.charges where document = 'ledger' and id = $1 order by line", entryId),
            ],
            async (reader, token) => await reader.ReadAsync(token)
                ? new LedgerDetail(
                    reader.GetString(0), reader.GetMoment(1), new Money(reader.GetInt64(2), reader.GetString(3)),
                    await reader.ReadNextRowsAsync(ReadCharge, token))
                : null,
            cancellation);

    /// <summary>What a customer has bought and given back, a row a currency, in order of the currency's code.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<CustomerTotals>>> SumByCustomerAsync(string customerId, CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName,
            new ReadQuery(
                """
                select currency, sum(orders)::bigint, sum(cancelled)::bigint, sum(spent)::bigint, min(placed_at), max(placed_at)
                from (select currency, 1 as orders, (cancelled_at is not null)::integer as cancelled,
                             case when cancelled_at is null then total else 0 end as spent, placed_at
                      from {schema}.orders where customer_id = $1
                      union all
                      select currency, 0, 0, charges - goods, null from {schema}.returns where customer_id = $1) history
                group by currency order by currency
                """,
                customerId),
            row => new CustomerTotals(
                row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetMomentOrNull(4), row.GetMomentOrNull(5)),
            cancellation);

    /// <summary>
    /// What the read models hold of each kind of line, to be compared with what an import read: rows only for kinds that occur, in
    /// order of kind and currency.
    /// </summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<ReadSnapshot<List<LineTotals>>> SumLinesAsync(CancellationToken cancellation = default) =>
        models.ListAsync(
            ProjectionName,
            new ReadQuery(ReconciliationSql),
            row => new LineTotals(
                (LineKind)row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetDecimal(4), row.GetInt64(5)),
            cancellation);

    private const string ReconciliationSql =
        """
        with lines as (
            select case when l.unit_price = 0 then 1 else 0 end as kind, o.currency, l.quantity, l.unit_price, l.amount
            from {schema}.order_lines l join {schema}.orders o using (order_id)
            union all
            select 2, r.currency, l.quantity, l.unit_price, l.amount
            from {schema}.return_lines l join {schema}.returns r using (return_id, order_id)
            union all
            select 3, o.currency, c.quantity, c.unit_price, c.amount
            from {schema}.charges c join {schema}.orders o on o.order_id = c.id where c.document = 'order'
            union all
            select 3, r.currency, c.quantity, c.unit_price, c.amount
            from {schema}.charges c join {schema}.returns r on r.return_id = c.id and r.order_id = '' where c.document = 'return'
            union all
            select 4, e.currency, c.quantity, c.unit_price, c.amount
            from {schema}.charges c join {schema}.ledger_entries e on e.entry_id = c.id where c.document = 'ledger')
        select kind, currency, count(*), sum(quantity)::bigint, sum(quantity * unit_price), sum(amount)::bigint
        from lines group by kind, currency order by kind, currency
        """;

    private Task<ReadSnapshot<KeysetPage<OrderSummary, HistoryKey>>> PageOrdersAsync(
        string condition, List<object?> parameters, HistoryKey? after, int size, CancellationToken cancellation)
    {
        if (after is not null)
        {
            condition += $" and (placed_at, order_id) < (${parameters.Count + 1}, ${parameters.Count + 2})";
            parameters.AddRange([after.At.UtcDateTime, after.Id]);
        }

        return models.PageAsync(
            ProjectionName,
            new ReadQuery(
                $"select {OrderColumns} from {{schema}}.orders where {condition} order by placed_at desc, order_id desc", parameters),
            size, ReadSummary, order => new HistoryKey(order.PlacedAt, order.OrderId), cancellation);
    }

    private static async Task<OrderDetail?> ReadOrderAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        if (!await reader.ReadAsync(cancellation)) return null;
        var (summary, cancelledAt, reason) = (ReadSummary(reader), reader.GetMomentOrNull(13), reader.GetText(14));
        var lines = await reader.ReadNextRowsAsync(ReadLine, cancellation);
        var charges = await reader.ReadNextRowsAsync(ReadCharge, cancellation);
        var returns = await reader.ReadNextRowsAsync(ReadReturn, cancellation);
        var returned = (await reader.ReadNextRowsAsync(row => (ReturnId: row.GetString(5), Line: ReadLine(row)), cancellation))
            .ToLookup(row => row.ReturnId, row => row.Line, StringComparer.Ordinal);
        return new OrderDetail(
            summary, lines, charges, [.. returns.Select(row => new ReturnDetail(row, [.. returned[row.ReturnId]], []))], cancelledAt, reason);
    }

    private static OrderSummary ReadSummary(NpgsqlDataReader row)
    {
        var (units, returned, currency) = (row.GetInt64(6), row.GetInt64(7), row.GetString(8));
        var state = row.IsDBNull(13)
            ? returned == 0 ? OrderState.Placed : returned < units ? OrderState.PartlyReturned : OrderState.Returned
            : OrderState.Cancelled;
        return new OrderSummary(
            row.GetString(0), row.GetText(1), row.GetString(2), row.GetString(3), row.GetMoment(4), state, row.GetInt32(5), units, returned,
            new Money(row.GetInt64(9), currency), new Money(row.GetInt64(10), currency), new Money(row.GetInt64(11), currency),
            new Money(row.GetInt64(12), currency), row.GetInt64(15));
    }

    private static ReturnSummary ReadReturn(NpgsqlDataReader row)
    {
        var currency = row.GetString(7);
        return new ReturnSummary(
            row.GetString(0), row.GetString(1) is { Length: > 0 } orderId ? orderId : null, row.GetText(2), row.GetString(3), row.GetMoment(4),
            row.GetText(5), row.GetInt64(6), new Money(row.GetInt64(8), currency), new Money(row.GetInt64(9), currency), row.GetInt64(10));
    }

    private static GoodsLine ReadLine(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetDecimal(3), row.GetInt64(4));

    private static ChargeLine ReadCharge(NpgsqlDataReader row) =>
        new(row.GetInt32(0), row.GetString(1), row.GetText(2), row.GetInt32(3), row.GetDecimal(4), row.GetInt64(5));
}
