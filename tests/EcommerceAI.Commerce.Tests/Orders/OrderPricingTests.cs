using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Orders;

public sealed class OrderPricingTests
{
    [Fact]
    public void An_order_s_total_is_its_goods_and_its_charges()
    {
        var placed = OrderPricing.PlacedOrder(
            "536365", "17850", "United Kingdom", "warehouse", "GBP",
            [new("85123A", 6, 2.55m), new("FREE", 1, 0m)],
            [new("POST", "POSTAGE", 1, 18m), new("D", "Discount", -1, 5.005m)]);
        placed.Lines.ShouldBe([new OrderLine("85123A", 6, 2.55m, 1530), new OrderLine("FREE", 1, 0m, 0)]);
        placed.Charges.ShouldBe([new OrderCharge("POST", "POSTAGE", 1, 18m, 1800), new OrderCharge("D", "Discount", -1, 5.005m, -500)]);
        placed.Total.ShouldBe(new Money(1530 + 1800 - 500, "GBP"));
    }

    [Fact]
    public void A_credit_note_s_total_is_its_charges_less_its_goods()
    {
        var received = OrderPricing.ReceivedReturn(
            "C1", null, "France", "warehouse", "GBP", [new("A", 2, 4.65m)], [new("POST", null, -1, 3m), new("M", "Manual", 1, 0.5m)]);
        received.Total.ShouldBe(new Money(-300 + 50 - 930, "GBP"));
        BlindReturn.Evolve(BlindReturn.Initial, received).Total.ShouldBe(received.Total);
    }

    [Fact]
    public void A_bookkeeping_entry_is_signed()
    {
        var booked = OrderPricing.BookedEntry("A563186", "GBP", [new("B", "Adjust bad debt", 1, -11062.06m)]);
        booked.Total.ShouldBe(new Money(-1106206, "GBP"));
        LedgerEntry.Evolve(LedgerEntry.Initial, booked).ShouldBe(new LedgerEntry("A563186", booked.Lines, booked.Total));
    }

    [Fact]
    public void An_empty_invoice_comes_to_nothing_in_its_currency() =>
        OrderPricing.PlacedOrder("o", null, "France", "w", "JPY", [], []).Total.ShouldBe(Money.Zero("JPY"));

    [Fact]
    public void A_total_never_wraps_around() =>
        Should.Throw<OverflowException>(() =>
            OrderPricing.BookedEntry("e", "GBP", [new("M", null, 1, 9e16m), new("M", null, 1, 9e16m)]));
}
