using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

public sealed class PriceChooserTests
{
    private static readonly DateTimeOffset Now = PricingNotation.Day("2024-06-01");
    private static readonly PriceConditions Web = new("GBP", "web", null, Now);
    private static readonly UnitPrice Own = new(10m, "GBP");
    private static readonly ListedPrice Everybody = new("all", "All", "GBP", null, null, null, null, 100, 9m);

    [Fact]
    public void Without_a_price_list_the_products_own_price_stands() =>
        PriceChooser.Choose(Web, Own, []).ShouldBe(new ChosenPrice(Own, new PriceSource(null, "The product's list price.")));

    [Fact]
    public void A_price_list_beats_the_products_own_price_even_where_it_is_higher() =>
        Chosen(Everybody with { Amount = 11m }).ShouldBe("all");

    [Fact]
    public void Where_nothing_has_a_price_in_the_currency_there_is_none()
    {
        PriceChooser.Choose(Web with { Currency = "EUR" }, Own, [Everybody]).ShouldBeNull();
        PriceChooser.Choose(Web, null, []).ShouldBeNull();
    }

    [Fact]
    public void The_most_specific_list_wins_whatever_its_priority_and_price()
    {
        var channel = Everybody with { PriceListId = "web", Channel = "web", Priority = 900, Amount = 12m };
        var channelNow = channel with { PriceListId = "web-june", From = Now, Amount = 13m };
        Chosen(Everybody, channel).ShouldBe("web");
        Chosen(channelNow, channel, Everybody).ShouldBe("web-june");
    }

    [Fact]
    public void Of_equally_specific_lists_the_lowest_priority_number_wins() =>
        Chosen(Everybody with { PriceListId = "a", Priority = 2 }, Everybody with { PriceListId = "b", Priority = 1, Amount = 99m }).ShouldBe("b");

    [Fact]
    public void What_still_ties_goes_by_lower_price_and_then_by_id()
    {
        Chosen(Everybody with { PriceListId = "a" }, Everybody with { PriceListId = "b", Amount = 8m }).ShouldBe("b");
        Chosen(Everybody with { PriceListId = "b" }, Everybody with { PriceListId = "a" }).ShouldBe("a");
    }

    [Fact]
    public void A_list_fits_only_where_every_condition_that_it_states_holds()
    {
        foreach (var stranger in new[]
        {
            Everybody with { Currency = "EUR" }, Everybody with { Channel = "shop" }, Everybody with { CustomerGroup = "trade" },
            Everybody with { From = Now.AddTicks(1) }, Everybody with { Until = Now }, Everybody with { MinimumQuantity = 2 },
        })
            Chosen(stranger).ShouldBeNull();
        Chosen(Everybody with { From = Now, Until = Now.AddTicks(1) }).ShouldBe("all");
        PriceChooser.Choose(Web with { CustomerGroup = "trade" }, Own, [Everybody with { CustomerGroup = "trade" }])!.Source.PriceListId.ShouldBe("all");
    }

    [Fact]
    public void More_units_reach_the_price_for_more_units()
    {
        ListedPrice[] tiers = [Everybody with { MinimumQuantity = 10, Amount = 8m }, Everybody with { MinimumQuantity = 100, Amount = 7m }, Everybody];
        decimal Of(int units) => PriceChooser.Choose(Web with { Quantity = units }, Own, tiers)!.Price.Amount;
        (Of(9), Of(10), Of(99), Of(100)).ShouldBe((9m, 8m, 8m, 7m));
    }

    [Fact]
    public void The_source_says_which_conditions_chose_it() =>
        PriceChooser.Choose(Web with { CustomerGroup = "trade", Quantity = 12 }, Own,
                [Everybody with { Name = "Trade June", CustomerGroup = "trade", Channel = "web", Until = Now.AddDays(1), MinimumQuantity = 12 }])!
            .Source.Explanation.ShouldBe("Price list Trade June, for customer group trade, channel web, this time, 12 units and more.");

    private static string? Chosen(params ListedPrice[] listed) => PriceChooser.Choose(Web, Own, listed)!.Source.PriceListId;
}
