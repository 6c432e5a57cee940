using EcommerceAI.Commerce.Inventory;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Inventory;

public sealed class HoldTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Held_units_are_nobody_elses()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Hold("h1", 3));
        (stock.OnHand, stock.Held, stock.Available).ShouldBe((5, 3, 2));
        StockDecider.Decide(stock, Hold("h2", 3)).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(stock, new AllocateStock("A", "shop", "o1", 3)).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(stock, new IssueStock("A", "shop", 3, "o1")).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(stock, Hold("h2", 2)).ShouldBeOne<StockHeld>();
    }

    [Fact]
    public void A_hold_asked_for_again_under_its_id_changes_nothing()
    {
        var stock = Given(new StockReceived("A", "shop", 3)).After(Hold("h1", 3));
        StockDecider.Decide(stock, Hold("h1", 3)).ShouldChangeNothing();
        StockDecider.Decide(stock, Hold("h1", 2)).ShouldRefuse("hold_exists", "holdId");
    }

    [Fact]
    public void A_hold_asked_for_again_with_a_later_end_lasts_longer()
    {
        var stock = Given(new StockReceived("A", "shop", 3)).After(Hold("h1", 3, minutes: 10));
        StockDecider.Decide(stock, Hold("h1", 3, minutes: 5)).ShouldChangeNothing();
        var longer = stock.After(Hold("h1", 3, minutes: 20));
        (longer.Held, longer.Holds["h1"].ExpiresAt, longer.NextExpiry).ShouldBe((3, Nine.AddMinutes(20), Nine.AddMinutes(20)));
    }

    [Fact]
    public void A_released_hold_frees_its_units_once_and_its_id_is_used_up()
    {
        var stock = Given(new StockReceived("A", "shop", 3)).After(Hold("h1", 3)).After(new ReleaseHold("A", "shop", "h1", "cart emptied"));
        (stock.Held, stock.Available, stock.Holds.Count, stock.NextExpiry).ShouldBe((0, 3, 0, null));
        StockDecider.Decide(stock, new ReleaseHold("A", "shop", "h1", "cart emptied")).ShouldChangeNothing();
        StockDecider.Decide(stock, new ReleaseHold("A", "shop", "never", "cart emptied")).ShouldChangeNothing();
        StockDecider.Decide(stock, Hold("h1", 3)).ShouldRefuse("hold_ended", "holdId");
    }

    [Fact]
    public void Only_holds_whose_time_is_over_run_out()
    {
        var stock = Given(new StockReceived("A", "shop", 9)).After(Hold("h1", 1, minutes: 20)).After(Hold("h2", 2, minutes: 10)).After(Hold("h3", 3, minutes: 30));
        stock.NextExpiry.ShouldBe(Nine.AddMinutes(10));
        StockDecider.Decide(stock, Expire(10, seconds: -1)).ShouldChangeNothing();
        StockDecider.Decide(stock, Expire(20)).Events.ShouldBe(
            [new StockHoldReleased("A", "shop", "h2", 2, "expired"), new StockHoldReleased("A", "shop", "h1", 1, "expired")]);
        var left = stock.After(Expire(20));
        (left.Held, left.NextExpiry).ShouldBe((3, Nine.AddMinutes(30)));
        StockDecider.Decide(left, Expire(20)).ShouldChangeNothing();
    }

    [Fact]
    public void A_hold_that_has_run_out_makes_room_before_its_timer_has_come()
    {
        var stock = Given(new StockReceived("A", "shop", 3)).After(Hold("h1", 3, minutes: 10));
        var late = new HoldStock("A", "shop", "h2", 2, Nine.AddMinutes(30), Nine.AddMinutes(10));
        StockDecider.Decide(stock, late).Events.ShouldBe(
            [new StockHoldReleased("A", "shop", "h1", 3, "expired"), new StockHeld("A", "shop", "h2", 2, Nine.AddMinutes(30), Nine.AddMinutes(10))]);
        StockDecider.Decide(stock, late with { At = Nine.AddMinutes(9) }).ShouldRefuse("insufficient_stock", "quantity");
    }

    [Fact]
    public void A_hold_ends_after_it_begins_and_within_thirty_days()
    {
        StockDecider.Validate(Hold("h1", 1, minutes: 0)).ShouldFind("expiresAt: out_of_range");
        StockDecider.Validate(Hold("h1", 1, minutes: (30 * 24 * 60) + 1)).ShouldFind("expiresAt: out_of_range");
        StockDecider.Validate(Hold("h1", 1, minutes: 30 * 24 * 60)).ShouldBeEmpty();
        StockDecider.Validate(new HoldStock("", "x y", "h 1", 0, Nine, Nine, "No Slug")).ShouldFind(
            "sku: required", "location: malformed", "holdId: malformed", "quantity: out_of_range", "expiresAt: out_of_range", "channel: malformed");
    }

    [Fact]
    public void Units_set_apart_are_held_by_their_channel_only_and_go_back_to_it()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(new SetStockAside("A", "shop", "web", 3));
        (stock.Available, stock.AvailableTo("web"), stock.AvailableTo("app")).ShouldBe((2, 5, 2));
        StockDecider.Decide(stock, Hold("h1", 3)).ShouldRefuse("insufficient_stock", "quantity");
        var held = stock.After(Hold("h1", 4, channel: "web"));
        (held.Available, held.AvailableTo("web"), held.SetAside).ShouldBe((1, 1, 0));
        var released = held.After(new ReleaseHold("A", "shop", "h1", "cart emptied"));
        (released.Available, released.AvailableTo("web"), released.SetAside).ShouldBe((2, 5, 3));
    }

    [Fact]
    public void Only_what_nobody_has_can_be_set_apart()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Hold("h1", 2));
        StockDecider.Decide(stock, new SetStockAside("A", "shop", "web", 4)).ShouldRefuse("insufficient_stock", "quantity");
        var aside = stock.After(new SetStockAside("A", "shop", "web", 3));
        aside.Available.ShouldBe(0);
        StockDecider.Decide(aside, new SetStockAside("A", "shop", "web", 3)).ShouldChangeNothing();
        aside.After(new SetStockAside("A", "shop", "web", 1)).Available.ShouldBe(2);
    }

    [Fact]
    public void Safety_stock_is_promised_to_nobody()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(new SetStockTerms("A", "shop", SafetyStock: 2));
        (stock.OnHand, stock.Available).ShouldBe((5, 3));
        StockDecider.Decide(stock, Hold("h1", 4)).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(stock, new SetStockTerms("A", "shop", SafetyStock: 2)).ShouldChangeNothing();
    }

    [Fact]
    public void Ten_thousand_holds_end_and_no_more_than_a_thousand_of_them_are_remembered()
    {
        var stock = Given(new StockReceived("A", "shop", 10_000));
        for (var i = 0; i < 10_000; i++) stock = stock.After(Hold($"h{i}", 1, minutes: 1 + (i % 60)));
        stock.Available.ShouldBe(0);
        stock = stock.After(Expire(60));
        (stock.Held, stock.Holds.Count, stock.EndedHolds.Ids.Count, stock.NextExpiry).ShouldBe((0, 0, RecentIds.Most, null));
        StockDecider.Decide(stock, Hold("h9959", 1)).ShouldRefuse("hold_ended", "holdId");
    }

    private static Stock Given(params StockEvent[] events) => events.Aggregate(Stock.Initial, Stock.Evolve);

    private static HoldStock Hold(string id, int quantity, int minutes = 15, string? channel = null) =>
        new("A", "shop", id, quantity, Nine.AddMinutes(minutes), Nine, channel);

    private static ReleaseExpiredHolds Expire(int minutes, int seconds = 0) => new("A", "shop", Nine.AddMinutes(minutes).AddSeconds(seconds));
}
