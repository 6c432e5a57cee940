using System.Globalization;
using System.Text.Json;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Replay.OnlineRetail;
using Shouldly;
using Xunit;
using static EcommerceAI.Replay.Tests.OnlineRetail.RetailCsv;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class ImportPlanTests
{
    [Fact]
    public void A_first_order_registers_opens_places_and_issues_in_that_order()
    {
        var invoice = Plan(Line()).Invoices().ShouldHaveSingleItem();
        invoice.Events.Select(planned => (planned.StreamId, planned.Version, planned.Data.GetType())).ShouldBe(
        [
            ("customer-17850", 1, typeof(CustomerRegistered)),
            ("product-85123A", 1, typeof(ProductCreated)),
            ("stock-85123A@warehouse", 1, typeof(StockCounted)),
            ("order-536365", 1, typeof(OrderPlaced)),
            ("stock-85123A@warehouse", 2, typeof(StockIssued)),
        ]);
        invoice.Events.ShouldAllBe(planned => planned.Timestamp == new DateTimeOffset(2010, 12, 1, 8, 26, 0, TimeSpan.Zero));
        (invoice.Ordinal, invoice.InvoiceNo, invoice.LineCount).ShouldBe((0, "536365", 1));
    }

    [Fact]
    public void An_order_carries_goods_free_goods_and_charges_with_amounts_rounded_once_half_to_even()
    {
        var order = Plan(
            Line(quantity: 5, price: "0.005"),
            Line(code: "22423", quantity: 7, price: "0.005"),
            Line(code: "22841", quantity: 2, price: "0"),
            Line(code: "POST", description: "POSTAGE", quantity: 1, price: "18"),
            Line(code: "M", description: "", quantity: 1, price: "0")).Events<OrderPlaced>().ShouldHaveSingleItem();
        order.OrderId.ShouldBe("536365");
        order.CustomerId.ShouldBe("17850");
        order.Location.ShouldBe("warehouse");
        order.Lines.ShouldBe(
        [
            new OrderLine("85123A", 5, 0.005m, 2), new OrderLine("22423", 7, 0.005m, 4), new OrderLine("22841", 2, 0m, 0),
        ]);
        order.Charges.ShouldBe([new OrderCharge("POST", "POSTAGE", 1, 18m, 1800), new OrderCharge("M", null, 1, 0m, 0)]);
        order.Total.ShouldBe(new Money(1806, "GBP"));
    }

    [Fact]
    public void A_line_without_a_customer_is_a_guest_order_and_registers_nobody()
    {
        var plan = Plan(Line(customer: ""));
        plan.Events<OrderPlaced>().ShouldHaveSingleItem().CustomerId.ShouldBeNull();
        plan.Events<CustomerRegistered>().ShouldBeEmpty();
    }

    [Fact]
    public void A_customer_is_registered_once_with_the_country_of_the_first_invoice()
    {
        Plan(Line(country: "EIRE"), Line("536366", country: "France"), Line("C536367", quantity: -1, country: "France"))
            .Events<CustomerRegistered>().ShouldBe([new CustomerRegistered("17850", "EIRE")]);
    }

    [Fact]
    public void A_credit_note_becomes_a_return_with_positive_lines_signed_charges_and_what_it_gives_back()
    {
        var plan = Plan(
            Line("C536379", quantity: -2, price: "2.55"), Line("C536379", code: "D", description: "Discount", quantity: -1, price: "27.5"),
            Line("C536379", code: "M", description: "Manual", quantity: 1, price: "1"));
        var returned = plan.Events<ReturnReceived>().ShouldHaveSingleItem();
        returned.ReturnId.ShouldBe("C536379");
        returned.Lines.ShouldBe([new OrderLine("85123A", 2, 2.55m, 510)]);
        returned.Charges.Select(charge => charge.Amount).ShouldBe([-2750, 100]);
        returned.Total.ShouldBe(new Money(-2750 + 100 - 510, "GBP"));
        plan.Events().ShouldContain(planned => planned.StreamId == "return-C536379");
        plan.Events<StockReturned>().ShouldBe([new StockReturned("85123A", "warehouse", 2, "C536379")]);
        plan.Events<OrderPlaced>().ShouldBeEmpty();
    }

    [Fact]
    public void Bookkeeping_goes_to_the_ledger_and_touches_nothing_else()
    {
        var planned = Plan(Line("A563186", "B", "Adjust bad debt", 1, price: "-11062.06", customer: "")).Events().ShouldHaveSingleItem();
        planned.StreamId.ShouldBe("ledger-A563186");
        var booked = planned.Data.ShouldBeOfType<LedgerEntryBooked>();
        booked.Lines.ShouldBe([new OrderCharge("B", "Adjust bad debt", 1, -11062.06m, -1106206)]);
        booked.Total.ShouldBe(new Money(-1106206, "GBP"));
    }

    [Fact]
    public void Goods_of_one_code_on_several_lines_stay_lines_but_leave_the_stock_in_one_movement()
    {
        var plan = Plan(Line(quantity: 2), Line(code: "22423", quantity: 1), Line(quantity: 3, price: "0"), Line(quantity: 2));
        plan.Events<OrderPlaced>().Single().Lines.Select(line => line.Quantity).ShouldBe([2, 1, 3, 2]);
        plan.Events<StockIssued>().ShouldBe(
            [new StockIssued("85123A", "warehouse", 7, "536365"), new StockIssued("22423", "warehouse", 1, "536365")]);
    }

    [Fact]
    public void An_invoice_of_mere_adjustments_adjusts_line_by_line_and_places_no_order()
    {
        var plan = Plan(
            Line(description: "damaged", quantity: -3, price: "0", customer: ""),
            Line(description: "", quantity: 5, price: "0", customer: ""));
        plan.Events<StockAdjusted>().ShouldBe(
        [
            new StockAdjusted("85123A", "warehouse", -3, "damaged", "536365"), new StockAdjusted("85123A", "warehouse", 5, null, "536365"),
        ]);
        plan.Events<OrderPlaced>().ShouldBeEmpty();
    }

    [Fact]
    public void A_code_without_stock_never_becomes_a_product_even_where_its_count_is_adjusted()
    {
        var plan = Plan(Line(code: "POST", description: "", quantity: 1000, price: "0", customer: ""), Line("536366", "POST", price: "18"));
        plan.Events<ProductCreated>().ShouldBeEmpty();
        plan.Events<StockIssued>().ShouldBeEmpty();
        plan.Events<StockAdjusted>().ShouldHaveSingleItem().Sku.ShouldBe("POST");
        plan.Events<StockCounted>().ShouldHaveSingleItem().Quantity.ShouldBe(0);
    }

    [Fact]
    public void Invoices_run_in_the_order_of_time_and_lines_of_one_invoice_are_gathered_from_anywhere()
    {
        var invoices = Plan(
            Line("536370", moment: "2010-12-02 09:00:00"), Line("536365", moment: "2010-12-01 08:26:00"),
            Line("536370", code: "22423", moment: "2010-12-02 09:01:00")).Invoices().ToList();
        invoices.Select(invoice => invoice.InvoiceNo).ShouldBe(["536365", "536370"]);
        invoices[1].LineCount.ShouldBe(2);
        invoices[1].Events.ShouldAllBe(planned => planned.Timestamp == new DateTimeOffset(2010, 12, 2, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Lines_repeated_to_the_letter_are_real_lines() =>
        Plan(Line(), Line()).Events<OrderPlaced>().ShouldHaveSingleItem().Lines.Count.ShouldBe(2);

    [Theory]
    [InlineData("2011-06-01 10:00:00", "2011-06-01T09:00:00+00:00")]
    [InlineData("2011-01-10 10:00:00", "2011-01-10T10:00:00+00:00")]
    [InlineData("2011-03-27 00:59:59", "2011-03-27T00:59:59+00:00")]
    [InlineData("2011-03-27 02:00:00", "2011-03-27T01:00:00+00:00")]
    [InlineData("2011-10-30 00:59:59", "2011-10-29T23:59:59+00:00")]
    [InlineData("2011-10-30 01:30:00", "2011-10-30T00:30:00+00:00")]
    [InlineData("2011-10-30 02:00:00", "2011-10-30T02:00:00+00:00")]
    public void A_moment_on_the_clocks_of_the_kingdom_becomes_its_instant(string local, string instant) =>
        Plan(Line(moment: local)).Events().ConvertAll(planned => planned.Timestamp).Distinct()
            .ShouldBe([DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture)]);

    [Fact]
    public void A_walk_that_skips_goes_on_with_exactly_what_the_whole_walk_has_there()
    {
        var plan = ImportPlan.Create(ReadBytes(BrokenFileTests.GeneratedYear(3_000)));
        var whole = plan.Invoices().SelectMany(invoice => invoice.Events).ToList();
        var first = plan.Invoices().Take(40).SelectMany(invoice => invoice.Events).ToList();
        var rest = plan.Invoices(skip: 40).ToList();
        rest[0].Ordinal.ShouldBe(40);
        var joined = first.Concat(rest.SelectMany(invoice => invoice.Events)).ToList();
        joined.Select(Whole).ShouldBe(whole.Select(Whole));
    }

    [Fact]
    public void Reading_and_planning_again_gives_the_same_events_to_the_letter()
    {
        var content = BrokenFileTests.GeneratedYear(3_000);
        var once = ImportPlan.Create(ReadBytes(content)).Events();
        var again = ImportPlan.Create(ReadBytes(Gzip(content), "year.csv.gz")).Events();
        again.Select(Whole).ShouldBe(once.Select(Whole));
    }

    [Fact]
    public void An_id_is_the_uuid_version_5_of_stream_and_version()
    {
        var dns = new Guid("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
        NameBasedId.Create(dns, "www.example.com").ShouldBe(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2")); // RFC 9562, A.4
        Plan(Line()).Events().ShouldAllBe(planned => planned.EventId == NameBasedId.ForEvent(planned.StreamId, planned.Version));
    }

    /// <summary>All of an event; its data as text, since records compare the lists they hold by reference.</summary>
    private static (string, long, Guid, DateTimeOffset, string) Whole(PlannedEvent planned) =>
        (planned.StreamId, planned.Version, planned.EventId, planned.Timestamp,
            JsonSerializer.Serialize(planned.Data, planned.Data.GetType()));
}
