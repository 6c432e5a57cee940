using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Storefront.Customers;
using EcommerceAI.Projections.Storefront.Orders;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Projections.Storefront.Sales;
using EcommerceAI.Projections.Storefront.Stock;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class RebuildTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly IProjection[] Projections =
    [
        new ProductProjection(), new OrderProjection(), new SalesProjection(), new StockOnHandProjection(), new CustomerProjection(),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Rows_do_not_depend_on_how_events_are_cut_into_batches(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(ShopHistory.Of(seed, 400));
        foreach (var projection in Projections)
        {
            var whole = await shop.ProjectApartAsync(projection, 1000);
            whole.ShouldNotBeEmpty();
            (await shop.ProjectApartAsync(projection, 1)).ShouldBe(whole, projection.Name);
            (await shop.ProjectApartAsync(projection, 7)).ShouldBe(whole, projection.Name);
        }
    }

    [Fact]
    public async Task A_verification_finds_no_difference_after_appends_and_a_rebuild()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        foreach (var part in ShopHistory.Of(4, 400).Chunk(150))
        {
            await shop.AppendAsync(part);
            await shop.CatchUpAsync(Projections);
        }

        foreach (var projection in Projections)
        {
            (await new ProjectionVerification(shop.Store).RunAsync(projection)).IsEqual.ShouldBeTrue(projection.Name);
            await new ProjectionRebuild(shop.Store).RunAsync(projection);
            (await new ProjectionVerification(shop.Store).RunAsync(projection)).IsEqual.ShouldBeTrue(projection.Name);
        }
    }

    [Theory]
    [InlineData("storefront_products", "product_months", "units = units + 1")]
    [InlineData("storefront_orders", "order_lines", "quantity = quantity + 1")]
    [InlineData("storefront_sales", "sales_days", "revenue = revenue + 0.0001")]
    [InlineData("storefront_stock", "stock_on_hand", "on_hand = on_hand + 1")]
    [InlineData("storefront_customers", "customers", "name = 'Somebody'")]
    public async Task A_verification_finds_a_row_that_was_changed_behind_its_back(string name, string table, string change)
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(ShopHistory.Of(5, 150));
        var projection = Projections.Single(projection => projection.Name == name);
        await shop.CatchUpAsync(projection);
        var tampered = await shop.TamperAsync(name, $"update {{schema}}.{table} set {change} where ctid = (select min(ctid) from {{schema}}.{table})");
        tampered.ShouldBe(1);

        var found = await new ProjectionVerification(shop.Store).RunAsync(projection);

        found.Tables.Where(part => !part.IsEqual).Select(part => (part.Table, part.OnlyLive, part.OnlyRebuilt)).ShouldBe([(table, 1, 1)]);
    }
}
