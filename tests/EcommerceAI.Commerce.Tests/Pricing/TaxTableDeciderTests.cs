using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

public sealed class TaxTableDeciderTests
{
    private static readonly TaxRate Vat = new("standard", "VAT", 20m);

    [Fact]
    public void A_region_has_one_table_that_can_be_changed()
    {
        var created = TaxTableDecider.Decide(RegionTaxes.Initial, new CreateTaxTable("GB", TaxBasis.Inclusive, [Vat])).ShouldBeOne<TaxTableCreated>();
        var state = RegionTaxes.Evolve(RegionTaxes.Initial, created);
        TaxTableDecider.Decide(state, new CreateTaxTable("GB", TaxBasis.Inclusive, [Vat])).ShouldRefuse("tax_table_exists", "region");
        TaxTableDecider.Decide(state, new ChangeTaxTable("GB", TaxBasis.Inclusive, [Vat with { Percent = 20.0m }])).Events.ShouldBeEmpty();
        TaxTableDecider.Decide(state, new ChangeTaxTable("GB", TaxBasis.Exclusive, [Vat])).ShouldBeOne<TaxTableChanged>().Basis.ShouldBe(TaxBasis.Exclusive);
        TaxTableDecider.Decide(RegionTaxes.Initial, new ChangeTaxTable("GB", TaxBasis.Inclusive, [Vat]))
            .ShouldRefuse("unknown_tax_table", kind: RejectionKind.NotFound);
    }

    [Fact]
    public void A_table_always_has_a_standard_rate() =>
        TaxTableDecider.Validate(new CreateTaxTable("GB", TaxBasis.Inclusive, [Vat with { From = PricingNotation.Day("2024-06-01") }, Vat with { TaxClass = "books" }]))
            .ShouldFind("rates: required");

    [Fact]
    public void Every_failing_field_is_reported_at_once() =>
        TaxTableDecider.Validate(new CreateTaxTable("UK-", (TaxBasis)7, [Vat, Vat, new("Books", "", 100.1m), new(null!, "x\ny", 0.00001m)])).ShouldFind(
            "region: malformed", "basis: out_of_range", "rates[1]: duplicate", "rates[2].taxClass: malformed", "rates[2].name: required",
            "rates[2].percent: out_of_range", "rates[3].taxClass: required", "rates[3].name: malformed", "rates[3].percent: malformed");

    [Theory]
    [InlineData("GB", true)]
    [InlineData("US-NY", true)]
    [InlineData("ES-CN", true)]
    [InlineData("GB-1A2", true)]
    [InlineData("gb", false)]
    [InlineData("GBR", false)]
    [InlineData("GB-", false)]
    [InlineData("GB-ABCD", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_region_is_a_country_or_a_part_of_one(string? region, bool wellFormed) => RegionFormat.IsWellFormed(region).ShouldBe(wellFormed);
}
