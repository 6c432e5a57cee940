using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Projections.Storefront.Sales;

/// <summary>Sales by day, country and currency.</summary>
public sealed class SalesProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => SalesQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 1;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(OrderEvent), typeof(ReturnEvent)];

    /// <inheritdoc/>
    public string Tables => SalesTables.Create;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var placed = batch.Events.Select(recorded => recorded.Data).OfType<OrderPlaced>().Select(OrderFigures.Of).ToArray();
        await InsertFiguresAsync(batch, placed);
        var orders = placed.ToDictionary(order => order.OrderId, StringComparer.Ordinal);
        foreach (var earlier in await ReadFiguresAsync(batch, orders)) orders.Add(earlier.OrderId, earlier);

        var days = new Dictionary<(DateOnly, string, string), SalesDay>();
        foreach (var recorded in batch.Events) Add(days, orders, recorded);
        await SalesDay.Table.AddAsync(batch, [.. days.Values]);
    }

    private static void Add(
        Dictionary<(DateOnly, string, string), SalesDay> days, Dictionary<string, OrderFigures> orders, RecordedEvent recorded)
    {
        SalesDay DayOf(string country, string currency)
        {
            var key = (TradingDay.Of(recorded.Timestamp), country, currency);
            if (!days.TryGetValue(key, out var day)) days[key] = day = new SalesDay(key.Item1, country, currency);
            return day;
        }

        switch (recorded.Data)
        {
            case OrderPlaced placed:
                DayOf(placed.Country, placed.Total.Currency).Place(orders[placed.OrderId], placed.Lines);
                break;
            case OrderCancelled cancelled when orders.TryGetValue(cancelled.OrderId, out var order):
                DayOf(order.Country, order.Currency).Cancel(order);
                break;
            case OrderReturned returned when orders.TryGetValue(returned.OrderId, out var order):
                DayOf(order.Country, returned.Refund.Currency).TakeBack(returned.Lines, returned.Refund.Minor, []);
                break;
            case ReturnReceived received:
                DayOf(received.Country, received.Total.Currency)
                    .TakeBack(received.Lines, received.Lines.Sum(line => line.Amount), received.Charges);
                break;
        }
    }

    private static async Task<List<OrderFigures>> ReadFiguresAsync(ProjectionBatch batch, Dictionary<string, OrderFigures> known)
    {
        var wanted = batch.Events
            .Select(recorded => recorded.Data switch
            {
                OrderCancelled cancelled => cancelled.OrderId,
                OrderReturned returned => returned.OrderId,
                _ => null,
            })
            .Where(orderId => orderId is not null && !known.ContainsKey(orderId)).Distinct(StringComparer.Ordinal).ToArray();
        if (wanted.Length == 0) return [];
        return await batch.QueryAsync(
            """
            select order_id, country, currency, units, revenue, booked, charges, charges_booked
            from {schema}.order_figures where order_id = any($1::text[])
            """,
            row => new OrderFigures(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetDecimal(4), row.GetInt64(5), row.GetDecimal(6),
                row.GetInt64(7)),
            [wanted]);
    }

    private static async Task InsertFiguresAsync(ProjectionBatch batch, OrderFigures[] placed)
    {
        if (placed.Length == 0) return;
        await batch.ExecuteAsync(
            """
            insert into {schema}.order_figures (order_id, country, currency, units, revenue, booked, charges, charges_booked)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::numeric[], $6::bigint[], $7::numeric[], $8::bigint[])
            """,
            placed.Select(order => order.OrderId).ToArray(),
            placed.Select(order => order.Country).ToArray(),
            placed.Select(order => order.Currency).ToArray(),
            placed.Select(order => order.Units).ToArray(),
            placed.Select(order => order.Revenue).ToArray(),
            placed.Select(order => order.Booked).ToArray(),
            placed.Select(order => order.Charges).ToArray(),
            placed.Select(order => order.ChargesBooked).ToArray());
    }
}
