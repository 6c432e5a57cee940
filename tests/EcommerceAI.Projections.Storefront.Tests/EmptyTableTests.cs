using EcommerceAI.Projections.Storefront.Customers;
using EcommerceAI.Projections.Storefront.Orders;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Projections.Storefront.Sales;
using EcommerceAI.Projections.Storefront.Stock;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class EmptyTableTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateOnly Day = new(2011, 5, 1);

    [Fact]
    public async Task Every_query_answers_from_empty_tables()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.CatchUpAsync(
            new ProductProjection(), new OrderProjection(), new SalesProjection(), new StockOnHandProjection(), new CustomerProjection());

        var products = new ProductQueries(shop.Models);
        (await products.FindAsync("NONE")).Value.ShouldBeNull();
        foreach (var order in Enum.GetValues<ProductOrder>())
        {
            (await products.ListAsync(order, null, null, 10)).Value.Items.ShouldBeEmpty();
            (await products.ListAsync(order, "c", new ProductKey("A", "A", DateTimeOffset.UnixEpoch), 10)).Value.Items.ShouldBeEmpty();
        }

        (await products.ListPricesAsync("NONE", null, 10)).Value.Items.ShouldBeEmpty();
        (await products.ListBestSellersAsync(Day, Day, "GBP", 10)).Value.ShouldBeEmpty();

        var orders = new OrderQueries(shop.Models);
        var key = new HistoryKey(DateTimeOffset.UnixEpoch, "1");
        (await orders.FindAsync("1")).Value.ShouldBeNull();
        (await orders.ListAsync(null, 10)).Value.Items.ShouldBeEmpty();
        (await orders.ListByCustomerAsync("C", key, 10)).Value.Items.ShouldBeEmpty();
        (await orders.ListReturnsByCustomerAsync("C", null, 10)).Value.Items.ShouldBeEmpty();
        (await orders.ListReturnsByCustomerAsync("C", key, 10)).Value.Items.ShouldBeEmpty();
        (await orders.FindBlindReturnAsync("C1")).Value.ShouldBeNull();
        (await orders.FindLedgerEntryAsync("A1")).Value.ShouldBeNull();
        (await orders.SumByCustomerAsync("C")).Value.ShouldBeEmpty();
        (await orders.SumLinesAsync()).Value.ShouldBeEmpty();

        var sales = new SalesQueries(shop.Models);
        foreach (var grouping in Enum.GetValues<SalesGrouping>())
        {
            (await sales.ListAsync(Day, Day, null, grouping, null, 10)).Value.Items.ShouldBeEmpty();
            (await sales.ListAsync(Day, Day, "France", grouping, new SalesKey(Day, "France", "GBP"), 10)).Value.Items.ShouldBeEmpty();
        }

        var stock = new StockOnHandQueries(shop.Models);
        (await stock.FindAsync("NONE")).Value.ShouldBeNull();
        (await stock.FindManyAsync([])).Value.ShouldBeEmpty();
        (await stock.ListAsync(new StockKey("A"), 10)).Value.Items.ShouldBeEmpty();

        var customers = new CustomerQueries(shop.Models);
        (await customers.FindAsync("C")).Value.ShouldBeNull();
        (await customers.ListAsync(null, 10)).Value.Items.ShouldBeEmpty();
    }
}
