using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

public sealed class PriceEvaluatorTests
{
    private static readonly DateTimeOffset Now = PricingNotation.Day("2024-06-01");

    [Fact]
    public void A_quote_explains_every_number_of_a_line()
    {
        var quote = PriceEvaluator.Evaluate(Request("A 3 x 5.00 tea, B 5.00 mugs") with
        {
            Promotions = [PricingNotation.Promotion("P1: 10 % off code SAVE", "GBP")],
            CouponCodes = ["save"],
            Taxes = new TaxTable("GB", TaxBasis.Inclusive, [new("standard", "VAT", 20m)]),
        });
        var line = quote.Lines[0];
        line.Discounts.Single().Explanation.ShouldBe("P1: 10 % of 20.00 GBP is 2.00 GBP; this line's part is 1.50 GBP.");
        line.Tax.Explanation.ShouldBe("VAT 20 % in GB, contained in 13.50 GBP: 2.25 GBP.");
        quote.Promotions.Single().Explanation.ShouldBe("P1: 10 % of 20.00 GBP is 2.00 GBP.");
        quote.Coupons.Single().ShouldBe(new CouponOutcome("SAVE", true, "Coupon SAVE: P1."));
        quote.Basis.ShouldBe(TaxBasis.Inclusive);
    }

    [Fact]
    public void A_quote_says_what_is_missing_for_a_threshold()
    {
        var quote = PriceEvaluator.Evaluate(
            Request("A 30.00") with { Promotions = [PricingNotation.Promotion("P1: 10 % off from 50.00", "GBP")] });
        quote.PassedOver.Single().Explanation.ShouldBe("P1: begins at 50.00 GBP, 20.00 GBP more.");
    }

    [Fact]
    public void Without_a_tax_table_no_tax_is_charged_and_the_line_says_so() =>
        PriceEvaluator.Evaluate(Request("A 30.00")).Lines[0].Tax.Explanation.ShouldBe("No tax table is kept for GB; no tax is charged.");

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void A_promotion_holds_from_its_first_moment_and_not_at_its_last(int seconds, bool applies)
    {
        var promotion = PricingNotation.Promotion("P1: 10 % off", "GBP");
        var minute = promotion with
        {
            Terms = promotion.Terms with { Conditions = new PromotionConditions { From = Now, Until = Now.AddMinutes(1) } },
        };
        var quote = PriceEvaluator.Evaluate(Request("A 10.00") with { Promotions = [minute], At = Now.AddSeconds(seconds) });
        (quote.Discount > 0).ShouldBe(applies);
    }

    [Theory]
    [InlineData("GB", "GB", true)]
    [InlineData("GB-SCT", "GB", true)]
    [InlineData("GB", "GB-SCT", false)]
    [InlineData("FR", "GB", false)]
    public void A_promotion_for_a_country_holds_in_its_parts(string region, string promotionRegion, bool applies)
    {
        var promotion = PricingNotation.Promotion("P1: 10 % off", "GBP");
        var local = promotion with { Terms = promotion.Terms with { Conditions = new PromotionConditions { Regions = [promotionRegion] } } };
        var quote = PriceEvaluator.Evaluate(Request("A 10.00") with { Promotions = [local], Region = region });
        (quote.Discount > 0).ShouldBe(applies);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("staff", false)]
    [InlineData("trade", true)]
    public void A_promotion_for_a_customer_group_is_for_that_group(string? group, bool applies)
    {
        var promotion = PricingNotation.Promotion("P1: 10 % off", "GBP");
        var trade = promotion with { Terms = promotion.Terms with { Conditions = new PromotionConditions { CustomerGroups = ["trade"] } } };
        var quote = PriceEvaluator.Evaluate(Request("A 10.00") with { Promotions = [trade], CustomerGroup = group });
        (quote.Discount > 0).ShouldBe(applies);
    }

    [Fact]
    public void What_no_caller_may_ask_is_refused_by_name()
    {
        Refusal(Request("A 1.00, A 2.00")).ShouldContain("line id 'A' is there twice");
        Refusal(Request("A 0 x 1.00")).ShouldContain("quantity of line A");
        Refusal(Request("A 1000001 x 1.00")).ShouldContain("quantity of line A");
        Refusal(Request("A 0.12345")).ShouldContain("unit price of line A");
        Refusal(Request("A 1000000.0001")).ShouldContain("unit price of line A");
        Refusal(Request("A 1.00") with { Promotions = [PricingNotation.Promotion("P: 1 % off", "GBP"), PricingNotation.Promotion("P: 2 % off", "GBP")] })
            .ShouldContain("promotion id 'P' is there twice");
        Refusal(Request("A 1.00") with { Taxes = new TaxTable("GB", TaxBasis.Inclusive, [new("standard", "VAT", 20m, Now.AddDays(1))]) })
            .ShouldContain("no rate for standard");
        Refusal(Request("A 1.00") with { Lines = [.. Enumerable.Range(0, 1_001).Select(i => new PricingLine($"{i}", "A", 1, 1m))] })
            .ShouldContain("at most 1000 lines");
    }

    [Fact]
    public void The_largest_basket_does_not_wrap_around()
    {
        var lines = Enumerable.Range(0, 1_000).Select(i => new PricingLine($"{i}", "A", 1_000_000, 1_000_000m));
        var quote = PriceEvaluator.Evaluate(new PricingRequest("BHD", "web", "BH", null, Now, [.. lines])
        {
            Promotions = [PricingNotation.Promotion("P1: 33.3333 % off", "BHD")],
            Taxes = new TaxTable("BH", TaxBasis.Exclusive, [new("standard", "VAT", 100m)]),
        });
        quote.Gross.ShouldBe(1_000_000_000_000_000_000);
        quote.Discount.ShouldBe(333_333_000_000_000_000);
        quote.Total.ShouldBe(1_333_334_000_000_000_000);
    }

    private static PricingRequest Request(string basket) =>
        new("GBP", "web", "GB", null, Now, [.. PricingNotation.List(basket).Select(line => PricingNotation.Line(line, wordIsTaxClass: false))]);

    private static string Refusal(PricingRequest request) => Should.Throw<ArgumentException>(() => PriceEvaluator.Evaluate(request)).Message;
}
