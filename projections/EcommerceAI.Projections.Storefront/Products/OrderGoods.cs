using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Projections;
using NpgsqlTypes;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>What an order held, as far as its products are concerned.</summary>
internal sealed record OrderGoods(string OrderId, string Currency, string[] Skus, int[] Quantities, decimal[] UnitPrices)
{
    /// <summary>Its different SKUs, or null where it does not count for what is bought together.</summary>
    public string[]? Basket { get; } = Baskets.Of(Skus);

    /// <summary>Keeps the goods of the orders placed in the batch.</summary>
    /// <returns>Those, and those of earlier orders that the batch cancels, by order id.</returns>
    public static async Task<Dictionary<string, OrderGoods>> ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        var goods = new Dictionary<string, OrderGoods>(StringComparer.Ordinal);
        foreach (var placed in batch.Events.Select(recorded => recorded.Data).OfType<OrderPlaced>())
            goods.Add(placed.OrderId, Of(placed));
        await InsertAsync(batch, goods.Values, cancellation);
        var cancelled = batch.Events.Select(recorded => recorded.Data).OfType<OrderCancelled>().Select(order => order.OrderId)
            .Distinct(StringComparer.Ordinal).ToArray();
        if (cancelled.Length == 0) return goods;
        foreach (var earlier in await ReadAsync(batch, [.. cancelled.Where(orderId => !goods.ContainsKey(orderId))]))
            goods.Add(earlier.OrderId, earlier);
        await batch.ExecuteAsync("update {schema}.order_goods set basket = null where order_id = any($1::text[])", [cancelled]);
        return goods;
    }

    private static OrderGoods Of(OrderPlaced placed) => new(
        placed.OrderId, placed.Total.Currency, [.. placed.Lines.Select(line => line.Sku)], [.. placed.Lines.Select(line => line.Quantity)],
        [.. placed.Lines.Select(line => line.UnitPrice)]);

    private static async Task InsertAsync(ProjectionBatch batch, Dictionary<string, OrderGoods>.ValueCollection orders, CancellationToken cancellation)
    {
        if (orders.Count == 0) return;
        await batch.CopyAsync(
            "order_goods", "order_id, currency, skus, quantities, unit_prices, basket",
            async copy =>
            {
                foreach (var order in orders)
                {
                    await copy.StartRowAsync(cancellation);
                    await copy.WriteAsync(order.OrderId, NpgsqlDbType.Text, cancellation);
                    await copy.WriteAsync(order.Currency, NpgsqlDbType.Text, cancellation);
                    await copy.WriteAsync(order.Skus, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation);
                    await copy.WriteAsync(order.Quantities, NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellation);
                    await copy.WriteAsync(order.UnitPrices, NpgsqlDbType.Array | NpgsqlDbType.Numeric, cancellation);
                    await copy.WriteAsync(order.Basket, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellation);
                }
            },
            cancellation);
    }

    private static Task<List<OrderGoods>> ReadAsync(ProjectionBatch batch, string[] orderIds) =>
        batch.QueryAsync(
            "select order_id, currency, skus, quantities, unit_prices from {schema}.order_goods where order_id = any($1::text[])",
            row => new OrderGoods(
                row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2), row.GetFieldValue<int[]>(3),
                row.GetFieldValue<decimal[]>(4)),
            [orderIds]);
}
