using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>The cases of <c>taxes.md</c>.</summary>
public sealed class TaxCaseTests
{
    private static readonly IReadOnlyList<IReadOnlyDictionary<string, string>> Rows = CaseTable.Read("taxes.md");

    public static TheoryData<string> Cases => [.. Rows.Select(row => row["case"])];

    [Fact]
    public void There_are_at_least_forty_cases_each_with_a_name_of_its_own() => CaseTable.NamesOf(Rows).ShouldBeGreaterThanOrEqualTo(40);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_line_is_taxed_as_the_table_says(string name)
    {
        var row = Rows.Single(row => row["case"] == name);
        var currency = row["currency"] is { Length: > 0 } given ? given : "GBP";
        var quote = PriceEvaluator.Evaluate(new PricingRequest(
            currency, "web", "GB", null, PricingNotation.Day(row["day"] is { Length: > 0 } day ? day : "2024-06-01"),
            [.. PricingNotation.List(row["lines"]).Select(line => PricingNotation.Line(line, wordIsTaxClass: true))])
        {
            Promotions = [.. PricingNotation.List(row["promotions"], " + ").Select(text => PricingNotation.Promotion(text, currency))],
            Taxes = row["prices"] == "none" ? null : new TaxTable(
                "GB", Enum.Parse<TaxBasis>(row["prices"], ignoreCase: true), [.. PricingNotation.List(row["rates"]).Select(PricingNotation.Rate)]),
        });

        string Major(long minor) => PricingNotation.Major(minor, currency);
        Text(quote.Lines.Select(line => $"{line.LineId} {Major(line.Tax.Amount)}")).ShouldBe(row["tax by line"]);
        Text(quote.Taxes.GroupBy(sum => sum.Name, StringComparer.Ordinal).Select(tax => $"{tax.Key} {Major(tax.Sum(sum => sum.Amount))}"))
            .ShouldBe(row["taxes"]);
        Major(quote.Total).ShouldBe(row["to pay"]);
        foreach (var line in quote.Lines)
        {
            line.Tax.Parts.Sum(part => part.Amount).ShouldBe(line.Tax.Amount);
            (line.Tax.Base + line.Tax.Amount).ShouldBe(line.Total);
        }
    }

    private static string Text(IEnumerable<string> parts) => string.Join(", ", parts);
}
