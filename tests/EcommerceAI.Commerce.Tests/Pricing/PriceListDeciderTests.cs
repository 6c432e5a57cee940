using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

public sealed class PriceListDeciderTests
{
    private static readonly PriceListTerms Trade = new("Trade", "GBP", CustomerGroup: "trade");
    private static readonly PriceList Created = PriceList.Evolve(PriceList.Initial, new PriceListCreated("l1", Trade));

    [Fact]
    public void Prices_of_a_product_take_the_place_of_all_that_it_had()
    {
        var set = Set(Created, new("a", 2m), new("a", 1.5m, 10), new("b", 3m));
        set.Prices.ShouldBe([new PriceEntry("A", 2m), new PriceEntry("A", 1.5m, 10), new PriceEntry("B", 3m)]);
        var state = PriceList.Evolve(PriceList.Evolve(Created, set), Set(PriceList.Evolve(Created, set), new PriceEntry("A", 1.8m)));
        state.Prices["A"].ShouldBe([new PriceEntry("A", 1.8m)]);
        state.Prices["B"].ShouldBe([new PriceEntry("B", 3m)]);
    }

    [Fact]
    public void Only_what_changes_is_told()
    {
        var state = PriceList.Evolve(Created, Set(Created, new("A", 2m), new("B", 3m)));
        PriceListDecider.Decide(state, new SetListPrices("l1", [new("A", 2.00m), new("B", 3m)])).Events.ShouldBeEmpty();
        Set(state, new("A", 2m), new("B", 4m)).Prices.ShouldBe([new PriceEntry("B", 4m)]);
        PriceListDecider.Decide(state, new RemoveListPrices("l1", ["a", "Z"])).ShouldBeOne<ListPricesRemoved>().Skus.ShouldBe(["A"]);
        PriceListDecider.Decide(state, new RemoveListPrices("l1", ["Z"])).Events.ShouldBeEmpty();
        PriceListDecider.Decide(state, new ChangePriceList("l1", Trade with { Name = " Trade " })).Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_currency_of_a_list_stays() =>
        PriceListDecider.Decide(Created, new ChangePriceList("l1", Trade with { Currency = "EUR" })).ShouldRefuse("currency_fixed", "terms.currency");

    [Fact]
    public void What_is_there_twice_not_at_all_or_no_more_is_refused()
    {
        PriceListDecider.Decide(Created, new CreatePriceList("l1", Trade)).ShouldRefuse("price_list_exists", "priceListId");
        PriceListDecider.Decide(PriceList.Initial, new SetListPrices("l1", [new("A", 1m)])).ShouldRefuse("unknown_price_list", kind: RejectionKind.NotFound);
        var withdrawn = PriceList.Evolve(Created, PriceListDecider.Decide(Created, new WithdrawPriceList("l1")).ShouldBeOne<PriceListWithdrawn>());
        PriceListDecider.Decide(withdrawn, new SetListPrices("l1", [new("A", 1m)])).ShouldRefuse("price_list_withdrawn");
        PriceListDecider.Decide(withdrawn, new WithdrawPriceList("l1")).Events.ShouldBeEmpty();
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once()
    {
        PriceListDecider.Validate(new CreatePriceList(
                "", new PriceListTerms("", "gbp", "Web", "Trade", PricingNotation.Day("2024-06-02"), PricingNotation.Day("2024-06-01"), -1)))
            .ShouldFind(
                "priceListId: required", "terms.name: required", "terms.currency: malformed", "terms.channel: malformed",
                "terms.customerGroup: malformed", "terms.until: out_of_range", "terms.priority: out_of_range");
        PriceListDecider.Validate(new SetListPrices("l1", [new("a/b", 1m), new("A", -1m, 0), new("A", 1m), new(" a", 1m)])).ShouldFind(
            "prices[0].sku: malformed", "prices[1].amount: out_of_range", "prices[1].minimumQuantity: out_of_range", "prices[3]: duplicate");
        PriceListDecider.Validate(new RemoveListPrices("l1", [])).ShouldFind("skus: out_of_range");
        PriceListDecider.Validate(new ChangePriceList("l1", null!)).ShouldFind("terms: required");
    }

    private static ListPricesSet Set(PriceList state, params PriceEntry[] prices) =>
        PriceListDecider.Decide(state, new SetListPrices("l1", prices)).ShouldBeOne<ListPricesSet>();
}
