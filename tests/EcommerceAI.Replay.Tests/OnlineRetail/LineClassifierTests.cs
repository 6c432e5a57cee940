using EcommerceAI.Replay.OnlineRetail;
using Shouldly;
using Xunit;
using static EcommerceAI.Replay.Tests.OnlineRetail.RetailCsv;

namespace EcommerceAI.Replay.Tests.OnlineRetail;

public sealed class LineClassifierTests
{
    [Theory]
    [InlineData(LineKind.Sale, "536365", "85123A", 6, "2.55", "17850")]
    [InlineData(LineKind.Sale, "536365", "85123A", 6, "2.55", "")]
    [InlineData(LineKind.Sale, "536365", "DCGSSBOY", 1, "3.29", "")]
    [InlineData(LineKind.Sale, "536365", "PADS", 1, "0.001", "17850")]
    [InlineData(LineKind.Return, "C536379", "85123A", -1, "2.55", "17850")]
    [InlineData(LineKind.Free, "537197", "22841", 1, "0", "12647")]
    [InlineData(LineKind.Free, "561916", "M", 1, "0.0", "15581")]
    [InlineData(LineKind.Free, "C537197", "22841", -1, "0", "12647")]
    [InlineData(LineKind.StockAdjustment, "536414", "22139", 56, "0.0", "")]
    [InlineData(LineKind.StockAdjustment, "536414", "22139", -56, "0.0", "")]
    [InlineData(LineKind.StockAdjustment, "536414", "POST", 1000, "0", "")]
    [InlineData(LineKind.StockAdjustment, "536414", "GIFT_0001_20", -5, "0", "")]
    [InlineData(LineKind.Charge, "536370", "POST", 3, "18.00", "12583")]
    [InlineData(LineKind.Charge, "536370", "dot", 1, "569.77", "")]
    [InlineData(LineKind.Charge, "536370", "M", -1, "5", "12583")]
    [InlineData(LineKind.Charge, "C536379", "D", -1, "27.50", "14527")]
    [InlineData(LineKind.Charge, "C536379", "M", 1, "27.50", "14527")]
    [InlineData(LineKind.Charge, "536370", "S", 1, "5", "12583")]
    [InlineData(LineKind.Charge, "536370", "C2", 1, "50", "12583")]
    [InlineData(LineKind.Charge, "536370", "BANK CHARGES", 1, "15", "12583")]
    [InlineData(LineKind.Charge, "C536370", "AMAZONFEE", -1, "13541.33", "")]
    [InlineData(LineKind.Charge, "C536370", "CRUK", -1, "52.24", "14096")]
    [InlineData(LineKind.Charge, "536370", "gift_0001_40", 1, "34.04", "")]
    [InlineData(LineKind.Bookkeeping, "A563185", "B", 1, "11062.06", "")]
    [InlineData(LineKind.Bookkeeping, "A563186", "B", 1, "-11062.06", "")]
    [InlineData(LineKind.Bookkeeping, "A563186", "B", 1, "0", "")]
    public void A_line_stands_in_the_row_of_the_first_rule_that_fits(
        LineKind kind, string invoice, string code, int quantity, string price, string customer)
    {
        var plan = Plan(Line(invoice, code, quantity: quantity, price: price, customer: customer));
        plan.RejectedLines.ShouldBeEmpty();
        plan.Reconciliation.Rows.Single(row => row.Lines > 0).Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData("stock code is missing", "536365", "", 6, "2.55", "17850", "France")]
    [InlineData("stock code holds", "536365", "85123/A", 6, "2.55", "17850", "France")]
    [InlineData("stock code is longer", "536365", "12345678901234567890123456789012345678901", 6, "2.55", "17850", "France")]
    [InlineData("quantity is zero", "536365", "85123A", 0, "2.55", "17850", "France")]
    [InlineData("quantity is beyond", "536365", "85123A", 1_000_001, "2.55", "17850", "France")]
    [InlineData("quantity is beyond", "536365", "85123A", int.MinValue, "0", "", "France")]
    [InlineData("price is negative", "536365", "85123A", 6, "-2.55", "17850", "France")]
    [InlineData("price is negative", "C536365", "D", -1, "-2.55", "17850", "France")]
    [InlineData("price is beyond", "536365", "85123A", 6, "1000000.01", "17850", "France")]
    [InlineData("more than four decimal places", "536365", "85123A", 6, "2.55001", "17850", "France")]
    [InlineData("invoice number", "X536365", "85123A", 6, "2.55", "17850", "France")]
    [InlineData("invoice number", "CC536365", "85123A", -6, "2.55", "17850", "France")]
    [InlineData("invoice number", "C", "85123A", -6, "2.55", "17850", "France")]
    [InlineData("invoice number", "", "85123A", 6, "2.55", "17850", "France")]
    [InlineData("customer number", "536365", "85123A", 6, "2.55", "1 785", "France")]
    [InlineData("country is missing", "536365", "85123A", 6, "2.55", "17850", "")]
    [InlineData("negative on an invoice", "536365", "85123A", -6, "2.55", "17850", "France")]
    [InlineData("negative on an invoice", "536365", "85123A", -6, "0", "17850", "France")]
    [InlineData("positive on a credit note", "C536365", "85123A", 6, "2.55", "17850", "France")]
    public void A_line_that_makes_no_sense_is_listed_and_left_out(
        string reason, string invoice, string code, int quantity, string price, string customer, string country)
    {
        var plan = Plan(
            Line("536364"), Line(invoice, code, quantity: quantity, price: price, customer: customer, country: country));
        var rejected = plan.RejectedLines.ShouldHaveSingleItem();
        rejected.LineNumber.ShouldBe(3);
        rejected.Reason.ShouldContain(reason);
        plan.Reconciliation[LineKind.Rejected].Lines.ShouldBe(1);
        plan.Reconciliation[LineKind.Sale].Lines.ShouldBe(1);
        plan.Reconciliation.IsBalanced.ShouldBeTrue();
        plan.InvoiceCount.ShouldBe(1);
    }

    [Fact]
    public void A_price_of_more_places_that_are_zero_is_sound() =>
        Plan(Line(price: "2.5500000")).RejectedLines.ShouldBeEmpty();

    [Fact]
    public void A_line_of_another_customer_or_country_than_its_invoice_is_rejected()
    {
        var plan = Plan(Line(), Line(customer: "17851"), Line(country: "France"), Line(customer: ""), Line());
        plan.RejectedLines.Select(line => line.LineNumber).ShouldBe([3, 4, 5]);
        plan.RejectedLines[0].Reason.ShouldBe("the customer is 17851 where the invoice began with 17850");
        plan.RejectedLines[2].Reason.ShouldContain("a guest");
    }

    [Fact]
    public void A_line_in_the_hour_that_spring_skips_is_rejected() =>
        Plan(Line(moment: "2011-03-27 01:30:00"), Line(invoice: "536366"))
            .RejectedLines.ShouldHaveSingleItem().Reason.ShouldContain("does not exist");

    [Fact]
    public void Every_code_without_stock_has_a_meaning_and_goods_have_none()
    {
        CodesWithoutStock.Meaning("POST").ShouldBe("Postage");
        CodesWithoutStock.Meaning("GIFT_0001_10").ShouldBe("Gift voucher");
        CodesWithoutStock.Contains("22423").ShouldBeFalse();
        CodesWithoutStock.Contains("PADS").ShouldBeFalse();
    }
}
