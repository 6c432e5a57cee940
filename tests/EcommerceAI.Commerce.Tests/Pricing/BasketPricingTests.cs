using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

public sealed class BasketPricingTests
{
    private static readonly PricingTerms Terms = new(
        new Dictionary<string, ProductTerms>(StringComparer.Ordinal)
        {
            ["TEA"] = new("TEA", new UnitPrice(3m, "GBP"), ["tea"], "reduced", [new("trade", "Trade", "GBP", null, "trade", null, null, 100, 2m)]),
            ["MUG"] = new("MUG", null, [], "standard", []),
        },
        [PricingNotation.Promotion("P1: 10 % off on tea", "GBP")],
        new TaxTable("GB", TaxBasis.Inclusive, [new("standard", "VAT", 20m), new("reduced", "VAT", 5m)]));

    [Fact]
    public void A_basket_is_priced_from_price_lists_promotions_and_taxes()
    {
        var line = BasketPricing.Price(Basket(new BasketLine("1", " tea", 2)) with { CustomerGroup = "trade" }, Terms).Quote!.Lines.Single();
        (line.Sku, line.UnitPrice, line.Gross, line.Net, line.Tax.Amount).ShouldBe(("TEA", 2m, 400, 360, 17));
        line.Source!.PriceListId.ShouldBe("trade");
    }

    [Fact]
    public void A_delivery_charge_is_a_line_of_its_own() =>
        BasketPricing.Price(
                Basket(new BasketLine("1", "TEA", 1)) with { Delivery = [new PricingLine("delivery", "standard", 1, 4.95m) { IsDelivery = true }] }, Terms)
            .Quote!.Total.ShouldBe(270 + 495);

    [Fact]
    public void Lines_without_a_price_are_named()
    {
        var price = BasketPricing.Price(Basket(new("1", "TEA", 1), new("2", "MUG", 1), new("3", "NONE", 1)), Terms);
        price.Quote.ShouldBeNull();
        price.Rejections.ShouldFind("lines[1].sku: no_price", "lines[2].sku: unknown_product");
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once()
    {
        var basket = new Basket("gbp", "Web", "Wales", "A B", PricingNotation.Day("2024-06-01"), [new("1", "a/b", 0), new("1", "TEA", 1)])
        {
            CouponCodes = ["", "A\nB"],
        };
        BasketPricing.Price(basket, Terms).Rejections.ShouldFind(
            "currency: malformed", "channel: malformed", "region: malformed", "customerGroup: malformed", "coupons[0]: required",
            "coupons[1]: malformed", "lines[0].sku: malformed", "lines[0].quantity: out_of_range", "lines[1].lineId: duplicate");
        BasketPricing.Price(Basket() with { CouponCodes = [.. Enumerable.Repeat("A", 21)] }, Terms).Rejections
            .ShouldFind("coupons: out_of_range", "lines: out_of_range");
    }

    private static Basket Basket(params BasketLine[] lines) => new("GBP", "web", "GB", null, PricingNotation.Day("2024-06-01"), lines);
}
