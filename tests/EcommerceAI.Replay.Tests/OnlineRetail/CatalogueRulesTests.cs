using System.Globalization;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Replay.OnlineRetail;
using Shouldly;
using Xunit;
using static EcommerceAI.Replay.Tests.OnlineRetail.RetailCsv;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

/// <summary>What the import reads out of the lines about products: title, list price, opening count.</summary>
public sealed class CatalogueRulesTests
{
    [Fact]
    public void The_title_is_the_most_frequent_description_of_sale_lines() =>
        TitleOf(Line(description: "OLD NAME"), Line("2", description: "NEW  NAME "), Line("3", description: "NEW NAME"),
            Adjustment("4", "damaged"), Adjustment("5", "damaged"), Adjustment("6", "damaged")).ShouldBe("NEW NAME");

    [Fact]
    public void Of_equally_frequent_descriptions_the_earliest_is_the_title() =>
        TitleOf(Line("2", description: "B NAME", moment: "2010-12-02 08:00:00"), Line(description: "A NAME")).ShouldBe("A NAME");

    [Fact]
    public void A_product_that_was_only_returned_is_called_what_the_credit_note_says() =>
        TitleOf(Adjustment("1", "REMARK IN CAPITALS"), Line("C2", description: "Pink Mug", quantity: -1)).ShouldBe("Pink Mug");

    [Fact]
    public void A_product_that_never_sold_takes_a_remark_only_when_it_is_all_capitals() =>
        TitleOf(Adjustment("1", "thrown away"), Adjustment("2", "?"), Adjustment("3", "FLAMINGO LIGHTS")).ShouldBe("FLAMINGO LIGHTS");

    [Fact]
    public void A_product_without_any_title_is_called_by_its_code() =>
        TitleOf(Adjustment("1", "thrown away"), Adjustment("2", "?"), Adjustment("3", "")).ShouldBe("85123A");

    [Fact]
    public void A_title_has_at_most_two_hundred_characters_and_no_half_of_one()
    {
        var title = TitleOf(Line(description: new string('X', 199) + "😀😀"));
        title.ShouldBe(new string('X', 199));
    }

