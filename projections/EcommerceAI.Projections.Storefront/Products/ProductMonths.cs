using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Projections;

using Column = EcommerceAI.Projections.Storefront.SumColumn<System.Collections.Generic.KeyValuePair<(string Sku, System.DateOnly Month, string Currency), EcommerceAI.Projections.Storefront.Products.ProductMonths.Row>>;
namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>Differences of a batch for <c>product_months</c>.</summary>
internal sealed class ProductMonths
{
    private static readonly SumTable<KeyValuePair<(string Sku, DateOnly Month, string Currency), Row>> Table = new(
        "product_months",
        [Column.Text("sku", row => row.Key.Sku), Column.Date("month", row => row.Key.Month), Column.Text("currency", row => row.Key.Currency)],
        [
            Column.Whole("units", row => row.Value.Units),
            Column.Whole("free_units", row => row.Value.FreeUnits),
            Column.Exact("revenue", row => row.Value.Revenue),
            Column.Whole("cancelled_units", row => row.Value.CancelledUnits),
            Column.Exact("cancelled_revenue", row => row.Value.CancelledRevenue),
            Column.Whole("returned_units", row => row.Value.ReturnedUnits),
            Column.Exact("refunded", row => row.Value.Refunded),
        ]);

    private readonly Dictionary<(string Sku, DateOnly Month, string Currency), Row> _rows = [];

    public void Sell(DateOnly month, OrderGoods order)
    {
        for (var i = 0; i < order.Skus.Length; i++)
        {
            var row = RowOf(order.Skus[i], month, order.Currency);
            if (order.UnitPrices[i] == 0) row.FreeUnits += order.Quantities[i];
            else row.Units += order.Quantities[i];
            row.Revenue += order.Quantities[i] * order.UnitPrices[i];
        }
    }

    public void Cancel(DateOnly month, OrderGoods order)
    {
        for (var i = 0; i < order.Skus.Length; i++)
        {
            var row = RowOf(order.Skus[i], month, order.Currency);
            row.CancelledUnits += order.Quantities[i];
            row.CancelledRevenue += order.Quantities[i] * order.UnitPrices[i];
        }
    }

    public void TakeBack(DateOnly month, string currency, IReadOnlyList<OrderLine> lines)
    {
        foreach (var line in lines)
        {
            var row = RowOf(line.Sku, month, currency);
            row.ReturnedUnits += line.Quantity;
            row.Refunded += line.Quantity * line.UnitPrice;
        }
    }

    public Task WriteAsync(ProjectionBatch batch) => Table.AddAsync(batch, [.. _rows]);

    private Row RowOf(string sku, DateOnly month, string currency)
    {
        var key = (sku, month, currency);
        if (!_rows.TryGetValue(key, out var row)) _rows[key] = row = new Row();
        return row;
    }

    internal sealed class Row
    {
        public long Units { get; set; }

        public long FreeUnits { get; set; }

        public decimal Revenue { get; set; }

        public long CancelledUnits { get; set; }

        public decimal CancelledRevenue { get; set; }

        public long ReturnedUnits { get; set; }

        public decimal Refunded { get; set; }
    }
}
