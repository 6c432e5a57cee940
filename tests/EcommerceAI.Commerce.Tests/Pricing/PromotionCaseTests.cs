using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>The cases of <c>promotions.md</c>.</summary>
public sealed class PromotionCaseTests
{
    private static readonly IReadOnlyList<IReadOnlyDictionary<string, string>> Rows = CaseTable.Read("promotions.md");

    public static TheoryData<string> Cases => [.. Rows.Select(row => row["case"])];

    [Fact]
    public void There_are_at_least_forty_cases_each_with_a_name_of_its_own() =>
        CaseTable.NamesOf(Rows).ShouldBeGreaterThanOrEqualTo(40);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_basket_comes_to_what_the_table_says(string name)
    {
        var row = Rows.Single(row => row["case"] == name);
        var currency = row["currency"] is { Length: > 0 } given ? given : "GBP";
        var quote = PriceEvaluator.Evaluate(new PricingRequest(currency, "web", "GB", null, PricingNotation.Day("2024-06-01"),
            [.. PricingNotation.List(row["basket"]).Select(line => PricingNotation.Line(line, wordIsTaxClass: false))])
        {
            CouponCodes = PricingNotation.List(row["coupons"]),
            Promotions = [.. PricingNotation.List(row["promotions"], " + ").Select(text => PricingNotation.Promotion(text, currency))],
        });

        string Major(long minor) => PricingNotation.Major(minor, currency);
        Major(quote.Gross).ShouldBe(row["gross"]);
        Text(quote.Lines.Where(line => line.Discounts.Count > 0).Select(line => $"{line.LineId} {Major(line.Discounts.Sum(discount => discount.Amount))}"))
            .ShouldBe(row["discounts"]);
        Text(quote.Promotions.Select(promotion => $"{promotion.PromotionId} {Major(promotion.Amount)}")).ShouldBe(row["given"]);
        Major(quote.Total).ShouldBe(row["to pay"]);
        Text(quote.PassedOver.Select(passed => $"{passed.PromotionId} {passed.Code}")
            .Concat(quote.Coupons.Where(coupon => !coupon.Accepted).Select(coupon => coupon.Code))).ShouldBe(row["refused"]);
    }

    private static string Text(IEnumerable<string> parts) => string.Join(", ", parts);
}