    [Fact]
    public void The_opening_price_is_the_modal_price_of_the_first_day()
    {
        var plan = Plan(Line(price: "2.10"), Line("2", price: "2.55"), Line("3", price: "2.55"));
        plan.Events<ProductCreated>().ShouldHaveSingleItem().Price.ShouldBe(new UnitPrice(2.55m, "GBP"));
        plan.Events<ProductPriceChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void A_product_first_seen_on_a_day_without_sales_opens_without_a_price_and_gets_one_on_its_first_sale()
    {
        var plan = Plan(Adjustment("1", "found"), Line("2", moment: "2010-12-02 09:00:00"));
        plan.Events<ProductCreated>().Single().Price.ShouldBeNull();
        plan.Events<ProductPriceChanged>().ShouldBe([new ProductPriceChanged("85123A", new UnitPrice(2.55m, "GBP"))]);
        plan.Invoices().Last().Events[1].Data.ShouldBeOfType<ProductPriceChanged>();
    }

    [Fact]
    public void A_price_changes_with_the_first_invoice_at_it_on_the_second_day_in_a_row_that_it_is_the_mode()
    {
        var plan = Plan(
            Line("1"), Line("2", price: "3.10", moment: "2010-12-02 09:00:00"), Line("3", price: "2.95", moment: "2010-12-03 09:00:00"),
            Line("4", price: "3.10", moment: "2010-12-03 10:00:00"), Line("5", price: "3.10", moment: "2010-12-03 11:00:00"));
        var changed = plan.Invoices().Where(invoice => invoice.Events.Any(planned => planned.Data is ProductPriceChanged));
        changed.Single().InvoiceNo.ShouldBe("4");
        plan.Events<ProductPriceChanged>().ShouldBe([new ProductPriceChanged("85123A", new UnitPrice(3.10m, "GBP"))]);
    }

    [Fact]
    public void A_price_that_wins_one_day_alone_is_an_offer_and_no_change() =>
        Plan(Line("1"), Line("2", price: "3.10", moment: "2010-12-02 09:00:00"), Line("3", moment: "2010-12-03 09:00:00"),
            Line("4", price: "3.10", moment: "2010-12-04 09:00:00"))
            .Events<ProductPriceChanged>().ShouldBeEmpty();

    [Fact]
    public void Among_equally_frequent_prices_the_one_in_force_stays() =>
        Plan(Line("1"), Line("2", price: "2.10", quantity: 100, moment: "2010-12-02 09:00:00"), Line("3", moment: "2010-12-02 10:00:00"))
            .Events<ProductPriceChanged>().ShouldBeEmpty();

    [Theory]
    [InlineData(5, 6, "2.20")]
    [InlineData(5, 5, "2.10")]
    public void Among_new_prices_on_equally_many_lines_more_units_win_then_the_lower_price(int units, int otherUnits, string winner)
    {
        var plan = Plan(
            Line("1"), Line("2", price: "2.20", quantity: otherUnits, moment: "2010-12-02 09:00:00"),
            Line("3", price: "2.10", quantity: units, moment: "2010-12-02 09:00:00"),
            Line("4", price: "2.20", quantity: otherUnits, moment: "2010-12-03 09:00:00"),
            Line("5", price: "2.10", quantity: units, moment: "2010-12-03 09:00:00"));
        plan.Events<ProductPriceChanged>().Single().Price.Amount.ShouldBe(decimal.Parse(winner, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Returns_free_lines_and_adjustments_say_nothing_about_the_price()
    {
        const string later = "2010-12-02 09:00:00";
        Plan(Line("1"), Line("C2", quantity: -1, price: "9.99", moment: later), Line("3", price: "0", moment: later),
            Adjustment("4", "", moment: later)).Events<ProductPriceChanged>().ShouldBeEmpty();
    }

    [Fact]
    public void The_opening_count_is_the_deepest_that_the_stock_would_fall()
    {
        var plan = Plan(Line("1", quantity: 4), Line("C2", quantity: -3), Line("3", quantity: 5), Adjustment("4", "found", 100), Line("5"));
        plan.Events<StockCounted>().ShouldBe([new StockCounted("85123A", "warehouse", 6)]);
    }

    [Fact]
    public void A_stock_that_is_found_before_it_is_sold_opens_with_nothing() =>
        Plan(Adjustment("1", "found", 10), Line("2", quantity: 10)).Events<StockCounted>().Single().Quantity.ShouldBe(0);

    [Fact]
    public void Within_an_invoice_goods_leave_before_the_count_is_adjusted()
    {
        var plan = Plan(Adjustment("1", "found", 6), Line("1", customer: ""));
        plan.Events<StockCounted>().Single().Quantity.ShouldBe(6);
        plan.Invoices().Single().Events.Select(planned => planned.Data).OfType<StockEvent>().Select(data => data.GetType())
            .ShouldBe([typeof(StockCounted), typeof(StockIssued), typeof(StockAdjusted)]);
    }

    [Fact]
    public void A_stock_that_passes_what_an_event_carries_is_refused_by_its_code()
    {
        var lines = Enumerable.Range(0, 2_200).Select(number => Line($"{number}", quantity: 1_000_000));
        Should.Throw<ImportFileException>(() => Plan(lines)).Message.ShouldContain("85123A");
    }

    private static string TitleOf(params IEnumerable<string> lines) => Plan(lines).Events<ProductCreated>().ShouldHaveSingleItem().Title;

    private static string Adjustment(string invoice, string remark, int quantity = -1, string moment = "2010-12-01 08:26:00") =>
        Line(invoice, description: remark, quantity: quantity, moment: moment, price: "0", customer: "");
}
