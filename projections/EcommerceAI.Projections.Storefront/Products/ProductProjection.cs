using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>Product pages: what the catalogue says, list prices over time, sales by month, and what is bought together.</summary>
public sealed class ProductProjection : IProjection
{
    /// <inheritdoc/>
    public string Name => ProductQueries.ProjectionName;

    /// <inheritdoc/>
    public int Version => 3;

    /// <inheritdoc/>
    public IReadOnlyList<Type> Handles { get; } = [typeof(ProductEvent), typeof(OrderEvent), typeof(ReturnEvent)];

    /// <inheritdoc/>
    public string Tables => ProductTables.Create;

    /// <inheritdoc/>
    public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
    {
        await CatalogRows.ApplyAsync(batch, cancellation);
        var goods = await OrderGoods.ApplyAsync(batch, cancellation);
        var sales = new ProductMonths();
        var baskets = new Baskets();
        var changes = new PageChanges();
        foreach (var recorded in batch.Events)
        {
            var month = TradingDay.MonthOf(recorded.Timestamp);
            switch (recorded.Data)
            {
                case ProductEvent product:
                    changes.Note([product.Sku], recorded.Position);
                    break;
                case OrderPlaced placed:
                    changes.Note(goods[placed.OrderId].Skus, recorded.Position);
                    sales.Sell(month, goods[placed.OrderId]);
                    baskets.Count(goods[placed.OrderId], 1);
                    break;
                case OrderCancelled cancelled when goods.TryGetValue(cancelled.OrderId, out var order):
                    changes.Note(order.Skus, recorded.Position);
                    sales.Cancel(month, order);
                    baskets.Count(order, -1);
                    break;
                case OrderReturned returned:
                    changes.Note(returned.Lines.Select(line => line.Sku), recorded.Position);
                    sales.TakeBack(month, returned.Refund.Currency, returned.Lines);
                    break;
                case ReturnReceived received:
                    changes.Note(received.Lines.Select(line => line.Sku), recorded.Position);
                    sales.TakeBack(month, received.Total.Currency, received.Lines);
                    break;
            }
        }

        await sales.WriteAsync(batch);
        await baskets.WriteAsync(batch);
        await changes.WriteAsync(batch);
    }
}
