using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Commerce.Tests;

/// <summary>Rules that hold over any history. Each run draws a new seed, prints it, and names it when it fails.</summary>
public sealed class RandomHistoryTests
{
    private static readonly string[] Skus = ["A", "B", "C"];
    private static readonly string[] Currencies = ["GBP", "JPY", "BHD"];
    private readonly int _seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } seed
        ? int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    private readonly Random _random;

    public RandomHistoryTests(ITestOutputHelper output)
    {
        _random = new Random(_seed);
        output.WriteLine($"TEST_SEED={_seed}");
    }

    private string Seed => $"TEST_SEED={_seed}";

    [Fact]
    public void Refunds_never_exceed_what_was_paid_and_equal_it_once_all_is_back()
    {
        for (var round = 0; round < 500; round++)
        {
            var order = Order.Evolve(Order.Initial, OrderDecider.Decide(Order.Initial, RandomOrder()).Events.Single());
            var paid = order.Total!.Value.Minor;
            while (order.Lines.Any(line => line.Returned < line.Quantity))
            {
                var decision = OrderDecider.Decide(order, new ReturnOrder("o1", $"r{order.ReturnIds.Count}", RandomReturn()));
                if (decision.Rejection is { } rejection)
                {
                    rejection.Code.ShouldBeOneOf("return_exceeds_order", "not_on_order");
                    continue;
                }

                var returned = (OrderReturned)decision.Events.Single();
                returned.Refund.Minor.ShouldBe(returned.Lines.Sum(line => line.Amount), Seed);
                returned.Lines.ShouldAllBe(line => line.Amount >= 0, Seed);
                order = Order.Evolve(order, returned);
                order.Refunded.ShouldBeLessThanOrEqualTo(paid, Seed);
                order.Lines.ShouldAllBe(line => line.Returned <= line.Quantity, Seed);
            }

            order.Refunded.ShouldBe(paid, Seed);
        }
    }

    [Fact]
    public void No_commands_take_the_stock_below_zero()
    {
        for (var round = 0; round < 200; round++)
        {
            var stock = Stock.Initial;
            for (var n = 0; n < 50; n++)
            {
                var before = stock.OnHand;
                var decision = StockDecider.Decide(stock, RandomStockCommand());
                stock = decision.Events.Aggregate(stock, Stock.Evolve);
                stock.OnHand.ShouldBeGreaterThanOrEqualTo(0, Seed);
                if (decision.Rejection is not null) stock.OnHand.ShouldBe(before, Seed);
            }
        }
    }

    [Fact]
    public void Every_fold_takes_the_events_of_every_stream_in_any_order()
    {
        var folds = BoundedContext.Scan().SelectMany(context => context.States.Values).ToArray();
        for (var round = 0; round < 500; round++)
        {
            var history = Enumerable.Range(0, 20).Select(_ => SampleEvents.All[_random.Next(SampleEvents.All.Count)]).ToArray();
            foreach (var fold in folds)
                Should.NotThrow(() => history.Aggregate(fold.Initial, fold.Evolve), Seed).ShouldBeOfType(fold.Initial.GetType());
        }
    }

    [Fact]
    public void What_a_cancelled_order_issued_all_comes_back()
    {
        for (var round = 0; round < 200; round++)
        {
            var placed = OrderDecider.Decide(Order.Initial, RandomOrder()).Events.OfType<OrderPlaced>().Single();
            var order = Order.Evolve(Order.Initial, placed);
            var issued = OrderStock.CommandsFor(Order.Initial, placed).Cast<IssueStock>().Select(issue => (issue.Sku, issue.Quantity));
            var back = OrderStock.CommandsFor(order, new OrderCancelled("o1", null)).Cast<ReturnStock>();
            back.Select(@return => (@return.Sku, @return.Quantity)).ShouldBe(issued, Seed);
        }
    }

    private PlaceOrder RandomOrder() => new(
        "o1", null, "France", "warehouse", Currencies[_random.Next(Currencies.Length)],
        [.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => new PlaceOrderLine(
            Skus[_random.Next(Skus.Length)], _random.Next(1, 9), _random.Next(0, 50_000) / 10_000m))]);

    private ReturnOrderLine[] RandomReturn() =>
        [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => new ReturnOrderLine(Skus[_random.Next(Skus.Length)], _random.Next(1, 4)))];

    private StockCommand RandomStockCommand() => _random.Next(5) switch
    {
        0 => new ReceiveStock("A", "shop", _random.Next(1, 20)),
        1 => new AdjustStock("A", "shop", _random.Next(-20, 21), "found"),
        2 => new CountStock("A", "shop", _random.Next(0, 20)),
        3 => new IssueStock("A", "shop", _random.Next(1, 20), "o1"),
        _ => new ReturnStock("A", "shop", _random.Next(1, 5), "r1"),
    };
}
