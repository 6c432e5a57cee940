using EcommerceAI.Commerce.FlashSales;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.FlashSales;

public sealed class DropDeciderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_drop_is_announced_once()
    {
        var schedule = new ScheduleDrop("drop-1", "a", "warehouse", 5, Noon, Noon.AddHours(1), 2, 60, 10);
        DropDecider.Decide(Drop.Initial, schedule).ShouldBeOne<DropScheduled>()
            .ShouldBe(new DropScheduled("drop-1", "A", "warehouse", 5, Noon, Noon.AddHours(1), 2, 60, 10));
        var drop = Given(5);
        DropDecider.Decide(drop, new ScheduleDrop("d", "A", "warehouse", 5, Noon, Noon.AddHours(1), 2, 60, 3)).Events.ShouldBeEmpty();
        DropDecider.Decide(drop, new ScheduleDrop("d", "A", "warehouse", 6, Noon, Noon.AddHours(1), 2, 60, 3)).ShouldRefuse("drop_exists", "dropId");
    }

    [Fact]
    public void Fields_that_make_no_sense_are_all_told_at_once()
    {
        DropDecider.Validate(new ScheduleDrop(new string('a', 36), "", "No", 0, Noon, Noon, 0, 0, -1)).ShouldFind(
            "dropId: too_long", "sku: required", "location: malformed", "quantity: out_of_range", "endsAt: out_of_range",
            "limitPerCustomer: out_of_range", "holdSeconds: out_of_range", "queueLimit: out_of_range");
        DropDecider.Validate(new ReserveUnits("d", null!, "a b", 0, false, Noon)).ShouldFind(
            "reservationId: required", "customerId: malformed", "quantity: out_of_range");
    }

    [Fact]
    public void Units_are_held_in_the_order_of_arrival_until_none_is_left()
    {
        var drop = Given(3);
        var first = DropDecider.Decide(drop, Reserve("r1", "ada", 2)).ShouldBeOne<DropUnitsHeld>();
        first.ShouldBe(new DropUnitsHeld("d", "r1", "ada", 2, 1, Noon.AddSeconds(60)));
        drop = drop.After(Reserve("r1", "ada", 2)).After(Reserve("r2", "bob"));
        (drop.Taken, drop.Free, drop.Reservations["r2"].Ticket).ShouldBe((3, 0, 2));
        DropDecider.Decide(drop, Reserve("r3", "cy")).ShouldRefuse("sold_out");
        DropDecider.Decide(Given(1), Reserve("r1", "ada", 2)).ShouldRefuse("sold_out");
    }

    [Fact]
    public void The_same_reservation_gets_the_same_answer_and_takes_nothing_more()
    {
        var drop = Given(3).After(Reserve("r1", "ada", 2));
        DropDecider.Decide(drop, Reserve("r1", "ada", 2, seconds: 30)).Events.ShouldBeEmpty();
        DropDecider.Decide(drop, Reserve("r1", "ada", 2, seconds: 30)).Rejections.ShouldBeEmpty();
        DropDecider.Decide(drop, Reserve("r1", "bob", 2)).ShouldRefuse("reservation_exists", "reservationId");
        DropDecider.Decide(drop, Reserve("r1", "ada")).ShouldRefuse("reservation_exists", "reservationId");
    }

    [Fact]
    public void No_customer_gets_more_than_the_limit_by_any_number_of_reservations()
    {
        var drop = Given(9).After(Reserve("r1", "ada"));
        DropDecider.Decide(drop, Reserve("r2", "ada", 2)).ShouldRefuse("limit_per_customer", "quantity");
        drop = drop.After(Reserve("r2", "ada"));
        DropDecider.Decide(drop, Reserve("r3", "ada")).ShouldRefuse("limit_per_customer", "quantity");
        drop = drop.After(new BuyUnits("d", "r1", "o1", Noon));
        DropDecider.Decide(drop, Reserve("r3", "ada")).ShouldRefuse("limit_per_customer", "quantity");
        drop.After(new GiveBackUnits("d", "r2", Noon)).After(Reserve("r3", "ada")).Customers["ada"].ShouldBe(2);
    }

    [Fact]
    public void Nothing_is_held_before_the_start_and_from_the_end_on()
    {
        DropDecider.Decide(Given(3), Reserve("r1", "ada", seconds: -1)).ShouldRefuse("drop_not_started");
        DropDecider.Decide(Given(3), Reserve("r1", "ada", seconds: 3600)).ShouldRefuse("drop_ended");
        DropDecider.Decide(Given(3), Reserve("r1", "ada", seconds: 3599)).ShouldBeOne<DropUnitsHeld>();
        DropDecider.Decide(Drop.Initial, Reserve("r1", "ada")).ShouldRefuse("unknown_drop", kind: RejectionKind.NotFound);
    }

    [Fact]
    public void Who_waits_before_the_start_is_served_first_in_the_order_of_their_tickets()
    {
        var drop = Given(3).After(Reserve("r1", "ada", 1, -30, true)).After(Reserve("r2", "bob", 2, -20, true)).After(Reserve("r3", "cy", 1, -10, true));
        (drop.Waiting, drop.Taken).ShouldBe((3, 0));
        DropDecider.Decide(drop, Reserve("r4", "dee")).ShouldRefuse("sold_out");
        drop = drop.After(new SettleDrop("d", Noon));
        (drop.Taken, drop.Waiting, drop.Reservations["r1"].Status, drop.Reservations["r2"].Status, drop.Reservations["r3"].Status)
            .ShouldBe((3, 1, ReservationStatus.Held, ReservationStatus.Held, ReservationStatus.Queued));
        drop.Reservations["r2"].ShouldBe(new Reservation("r2", "bob", 2, 2, ReservationStatus.Held, Noon.AddSeconds(60)));
    }

    [Fact]
    public void What_was_not_bought_in_time_goes_to_the_one_who_has_waited_longest()
    {
        var drop = Given(1).After(Reserve("r1", "ada")).After(Reserve("r2", "bob", 1, 10, true)).After(Reserve("r3", "cy", 1, 20, true));
        DropDecider.Decide(drop, new SettleDrop("d", Noon.AddSeconds(59))).Events.ShouldBeEmpty();
        DropDecider.Decide(drop, new SettleDrop("d", Noon.AddSeconds(60))).Events.ShouldBe(
        [
            new DropReservationReleased("d", "r1", "ada", 1, true, "expired"),
            new DropUnitsHeld("d", "r2", "bob", 1, 2, Noon.AddSeconds(120), WasQueued: true),
        ]);
    }

    [Fact]
    public void A_new_buyer_takes_back_what_ran_out_where_nobody_waits()
    {
        var drop = Given(1).After(Reserve("r1", "ada"));
        DropDecider.Decide(drop, Reserve("r2", "bob", 1, 60)).Events.ShouldBe(
        [
            new DropReservationReleased("d", "r1", "ada", 1, true, "expired"),
            new DropUnitsHeld("d", "r2", "bob", 1, 2, Noon.AddSeconds(120)),
        ]);
    }

    [Fact]
    public void A_new_buyer_does_not_overtake_those_who_wait()
    {
        var drop = Given(2).After(Reserve("r1", "ada")).After(Reserve("r2", "bob", 2, 10, true));
        drop.Free.ShouldBe(1);
        DropDecider.Decide(drop, Reserve("r3", "cy", 1, 20)).ShouldRefuse("sold_out");
        DropDecider.Decide(drop, Reserve("r3", "cy", 1, 20, true)).ShouldBeOne<DropReservationQueued>().Ticket.ShouldBe(3);
    }

    [Fact]
    public void The_queue_has_an_end()
    {
        var drop = Given(1).After(Reserve("r1", "ada"));
        for (var n = 2; n < 5; n++) drop = drop.After(Reserve($"r{n}", $"c{n}", 1, 1, true));
        drop.Waiting.ShouldBe(3);
        DropDecider.Decide(drop, Reserve("r9", "zoe", 1, 1, true)).ShouldRefuse("sold_out");
    }

    [Fact]
    public void What_is_given_back_is_free_once_and_what_is_bought_is_not()
    {
        var drop = Given(2).After(Reserve("r1", "ada")).After(Reserve("r2", "bob")).After(new GiveBackUnits("d", "r1", Noon));
        (drop.Free, drop.Customers.ContainsKey("ada")).ShouldBe((1, false));
        DropDecider.Decide(drop, new GiveBackUnits("d", "r1", Noon)).Events.ShouldBeEmpty();
        DropDecider.Decide(drop, new GiveBackUnits("d", "never", Noon)).Events.ShouldBeEmpty();
        drop = drop.After(new BuyUnits("d", "r2", "o1", Noon));
        (drop.Sold, drop.Taken, drop.Reservations["r2"].OrderId).ShouldBe((1, 1, "o1"));
        DropDecider.Decide(drop, new GiveBackUnits("d", "r2", Noon)).ShouldRefuse("reservation_ended", "reservationId");
        DropDecider.Decide(drop, new BuyUnits("d", "r2", "o1", Noon)).Events.ShouldBeEmpty();
        DropDecider.Decide(drop, new BuyUnits("d", "r2", "o2", Noon)).ShouldRefuse("reservation_ended", "reservationId");
        DropDecider.Decide(drop, new BuyUnits("d", "r1", "o2", Noon)).ShouldRefuse("reservation_ended", "reservationId");
        DropDecider.Decide(drop, new BuyUnits("d", "never", "o2", Noon)).ShouldRefuse("unknown_reservation", kind: RejectionKind.NotFound);
    }

    [Fact]
    public void What_was_bought_does_not_run_out()
    {
        var drop = Given(1).After(Reserve("r1", "ada")).After(new BuyUnits("d", "r1", "o1", Noon));
        DropDecider.Decide(drop, new SettleDrop("d", Noon.AddMinutes(5))).Events.ShouldBeEmpty();
        drop.Deadlines.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_drop_closes_when_it_is_over_and_nothing_is_held_any_more()
    {
        var end = Noon.AddHours(1);
        var drop = Given(3).After(Reserve("r1", "ada", 1, 3590)).After(Reserve("r2", "bob", 1, 3595)).After(new BuyUnits("d", "r1", "o1", end));
        DropDecider.Decide(drop, new SettleDrop("d", end)).Events.ShouldBeEmpty();
        DropDecider.NextSettlement(drop, end).ShouldBe(end.AddSeconds(55));
        DropDecider.Decide(drop, new SettleDrop("d", end.AddSeconds(55))).Events.ShouldBe(
            [new DropReservationReleased("d", "r2", "bob", 1, true, "expired"), new DropClosed("d", 2)]);
        var closed = drop.After(new SettleDrop("d", end.AddSeconds(55)));
        DropDecider.NextSettlement(closed, end).ShouldBeNull();
        DropDecider.Decide(closed, new SettleDrop("d", end.AddDays(1))).Events.ShouldBeEmpty();
    }

    [Fact]
    public void Who_still_waits_at_the_end_is_told_that_it_was_in_vain()
    {
        var drop = Given(1).After(Reserve("r1", "ada")).After(Reserve("r2", "bob", 1, 1, true)).After(new BuyUnits("d", "r1", "o1", Noon));
        DropDecider.Decide(drop, new SettleDrop("d", Noon.AddHours(1))).Events.ShouldBe(
            [new DropReservationReleased("d", "r2", "bob", 1, false, "drop ended"), new DropClosed("d", 0)]);
    }

    [Fact]
    public void One_timer_is_enough_because_no_hold_runs_out_before_it_comes_again()
    {
        var drop = Given(3);
        DropDecider.NextSettlement(drop, Noon.AddDays(-1)).ShouldBe(Noon);
        DropDecider.NextSettlement(drop, Noon).ShouldBe(Noon.AddSeconds(60));
        DropDecider.NextSettlement(drop.After(Reserve("r1", "ada")), Noon.AddSeconds(10)).ShouldBe(Noon.AddSeconds(60));
        DropDecider.NextSettlement(drop, Noon.AddSeconds(3590)).ShouldBe(Noon.AddHours(1));
        DropDecider.NextSettlement(Drop.Initial, Noon).ShouldBeNull();
    }

    [Fact]
    public void A_thousand_holds_that_ran_out_are_settled_in_steps()
    {
        var drop = Given(1000);
        for (var n = 0; n < 1000; n++) drop = drop.After(Reserve($"r{n}", $"c{n}"));
        var steps = 0;
        for (; drop.Taken > 0; steps++) drop = drop.After(new SettleDrop("d", Noon.AddMinutes(2)));
        steps.ShouldBe((1000 + DropDecider.MostSettled - 1) / DropDecider.MostSettled);
    }

    private static Drop Given(int quantity) =>
        Drop.Evolve(Drop.Initial, new DropScheduled("d", "A", "warehouse", quantity, Noon, Noon.AddHours(1), 2, 60, 3));

    private static ReserveUnits Reserve(string id, string customer, int quantity = 1, int seconds = 0, bool wait = false) =>
        new("d", id, customer, quantity, wait, Noon.AddSeconds(seconds));
}

/// <summary>Drop commands one after another.</summary>
internal static class DropSteps
{
    /// <summary>The drop after a command that must be accepted.</summary>
    public static Drop After(this Drop drop, DropCommand command)
    {
        var decision = DropDecider.Decide(drop, command);
        decision.Rejections.ShouldBeEmpty();
        return decision.Events.Aggregate(drop, Drop.Evolve);
    }
}
