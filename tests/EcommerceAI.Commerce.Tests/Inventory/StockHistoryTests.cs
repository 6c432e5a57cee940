using System.Globalization;
using System.Text.Json;
using EcommerceAI.Commerce.Inventory;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.Commerce.Tests.Inventory;

/// <summary>Rules that hold over any history of a stock's commands. Each run draws a new seed, prints it, and names it when it fails.</summary>
public sealed class StockHistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);
    private static readonly string?[] Channels = [null, "web", "app"];
    private readonly Random _random;
    private readonly string _seed;
    private DateTimeOffset _now = Start;

    public StockHistoryTests(ITestOutputHelper output)
    {
        var seed = Environment.GetEnvironmentVariable("TEST_SEED") is { } given ? int.Parse(given, CultureInfo.InvariantCulture) : Random.Shared.Next();
        (_random, _seed) = (new Random(seed), $"TEST_SEED={seed}");
        output.WriteLine(_seed);
    }

    [Fact]
    public void No_commands_promise_more_than_there_is_or_than_the_terms_allow()
    {
        Histories((before, command, events, after) =>
        {
            after.OnHand.ShouldBeGreaterThanOrEqualTo(0, _seed);
            if (events.OfType<StockHeld>().Any() || events.OfType<StockAllocated>().Any(allocated => allocated.Backordered == 0))
                after.Shortfall.ShouldBeLessThanOrEqualTo(Math.Max(before.Shortfall, after.Backordered), $"{_seed} {command}");
            if (events.OfType<StockAllocated>().Any(allocated => allocated.Backordered > 0))
                Beyond(after).ShouldBeLessThanOrEqualTo(Math.Max(Beyond(before), after.Terms.Limit), $"{_seed} {command}");
        });
    }

    [Fact]
    public void The_sums_of_a_stock_are_those_of_its_holds_orders_and_shares()
    {
        Histories((_, command, _, after) =>
        {
            var message = $"{_seed} {command}";
            after.Held.ShouldBe(after.Holds.Values.Sum(hold => (long)hold.Quantity), message);
            after.Allocated.ShouldBe(after.Allocations.Values.Sum(order => (long)order.Open), message);
            after.Backordered.ShouldBe(after.Allocations.Values.Sum(order => (long)order.Backordered), message);
            after.Incoming.ShouldBe(after.Deliveries.Values.Sum(units => (long)units), message);
            after.SetAside.ShouldBe(after.Shares.Values.Sum(units => (long)units), message);
            after.NextExpiry.ShouldBe(after.Holds.IsEmpty ? null : after.Holds.Values.Min(hold => hold.ExpiresAt), message);
            after.Shares.Values.ShouldAllBe(units => units > 0, message);
            after.Allocations.Values.ShouldAllBe(order => order.Open > 0 && order.Backordered >= 0 && order.Picked <= order.Quantity, message);
        });
    }

    [Fact]
    public void A_command_sent_twice_counts_once()
    {
        Histories((_, command, _, after) =>
        {
            if (command is not (HoldStock or ReleaseHold or ReleaseExpiredHolds or AllocateStock or DeallocateStock or PickStock or ShipStock or SetStockTerms or SetStockAside)) return;
            var again = StockDecider.Decide(after, command);
            // Its allocation or hold may have come to an end meanwhile, which it is then told; never does it happen twice.
            again.Events.ShouldBeEmpty($"{_seed} {command}");
        });
    }

    [Fact]
    public void Orders_that_are_over_hold_nothing()
    {
        Histories((_, command, _, after) =>
            after.Allocations.Keys.ShouldNotContain(order => after.EndedOrders.Contains(order), $"{_seed} {command}"));
    }

    [Fact]
    public void A_state_read_back_from_its_json_decides_alike()
    {
        var stock = Stock.Initial;
        Histories((_, _, _, after) => stock = after, rounds: 5);
        var json = JsonSerializer.Serialize(stock, JsonSerializerOptions.Web);
        var back = JsonSerializer.Deserialize<Stock>(json, JsonSerializerOptions.Web)!;
        JsonSerializer.Serialize(back, JsonSerializerOptions.Web).ShouldBe(json);
        for (var n = 0; n < 200; n++)
        {
            var command = RandomCommand();
            StockDecider.Decide(back, command).Events.ShouldBe(StockDecider.Decide(stock, command).Events, _seed);
        }
    }

    private void Histories(Action<Stock, StockCommand, IReadOnlyList<DomainEvent>, Stock> check, int rounds = 100)
    {
        for (var round = 0; round < rounds; round++)
        {
            (var stock, _now) = (Stock.Initial, Start);
            for (var n = 0; n < 80; n++)
            {
                _now = _now.AddSeconds(_random.Next(0, 400));
                var command = RandomCommand();
                var decision = StockDecider.Decide(stock, command);
                if (decision.Rejection is not null) continue;
                var after = decision.Events.Aggregate(stock, Stock.Evolve);
                check(stock, command, decision.Events, after);
                stock = after;
            }
        }
    }

    /// <summary>Units promised or kept back beyond what is on hand.</summary>
    private static long Beyond(Stock stock) => Math.Max(0, stock.Held + stock.Allocated + stock.Terms.SafetyStock + stock.SetAside - stock.OnHand);

    private StockCommand RandomCommand() => _random.Next(14) switch
    {
        0 => new ReceiveStock("A", "shop", _random.Next(1, 20), Pick("PO-1", "PO-2", null)),
        1 => new AdjustStock("A", "shop", _random.Next(2) == 0 ? _random.Next(-9, 0) : _random.Next(1, 9), "found"),
        2 => new CountStock("A", "shop", _random.Next(0, 25)),
        3 => new IssueStock("A", "shop", _random.Next(1, 5), "counter"),
        4 or 5 => new HoldStock("A", "shop", Id("h"), _random.Next(1, 6), _now.AddMinutes(_random.Next(1, 30)), _now, Pick(Channels)),
        6 => new ReleaseHold("A", "shop", Id("h"), "cart emptied"),
        7 => new ReleaseExpiredHolds("A", "shop", _now),
        8 or 9 => new AllocateStock("A", "shop", Id("o"), _random.Next(1, 7), Pick(Id("h"), null), Pick(Channels), _random.Next(3) == 0, _now),
        10 => new DeallocateStock("A", "shop", Id("o"), "declined"),
        11 => new PickStock("A", "shop", Id("o"), _random.Next(1, 4), Id("p")),
        12 => new ShipStock("A", "shop", Id("o"), _random.Next(1, 4), Id("s")),
        _ => _random.Next(3) switch
        {
            0 => new SetStockTerms("A", "shop", _random.Next(4), Pick(BackorderPolicy.Backorder, BackorderPolicy.PreOrder), _random.Next(6), new DateOnly(2026, 12, 1)),
            1 => new SetStockAside("A", "shop", Pick("web", "app"), _random.Next(6)),
            _ => new ExpectStock("A", "shop", Pick("PO-1", "PO-2"), _random.Next(20)),
        },
    };

    private string Id(string kind) => $"{kind}{_random.Next(12)}";

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
