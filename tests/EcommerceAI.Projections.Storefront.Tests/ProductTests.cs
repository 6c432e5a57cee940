using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class ProductTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(71)]
    [InlineData(72)]
    public async Task A_product_page_says_what_the_events_say(int seed)
    {
        output.WriteLine($"seed {seed}");
        var history = ShopHistory.Of(seed, 500);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new ProductProjection());
        var queries = new ProductQueries(shop.Models);
        var facts = ModelTests.Facts(history).ToArray();
        var orders = facts.Where(fact => fact.Data is OrderPlaced).ToDictionary(fact => fact.Stream, fact => (OrderPlaced)fact.Data, StringComparer.Ordinal);

        foreach (var stream in facts.Where(fact => fact.Data is ProductEvent).GroupBy(fact => fact.Stream, StringComparer.Ordinal))
        {
            var product = stream.Select(fact => fact.Data).Aggregate(Product.Initial, Product.Evolve);
            var page = (await queries.FindAsync(product.Sku!, 1000)).Value.ShouldNotBeNull();
            (page.Title, page.Category, page.Price, page.Version).ShouldBe((product.Title!, product.Category, product.Price, stream.Count()));
            page.PriceHistory.Reverse().Select(point => (UnitPrice?)point.Price).ShouldBe(
                stream.Select(fact => fact.Data is ProductCreated created ? created.Price : ((ProductPriceChanged)fact.Data).Price)
                    .Where(price => price is not null));
            foreach (var total in page.Totals)
            {
                var sold = orders.Values.Where(order => order.Total.Currency == total.Currency).SelectMany(order => order.Lines)
                    .Where(line => line.Sku == product.Sku).ToArray();
                var cancelled = facts.Where(fact => fact.Data is OrderCancelled).Select(fact => orders[fact.Stream])
                    .Where(order => order.Total.Currency == total.Currency).SelectMany(order => order.Lines)
                    .Where(line => line.Sku == product.Sku).ToArray();
                var back = facts.SelectMany(fact => fact.Data switch
                {
                    OrderReturned returned when returned.Refund.Currency == total.Currency => returned.Lines,
                    ReturnReceived received when received.Total.Currency == total.Currency => received.Lines,
                    _ => [],
                }).Where(line => line.Sku == product.Sku).ToArray();
                total.ShouldBe(new ProductSales(
                    total.Currency, Units(sold.Where(line => line.UnitPrice > 0)), Units(sold.Where(line => line.UnitPrice == 0)), Value(sold),
                    Units(cancelled), Value(cancelled), Units(back), Value(back)));
            }

            Together(page).ShouldBe(ExpectedTogether(facts, orders, product.Sku!));
        }
    }

    [Fact]
    public async Task A_month_is_that_of_london()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(
        [
            new("product-A", new(new ProductCreated("A", "A", null), Guid.NewGuid(), new DateTimeOffset(2011, 1, 1, 0, 0, 0, TimeSpan.Zero))),
            new("order-1", new(ShopHistory.Placed("1", ("A", 2, 1.005m)), Guid.NewGuid(), new DateTimeOffset(2011, 6, 30, 22, 59, 0, TimeSpan.Zero))),
            new("order-2", new(ShopHistory.Placed("2", ("A", 3, 0m)), Guid.NewGuid(), new DateTimeOffset(2011, 6, 30, 23, 0, 0, TimeSpan.Zero))),
        ]);
        await shop.CatchUpAsync(new ProductProjection());
        var page = (await new ProductQueries(shop.Models).FindAsync("A")).Value.ShouldNotBeNull();
        page.Months.ShouldBe(
        [
            new ProductMonth(new DateOnly(2011, 6, 1), new ProductSales("GBP", 2, 0, 2.01m, 0, 0, 0, 0)),
            new ProductMonth(new DateOnly(2011, 7, 1), new ProductSales("GBP", 0, 3, 0, 0, 0, 0, 0)),
        ]);
    }

    [Fact]
    public async Task What_is_bought_together_is_ranked_by_strength_not_by_sheer_sales()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        // BEST is in every basket; PAIR only ever where CUP is.
        await shop.AppendAsync(ShopHistory.Of(
        [
            .. new[] { "BEST", "CUP", "PAIR" }.Select(sku => new ProductCreated(sku, sku, null)),
            .. Enumerable.Range(0, 30).Select(i => ShopHistory.Placed($"{i}", ("CUP", 1, 1m), ("PAIR", 1, 1m), ("BEST", 1, 1m))),
            .. Enumerable.Range(30, 200).Select(i => ShopHistory.Placed($"{i}", ("BEST", 1, 1m))),
        ]));
        await shop.CatchUpAsync(new ProductProjection());
        var page = (await new ProductQueries(shop.Models).FindAsync("CUP")).Value.ShouldNotBeNull();
        page.BoughtTogether.Select(other => (other.Sku, other.Baskets)).ShouldBe([("PAIR", 30), ("BEST", 30)]);
        page.BoughtTogether[0].Score.ShouldBe(ProductQueries.Togetherness(30, 30, 30), 1e-12);
        page.BoughtTogether[0].Score.ShouldBe(0.75, 1e-12);
        page.BoughtTogether[1].Score.ShouldBe(ProductQueries.Togetherness(30, 30, 230), 1e-12);
    }

    [Fact]
    public async Task A_wholesale_basket_says_nothing_about_what_goes_together_and_a_cancelled_one_no_longer_does()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        var many = Enumerable.Range(0, 41).Select(i => ($"S{i:00}", 1, 1m)).ToArray();
        await shop.AppendAsync(ShopHistory.Of(
            new ProductCreated("S00", "S", null), ShopHistory.Placed("1", many), ShopHistory.Placed("2", many[..40]),
            ShopHistory.Placed("3", ("S00", 1, 1m), ("S40", 1, 1m)), new OrderCancelled("3", null)));
        await shop.CatchUpAsync(new ProductProjection());
        var page = (await new ProductQueries(shop.Models).FindAsync("S00", 100)).Value.ShouldNotBeNull();
        page.BoughtTogether.Select(other => (other.Sku, other.Baskets)).ShouldBe(many[1..40].Select(line => (line.Item1, 1)));
    }

    [Fact]
    public async Task Best_sellers_come_by_the_revenue_of_the_months_asked_for()
    {
        var history = ShopHistory.Of(73, 500);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new ProductProjection());
        var expected = ModelTests.Facts(history)
            .Where(fact => fact.Data is OrderPlaced { Total.Currency: "GBP" } && TradingDay.Of(fact.At) is { Month: 4 or 5 or 6, Year: 2011 })
            .SelectMany(fact => ((OrderPlaced)fact.Data).Lines).GroupBy(line => line.Sku, StringComparer.Ordinal)
            .Select(lines => (lines.Key, Value: Value(lines)))
            .OrderByDescending(row => row.Value).ThenBy(row => row.Key, StringComparer.Ordinal).Take(10);
        var best = (await new ProductQueries(shop.Models).ListBestSellersAsync(new DateOnly(2011, 4, 30), new DateOnly(2011, 6, 1), "GBP", 10)).Value;
        best.Select(row => (row.Sku, row.Sales.Revenue)).ShouldBe(expected);
        best.ShouldAllBe(row => row.Title != null);
    }

    [Fact]
    public async Task A_page_shows_at_most_the_latest_hundred_prices()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(ShopHistory.Of(
            [new ProductCreated("P", "P", null), .. Enumerable.Range(1, 130).Select(i => new ProductPriceChanged("P", new UnitPrice(i, "GBP")))]));
        await shop.CatchUpAsync(new ProductProjection());
        var page = (await new ProductQueries(shop.Models).FindAsync("P")).Value.ShouldNotBeNull();
        page.PriceHistory.Select(point => point.Price.Amount).ShouldBe(Enumerable.Range(31, 100).Reverse().Select(i => (decimal)i));
        (page.Price, page.Version).ShouldBe((new UnitPrice(130, "GBP"), 131));
    }

    private static long Units(IEnumerable<OrderLine> lines) => lines.Sum(line => (long)line.Quantity);

    private static decimal Value(IEnumerable<OrderLine> lines) => lines.Sum(line => line.Quantity * line.UnitPrice);

    private static IEnumerable<(string Sku, int Baskets)> Together(ProductPage page) =>
        page.BoughtTogether.Select(other => (other.Sku, other.Baskets)).OrderBy(other => other.Sku, StringComparer.Ordinal);

    private static IEnumerable<(string Sku, int Baskets)> ExpectedTogether(
        (string Stream, DomainEvent Data, DateTimeOffset At)[] facts, Dictionary<string, OrderPlaced> orders, string sku)
    {
        var cancelled = facts.Where(fact => fact.Data is OrderCancelled).Select(fact => fact.Stream).ToHashSet(StringComparer.Ordinal);
        return orders.Where(order => !cancelled.Contains(order.Key))
            .Select(order => order.Value.Lines.Select(line => line.Sku).ToHashSet(StringComparer.Ordinal))
            .Where(basket => basket.Count <= 40 && basket.Contains(sku))
            .SelectMany(basket => basket).Where(other => other != sku).CountBy(other => other, StringComparer.Ordinal)
            .Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal);
    }
}
