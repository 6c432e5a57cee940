using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.Customers;
using EcommerceAI.Projections.Storefront.Orders;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Projections.Storefront.Sales;
using EcommerceAI.Projections.Storefront.Stock;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class PagingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private delegate Task<ReadSnapshot<KeysetPage<TItem, TKey>>> ReadPage<TItem, TKey>(TKey? after, int size)
        where TKey : class;

    [Fact]
    public async Task A_walk_neither_repeats_nor_loses_a_row_while_rows_are_inserted()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        var history = ShopHistory.Of(11, 600);
        var later = new Queue<BulkEvent[]>(history.Skip(300).Chunk(10));
        await shop.AppendAsync(history.Take(300));
        var (products, orders, sales) = (new ProductQueries(shop.Models), new OrderQueries(shop.Models), new SalesQueries(shop.Models));
        var (first, last) = (new DateOnly(2010, 12, 1), new DateOnly(2012, 12, 1));

        await HoldAsync(shop, later, new OrderProjection(), row => row.OrderId, (HistoryKey? after, int size) => orders.ListAsync(after, size));
        await HoldAsync(shop, later, new OrderProjection(), row => row.OrderId, (HistoryKey? after, int size) => orders.ListByCustomerAsync("C1", after, size));
        await HoldAsync(
            shop, later, new OrderProjection(), row => (row.ReturnId, row.OrderId),
            (HistoryKey? after, int size) => orders.ListReturnsByCustomerAsync("C1", after, size));
        await HoldAsync(
            shop, later, new SalesProjection(), row => (row.Day, row.Country, row.Currency),
            (SalesKey? after, int size) => sales.ListAsync(first, last, null, SalesGrouping.DayAndCountry, after, size));
        await HoldAsync(
            shop, later, new SalesProjection(), row => (row.Day, row.Currency),
            (SalesKey? after, int size) => sales.ListAsync(first, last, null, SalesGrouping.Day, after, size));
        await HoldAsync(
            shop, later, new StockOnHandProjection(), row => row.Sku,
            (StockKey? after, int size) => new StockOnHandQueries(shop.Models).ListAsync(after, size));
        await HoldAsync(
            shop, later, new CustomerProjection(), row => row.CustomerId,
            (CustomerKey? after, int size) => new CustomerQueries(shop.Models).ListAsync(after, size));
        foreach (var order in Enum.GetValues<ProductOrder>())
        {
            var newcomers = new Queue<BulkEvent[]>(
                ShopHistory.Of([.. Enumerable.Range(0, 9).Select(i => new ProductCreated($"{"ASZ"[i % 3]}-{order}-{i}".ToUpperInvariant(), $"Thing {i}", null))])
                    .Chunk(1));
            await HoldAsync(
                shop, newcomers, new ProductProjection(), row => row.Sku,
                (ProductKey? after, int size) => products.ListAsync(order, null, after, size));
        }
    }

    [Fact]
    public async Task A_category_and_its_pages_hold_only_its_products()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(ShopHistory.Of(12, 50));
        await shop.CatchUpAsync(new ProductProjection());
        var products = new ProductQueries(shop.Models);
        foreach (var order in Enum.GetValues<ProductOrder>())
        {
            var seen = await WalkAsync((ProductKey? after, int size) => products.ListAsync(order, "even", after, size), 7, () => Task.CompletedTask);
            seen.Count.ShouldBe(30);
            seen.ShouldAllBe(product => product.Category == "even");
        }
    }

    [Fact]
    public async Task A_list_keeps_its_order_over_its_pages()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(ShopHistory.Of(13, 50));
        await shop.CatchUpAsync(new ProductProjection());
        var products = new ProductQueries(shop.Models);
        var byTitle = await WalkAsync((ProductKey? after, int size) => products.ListAsync(ProductOrder.Title, null, after, size), 7, () => Task.CompletedTask);
        byTitle.Select(product => (product.Title, product.Sku))
            .ShouldBe(byTitle.OrderBy(product => product.Title, StringComparer.Ordinal).ThenBy(product => product.Sku, StringComparer.Ordinal)
                .Select(product => (product.Title, product.Sku)));
        byTitle.Count.ShouldBe(60);
    }

    [Fact]
    public async Task Prices_are_listed_newest_first_without_a_gap()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(ShopHistory.Of(
            [new ProductCreated("P", "P", null), .. Enumerable.Range(1, 20).Select(i => new ProductPriceChanged("P", new UnitPrice(i, "GBP")))]));
        await shop.CatchUpAsync(new ProductProjection());
        var products = new ProductQueries(shop.Models);
        var prices = await WalkAsync((PricePoint? before, int size) => products.ListPricesAsync("P", before, size), 3, () => Task.CompletedTask);
        prices.Select(point => point.Price.Amount).ShouldBe(Enumerable.Range(1, 20).Reverse().Select(i => (decimal)i));
    }

    private static async Task HoldAsync<TItem, TKey, TId>(
        ProjectedStore shop, Queue<BulkEvent[]> later, IProjection projection, Func<TItem, TId> idOf, ReadPage<TItem, TKey> read)
        where TKey : class
    {
        await shop.CatchUpAsync(projection);
        var before = (await read(null, 10_000)).Value;
        before.Next.ShouldBeNull();
        var seen = await WalkAsync(read, 3, async () =>
        {
            if (!later.TryDequeue(out var more)) return;
            await shop.AppendAsync(more);
            await shop.CatchUpAsync(projection);
        });
        var ids = seen.ConvertAll(row => idOf(row));
        ids.ShouldBeUnique();
        before.Items.Count.ShouldBeGreaterThan(3);
        before.Items.Select(idOf).Except(ids).ShouldBeEmpty();
    }

    private static async Task<List<TItem>> WalkAsync<TItem, TKey>(ReadPage<TItem, TKey> read, int size, Func<Task> between)
        where TKey : class
    {
        var seen = new List<TItem>();
        TKey? after = null;
        do
        {
            var page = (await read(after, size)).Value;
            page.Items.Count.ShouldBeLessThanOrEqualTo(size);
            seen.AddRange(page.Items);
            after = page.Next;
            await between();
        }
        while (after is not null);
        return seen;
    }
}
