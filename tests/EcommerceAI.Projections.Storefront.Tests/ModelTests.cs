using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.Customers;
using EcommerceAI.Projections.Storefront.Orders;
using EcommerceAI.Projections.Storefront.Sales;
using EcommerceAI.Projections.Storefront.Stock;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;
using CommerceStock = EcommerceAI.Commerce.Inventory.Stock;

namespace EcommerceAI.Projections.Storefront.Tests;

/// <summary>What the tables say, against a plain fold over the same events in memory.</summary>
public sealed class ModelTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Orders_stand_as_their_streams_fold(int seed)
    {
        output.WriteLine($"seed {seed}");
        var history = ShopHistory.Of(seed, 500);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new OrderProjection());
        var queries = new OrderQueries(shop.Models);

        var folded = Facts(history).Where(fact => fact.Data is OrderEvent).GroupBy(fact => fact.Stream, StringComparer.Ordinal)
            .Select(stream => (
                State: stream.Select(fact => fact.Data).Aggregate(Order.Initial, Order.Evolve), Version: stream.Count(), First: stream.First().At));
        foreach (var (order, version, first) in folded)
        {
            var (detail, position) = await queries.FindAsync(order.OrderId!);
            position.ShouldBe(await shop.Store.HighWater.ReadAsync());
            var summary = detail.ShouldNotBeNull().Summary;
            summary.State.ShouldBe(StateOf(order));
            summary.Version.ShouldBe(version);
            summary.PlacedAt.ShouldBe(first, TimeSpan.FromMicroseconds(1));
            (summary.CustomerId, summary.Country, summary.Location).ShouldBe((order.CustomerId, order.Country, order.Location));
            (summary.Total, summary.Refunded.Minor).ShouldBe((order.Total!.Value, order.Refunded));
            (summary.Goods + summary.Charges).ShouldBe(order.Total.Value);
            detail.Lines.Select(line => (line.Sku, line.Quantity, line.UnitPrice, line.Amount))
                .ShouldBe(order.Lines.Select(line => (line.Sku, line.Quantity, line.UnitPrice, line.Amount)));
            detail.Charges.Select(line => (line.Code, line.Quantity, line.UnitPrice, line.Amount))
                .ShouldBe(order.Charges.Select(line => (line.Code, line.Quantity, line.UnitPrice, line.Amount)));
            detail.Returns.Select(taken => taken.Summary.ReturnId).ShouldBe(order.ReturnIds);
            detail.Returns.SelectMany(taken => taken.Lines).Sum(line => line.Quantity).ShouldBe(order.Lines.Sum(line => line.Returned));
            detail.Returns.Sum(taken => taken.Lines.Sum(line => line.Amount)).ShouldBe(order.Refunded);
        }
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Line_totals_are_exactly_what_the_events_hold(int seed)
    {
        output.WriteLine($"seed {seed}");
        var history = ShopHistory.Of(seed, 500);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new OrderProjection());

        var expected = Facts(history).SelectMany(fact => LinesOf(fact.Data)).GroupBy(line => (line.Kind, line.Currency))
            .Select(group => new LineTotals(
                group.Key.Kind, group.Key.Currency, group.Count(), group.Sum(line => (long)line.Quantity),
                group.Sum(line => line.Quantity * line.UnitPrice), group.Sum(line => line.Amount)))
            .OrderBy(row => row.Kind).ThenBy(row => row.Currency, StringComparer.Ordinal);
        (await new OrderQueries(shop.Models).SumLinesAsync()).Value.ShouldBe(expected);
        expected.Select(row => row.Kind).Distinct().ShouldBe(Enum.GetValues<LineKind>());
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task Sales_figures_are_the_sums_of_the_days_events(int seed)
    {
        output.WriteLine($"seed {seed}");
        var history = ShopHistory.Of(seed, 500);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new SalesProjection());
        var queries = new SalesQueries(shop.Models);
        var (from, to) = (new DateOnly(2011, 3, 1), new DateOnly(2011, 10, 31));

        var expected = SalesModel.Of(Facts(history), from, to, row => (row.Day, row.Country, row.Currency));
        var page = (await queries.ListAsync(from, to, null, SalesGrouping.DayAndCountry, null, 10_000)).Value;
        page.Items.ShouldBe(expected.Select(row => row.Figures with { Day = row.Key.Day, Country = row.Key.Country, Currency = row.Key.Currency }));

        var countries = SalesModel.Of(Facts(history), from, to, row => (row.Country, row.Currency));
        (await queries.ListAsync(from, to, null, SalesGrouping.Country, null, 100)).Value.Items
            .ShouldBe(countries.Select(row => row.Figures with { Country = row.Key.Country, Currency = row.Key.Currency }));

        var days = SalesModel.Of(Facts(history), from, to, row => (row.Day, row.Currency), "France");
        (await queries.ListAsync(from, to, "France", SalesGrouping.Day, null, 10_000)).Value.Items
            .ShouldBe(days.Select(row => row.Figures with { Day = row.Key.Day, Currency = row.Key.Currency }));
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    public async Task Stock_on_hand_is_the_sum_of_what_each_location_holds(int seed)
    {
        output.WriteLine($"seed {seed}");
        var history = ShopHistory.Of(seed, 800);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new StockOnHandProjection());

        var expected = Facts(history).Where(fact => fact.Data is StockEvent).GroupBy(fact => fact.Stream, StringComparer.Ordinal)
            .Select(stream => stream.Select(fact => fact.Data).Aggregate(CommerceStock.Initial, CommerceStock.Evolve))
            .GroupBy(stock => stock.Sku!, StringComparer.Ordinal)
            .Select(parts => (parts.Key, parts.Sum(stock => stock.OnHand), parts.Count(), parts.Sum(stock => stock.Available))).OrderBy(row => row.Key, StringComparer.Ordinal);
        var page = (await new StockOnHandQueries(shop.Models).ListAsync(null, 1000)).Value;
        page.Items.Select(row => (row.Sku, row.OnHand, row.Locations, row.Available)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_customers_profile_and_totals_leave_guests_and_cancelled_orders_out()
    {
        var history = ShopHistory.Of(61, 500);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new OrderProjection(), new CustomerProjection());

        var registered = Facts(history).First(fact => fact.Data is CustomerRegistered);
        var data = (CustomerRegistered)registered.Data;
        var profile = (await new CustomerQueries(shop.Models).FindAsync(data.CustomerId)).Value.ShouldNotBeNull();
        (profile.Country, profile.Name, profile.Email, profile.Version).ShouldBe((data.Country, data.Name, data.Email, 1));

        var orders = Facts(history).Where(fact => fact.Data is OrderEvent).GroupBy(fact => fact.Stream, StringComparer.Ordinal)
            .Select(stream => stream.Select(fact => fact.Data).Aggregate(Order.Initial, Order.Evolve))
            .Where(order => order.CustomerId == "C1" && order.Total!.Value.Currency == "GBP").ToArray();
        var blind = Facts(history).Select(fact => fact.Data).OfType<ReturnReceived>()
            .Where(back => back.CustomerId == "C1" && back.Total.Currency == "GBP").Sum(back => back.Total.Minor);
        var spent = orders.Where(order => order.Status == OrderStatus.Placed).Sum(order => order.Total!.Value.Minor - order.Refunded) + blind;
        var totals = (await new OrderQueries(shop.Models).SumByCustomerAsync("C1")).Value.Single(row => row.Currency == "GBP");
        (totals.Orders, totals.Cancelled, totals.Spent)
            .ShouldBe((orders.Length, orders.Count(order => order.Status == OrderStatus.Cancelled), spent));
    }

    [Fact]
    public async Task Returns_without_an_order_and_ledger_entries_are_found_with_their_lines()
    {
        var history = ShopHistory.Of(62, 400);
        await using var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(history);
        await shop.CatchUpAsync(new OrderProjection());
        var queries = new OrderQueries(shop.Models);
        foreach (var back in Facts(history).Select(fact => fact.Data).OfType<ReturnReceived>())
        {
            var found = (await queries.FindBlindReturnAsync(back.ReturnId)).Value.ShouldNotBeNull();
            found.Summary.OrderId.ShouldBeNull();
            found.Lines.Select(line => (line.Sku, line.Quantity, line.Amount)).ShouldBe(back.Lines.Select(line => (line.Sku, line.Quantity, line.Amount)));
            (found.Summary.Charges + -found.Summary.Goods).ShouldBe(back.Total);
        }

        foreach (var entry in Facts(history).Select(fact => fact.Data).OfType<LedgerEntryBooked>())
        {
            var found = (await queries.FindLedgerEntryAsync(entry.EntryId)).Value.ShouldNotBeNull();
            found.Total.ShouldBe(entry.Total);
            found.Lines.Sum(line => line.Amount).ShouldBe(entry.Total.Minor);
        }
    }

    internal static IEnumerable<(string Stream, DomainEvent Data, DateTimeOffset At)> Facts(IEnumerable<BulkEvent> history) =>
        history.Select(item => (item.StreamId, (DomainEvent)item.Event.Data, item.Event.Timestamp!.Value));

    private static OrderState StateOf(Order order) =>
        order.Status == OrderStatus.Cancelled ? OrderState.Cancelled
        : order.Lines.All(line => line.Returned == 0) ? OrderState.Placed
        : order.Lines.All(line => line.Returned == line.Quantity) ? OrderState.Returned
        : OrderState.PartlyReturned;

    private static IEnumerable<(LineKind Kind, string Currency, int Quantity, decimal UnitPrice, long Amount)> LinesOf(DomainEvent fact) => fact switch
    {
        OrderPlaced placed => placed.Lines
            .Select(line => (line.UnitPrice == 0 ? LineKind.Free : LineKind.Sale, placed.Total.Currency, line.Quantity, line.UnitPrice, line.Amount))
            .Concat(placed.Charges.Select(line => (LineKind.Charge, placed.Total.Currency, line.Quantity, line.UnitPrice, line.Amount))),
        OrderReturned returned => returned.Lines
            .Select(line => (LineKind.Return, returned.Refund.Currency, line.Quantity, line.UnitPrice, line.Amount)),
        ReturnReceived received => received.Lines
            .Select(line => (LineKind.Return, received.Total.Currency, line.Quantity, line.UnitPrice, line.Amount))
            .Concat(received.Charges.Select(line => (LineKind.Charge, received.Total.Currency, line.Quantity, line.UnitPrice, line.Amount))),
        LedgerEntryBooked booked => booked.Lines
            .Select(line => (LineKind.Ledger, booked.Total.Currency, line.Quantity, line.UnitPrice, line.Amount)),
        _ => [],
    };
}
