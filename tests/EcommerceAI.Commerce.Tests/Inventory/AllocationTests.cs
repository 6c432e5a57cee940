using EcommerceAI.Commerce.Inventory;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Inventory;

public sealed class AllocationTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Goods_promised_to_an_order_stay_on_hand_until_they_leave()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3));
        (stock.OnHand, stock.Allocated, stock.Available).ShouldBe((5, 3, 2));
        stock = stock.After(new PickStock("A", "shop", "o1", 3, "p1"));
        (stock.OnHand, stock.Allocated, stock.Allocations["o1"].Picked).ShouldBe((5, 3, 3));
        stock = stock.After(Ship("o1", 3, "s1"));
        (stock.OnHand, stock.Allocated, stock.Available, stock.Allocations.Count).ShouldBe((2, 0, 2, 0));
    }

    [Fact]
    public void An_order_allocated_again_gets_nothing_more()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3));
        StockDecider.Decide(stock, Allocate("o1", 3)).ShouldChangeNothing();
        StockDecider.Decide(stock, Allocate("o1", 2)).ShouldRefuse("allocation_exists", "orderId");
    }

    [Fact]
    public void What_an_order_keeps_is_promised_on_also_where_a_count_has_found_fewer()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3)).After(new CountStock("A", "shop", 1))
            .After(new DeallocateStock("A", "shop", "o1", "changed"));
        StockDecider.Decide(stock, Allocate("o1.1", 2)).ShouldRefuse("insufficient_stock", "quantity");
        var kept = stock.After(Allocate("o1.1", 2) with { Keeps = true });
        (kept.Allocated, kept.Backordered, kept.Shortfall).ShouldBe((2, 0, 1));
    }

    [Fact]
    public void A_hold_becomes_the_orders_and_what_it_had_more_is_free()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Hold("h1", 4)).After(Allocate("o1", 3, "h1"));
        (stock.Held, stock.Allocated, stock.Available, stock.Holds.Count).ShouldBe((0, 3, 2, 0));
        StockDecider.Decide(stock, Hold("h1", 1)).ShouldRefuse("hold_ended", "holdId");
    }

    [Fact]
    public void An_order_may_take_more_than_its_hold_where_that_is_there()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Hold("h1", 2)).After(Hold("h2", 2));
        StockDecider.Decide(stock, Allocate("o1", 4, "h1")).ShouldRefuse("insufficient_stock", "quantity");
        var allocated = stock.After(Allocate("o1", 3, "h1"));
        (allocated.Held, allocated.Allocated, allocated.Available).ShouldBe((2, 3, 0));
    }

    [Fact]
    public void A_hold_that_is_no_more_counts_as_none()
    {
        var stock = Given(new StockReceived("A", "shop", 2)).After(Hold("h1", 2)).After(new ReleaseHold("A", "shop", "h1", "expired"));
        stock.After(Allocate("o1", 2, "h1")).Allocated.ShouldBe(2);
        StockDecider.Decide(stock.After(Hold("h2", 1)), Allocate("o1", 2, "h1")).ShouldRefuse("insufficient_stock", "quantity");
    }

    [Fact]
    public void Other_peoples_holds_that_have_run_out_make_room_for_an_order()
    {
        var stock = Given(new StockReceived("A", "shop", 3)).After(Hold("mine", 1)).After(Hold("other", 2));
        var late = Allocate("o1", 3, "mine") with { At = Nine.AddHours(1) };
        StockDecider.Decide(stock, late with { At = null }).ShouldRefuse("insufficient_stock", "quantity");
        var after = stock.After(late);
        (after.Held, after.Allocated, after.Available).ShouldBe((0, 3, 0));
    }

    [Fact]
    public void What_is_taken_back_from_an_order_is_free_and_the_order_gets_no_more()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3)).After(Deallocate("o1"));
        (stock.Allocated, stock.Available).ShouldBe((0, 5));
        StockDecider.Decide(stock, Deallocate("o1")).ShouldChangeNothing();
        StockDecider.Decide(stock, Allocate("o1", 3)).ShouldRefuse("allocation_ended", "orderId");
    }

    [Fact]
    public void An_order_called_off_before_its_allocation_came_gets_none_when_it_comes()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Deallocate("o1"));
        stock.Available.ShouldBe(5);
        StockDecider.Decide(stock, Allocate("o1", 3)).ShouldRefuse("allocation_ended", "orderId");
        StockDecider.Decide(stock, Deallocate("o1")).ShouldChangeNothing();
    }

    [Fact]
    public void An_order_leaves_in_several_parcels_each_once()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3)).After(Ship("o1", 1, "s1"));
        (stock.OnHand, stock.Allocated).ShouldBe((4, 2));
        StockDecider.Decide(stock, Ship("o1", 1, "s1")).ShouldChangeNothing();
        StockDecider.Decide(stock, Ship("o1", 3, "s2")).ShouldRefuse("exceeds_allocation", "quantity");
        stock = stock.After(Ship("o1", 2, "s2"));
        (stock.OnHand, stock.Allocated).ShouldBe((2, 0));
        StockDecider.Decide(stock, Ship("o1", 2, "s2")).ShouldChangeNothing();
        StockDecider.Decide(stock, Ship("o1", 2, "s3")).ShouldRefuse("not_allocated", "orderId");
        StockDecider.Decide(stock, Ship("o1", 2, null)).ShouldRefuse("not_allocated", "orderId");
    }

    [Fact]
    public void What_has_left_is_not_taken_back()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3)).After(Ship("o1", 1, "s1")).After(Deallocate("o1"));
        (stock.OnHand, stock.Allocated, stock.Available).ShouldBe((4, 0, 4));
    }

    [Fact]
    public void A_pick_is_for_an_order_that_was_promised_the_goods_and_happens_once()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3)).After(new PickStock("A", "shop", "o1", 2, "p1"));
        StockDecider.Decide(stock, new PickStock("A", "shop", "o1", 2, "p1")).ShouldChangeNothing();
        StockDecider.Decide(stock, new PickStock("A", "shop", "o1", 2, "p2")).ShouldRefuse("exceeds_allocation", "quantity");
        StockDecider.Decide(stock, new PickStock("A", "shop", "o2", 1)).ShouldRefuse("not_allocated", "orderId");
    }

    [Fact]
    public void A_count_below_what_is_promised_is_accepted_and_shows_the_shortfall()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(Allocate("o1", 3)).After(Hold("h1", 2)).After(new CountStock("A", "shop", 1));
        (stock.OnHand, stock.Allocated, stock.Held, stock.Available, stock.Shortfall).ShouldBe((1, 3, 2, 0, 4));
        StockDecider.Decide(stock, Ship("o1", 3, "s1")).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(stock, Hold("h2", 1)).ShouldRefuse("insufficient_stock", "quantity");
        stock.After(new AdjustStock("A", "shop", -1, "broken")).Shortfall.ShouldBe(5);
        stock.After(new ReceiveStock("A", "shop", 4)).Shortfall.ShouldBe(0);
    }

    [Fact]
    public void Backorders_are_taken_where_the_order_and_the_terms_allow_it_up_to_the_limit_and_the_day()
    {
        var stock = Given(new StockReceived("A", "shop", 2))
            .After(new SetStockTerms("A", "shop", 0, BackorderPolicy.Backorder, 3, new DateOnly(2026, 12, 1)));
        StockDecider.Decide(stock, Allocate("o1", 4)).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(stock, Backorder("o1", 4)).ShouldBeOne<StockAllocated>()
            .ShouldBe(new StockAllocated("A", "shop", "o1", 4, Backordered: 2, ExpectedOn: new DateOnly(2026, 12, 1)));
        var after = stock.After(Backorder("o1", 4));
        (after.Available, after.Backordered, after.Shortfall).ShouldBe((0, 2, 2));
        StockDecider.Decide(after, Backorder("o2", 2)).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Decide(after, Backorder("o2", 1) with { At = Nine.AddDays(5) }).ShouldRefuse("insufficient_stock", "quantity");
        after.After(Backorder("o2", 1)).Backordered.ShouldBe(3);
        StockDecider.Validate(Backorder("o2", 1) with { At = null }).ShouldFind("at: required");
    }

    [Fact]
    public void Goods_that_come_in_are_first_for_those_who_wait()
    {
        var stock = Given(new StockReceived("A", "shop", 2)).After(new SetStockTerms("A", "shop", 0, BackorderPolicy.Backorder, 3))
            .After(Backorder("o1", 4));
        StockDecider.Decide(stock, Ship("o1", 3, "s0")).ShouldRefuse("insufficient_stock", "quantity");
        stock = stock.After(Ship("o1", 2, "s1"));
        (stock.OnHand, stock.Backordered).ShouldBe((0, 2));
        stock = stock.After(new ReceiveStock("A", "shop", 3));
        (stock.OnHand, stock.Available).ShouldBe((3, 1));
        stock = stock.After(Ship("o1", 2, "s2"));
        (stock.OnHand, stock.Available, stock.Backordered).ShouldBe((1, 1, 0));
    }

    [Fact]
    public void A_backorder_takes_nothing_of_what_is_set_apart_for_others()
    {
        var stock = Given(new StockReceived("A", "shop", 3)).After(new SetStockAside("A", "shop", "web", 3))
            .After(new SetStockTerms("A", "shop", 0, BackorderPolicy.Backorder, 5)).After(Backorder("o1", 2));
        (stock.Available, stock.AvailableTo("web")).ShouldBe((0, 3));
        var sold = stock.After(Allocate("o2", 3) with { Channel = "web" });
        (sold.AvailableTo("web"), sold.Shortfall).ShouldBe((0, 2));
        StockDecider.Decide(sold, Backorder("o3", 4)).ShouldRefuse("insufficient_stock", "quantity");
        sold.After(Backorder("o3", 3)).Shortfall.ShouldBe(5);
    }

    [Fact]
    public void A_pre_order_is_taken_before_its_day_and_leaves_on_it()
    {
        var stock = Given(new StockReceived("A", "shop", 1)).After(new SetStockTerms("A", "shop", 0, BackorderPolicy.PreOrder, 2, new DateOnly(2026, 12, 1)))
            .After(Backorder("o1", 3)).After(new ReceiveStock("A", "shop", 2));
        StockDecider.Decide(stock, Ship("o1", 3, "s1") with { At = Nine }).ShouldRefuse("not_released");
        StockDecider.Decide(stock, new PickStock("A", "shop", "o1", 1, "p1", Nine)).ShouldRefuse("not_released");
        stock.After(Ship("o1", 3, "s1") with { At = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero) }).OnHand.ShouldBe(0);
        StockDecider.Decide(stock, Backorder("o2", 1) with { At = new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero) }).ShouldRefuse("insufficient_stock", "quantity");
        StockDecider.Validate(new SetStockTerms("A", "shop", 0, BackorderPolicy.PreOrder, 2)).ShouldFind("date: required");
        StockDecider.Validate(new SetStockTerms("A", "shop", 0, BackorderPolicy.None, 2)).ShouldFind("limit: out_of_range");
    }

    [Fact]
    public void Units_of_a_channels_share_go_back_to_it_when_its_order_is_called_off()
    {
        var stock = Given(new StockReceived("A", "shop", 5)).After(new SetStockAside("A", "shop", "web", 3))
            .After(Hold("h1", 2) with { Channel = "web" }).After(Allocate("o1", 4, "h1"));
        (stock.SetAside, stock.Available, stock.AvailableTo("web")).ShouldBe((0, 1, 1));
        var back = stock.After(Deallocate("o1"));
        (back.SetAside, back.Available, back.AvailableTo("web")).ShouldBe((3, 2, 5));
        var left = stock.After(Ship("o1", 2, "s1")).After(Deallocate("o1"));
        (left.SetAside, left.Available, left.OnHand).ShouldBe((1, 2, 3));
    }

    [Fact]
    public void What_is_expected_is_shown_until_it_comes_in_under_its_reference()
    {
        var stock = Stock.Initial.After(new ExpectStock("A", "shop", "PO-9", 20, new DateOnly(2026, 12, 1))).After(new ExpectStock("A", "shop", "PO-10", 5));
        (stock.Incoming, stock.OnHand, stock.Available).ShouldBe((25, 0, 0));
        stock = stock.After(new ReceiveStock("A", "shop", 15, " PO-9 "));
        (stock.Incoming, stock.OnHand).ShouldBe((10, 15));
        stock = stock.After(new ReceiveStock("A", "shop", 8, "PO-9")).After(new ReceiveStock("A", "shop", 1, "found"));
        (stock.Incoming, stock.OnHand, stock.Deliveries.ContainsKey("PO-9")).ShouldBe((5, 24, false));
        stock.After(new ExpectStock("A", "shop", "PO-10", 0)).Incoming.ShouldBe(0);
    }

    private static Stock Given(params StockEvent[] events) => events.Aggregate(Stock.Initial, Stock.Evolve);

    private static HoldStock Hold(string id, int quantity) => new("A", "shop", id, quantity, Nine.AddMinutes(15), Nine);

    private static AllocateStock Allocate(string order, int quantity, string? hold = null) => new("A", "shop", order, quantity, hold);

    private static AllocateStock Backorder(string order, int quantity) => new("A", "shop", order, quantity, Backorder: true, At: Nine);

    private static DeallocateStock Deallocate(string order) => new("A", "shop", order, "declined");

    private static ShipStock Ship(string order, int quantity, string? shipment) => new("A", "shop", order, quantity, shipment);
}
