using System.Text.Json;
using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>A price follows from what is bought, where, when and under which public terms, and from nothing about the person.</summary>
public sealed class NoPriceDiscriminationTests
{
    [Fact]
    public void Two_people_who_ask_at_one_moment_under_the_same_conditions_get_the_same_price()
    {
        static PriceQuote Ask() => PriceEvaluator.Evaluate(new PricingRequest(
            "GBP", "web", "GB", "trade", PricingNotation.Day("2024-06-01"), [new("1", "TEA", 3, 3.3333m), new("2", "MUG", 1, 9.99m)])
        {
            CouponCodes = ["SAVE"],
            Promotions = [PricingNotation.Promotion("P1: 10 % off code SAVE limit 5 used 1 each customer 1 had 0", "GBP")],
            Taxes = new TaxTable("GB", TaxBasis.Inclusive, [new("standard", "VAT", 20m)]),
        });

        var (one, other) = (Ask(), Ask());
        JsonSerializer.Serialize(other).ShouldBe(JsonSerializer.Serialize(one));
        one.Discount.ShouldBe(200);
    }

    /// <summary>
    /// The whole of what a price can depend on, by name. Whoever adds to it decides here, in the open, that it says nothing about who asks:
    /// no id of a customer, session, device or address, no history of purchases or searches. The one count about the buyer is how often they
    /// used a coupon whose limit is the same for everybody.
    /// </summary>
    [Fact]
    public void A_request_has_no_place_for_who_asks()
    {
        var places = new SortedSet<string>(StringComparer.Ordinal);
        Collect(typeof(PricingRequest), places, []);
        places.ShouldBe(
        [
            "BuyXGetY.Buy", "BuyXGetY.Get", "BuyXGetY.MostSets", "BuyXGetY.Percent", "BuyXGetY.Reward", "Money.Currency", "Money.Minor",
            "PriceSource.Explanation", "PriceSource.PriceListId", "PricingLine.Categories", "PricingLine.IsDelivery", "PricingLine.LineId",
            "PricingLine.Quantity", "PricingLine.Sku", "PricingLine.Source", "PricingLine.TaxClass", "PricingLine.UnitPrice",
            "PricingRequest.At", "PricingRequest.Channel", "PricingRequest.CouponCodes", "PricingRequest.Currency",
            "PricingRequest.CustomerGroup", "PricingRequest.Lines", "PricingRequest.Promotions", "PricingRequest.Region",
            "PricingRequest.Taxes", "PromotionConditions.Channels", "PromotionConditions.CouponCode", "PromotionConditions.CustomerGroups",
            "PromotionConditions.From", "PromotionConditions.LimitPerCustomer", "PromotionConditions.LimitTotal",
            "PromotionConditions.MinimumAmount", "PromotionConditions.MinimumQuantity", "PromotionConditions.Regions",
            "PromotionConditions.Until", "PromotionDiscount.AmountOff", "PromotionDiscount.BuyGet", "PromotionDiscount.PerUnit",
            "PromotionDiscount.PercentOff", "PromotionInForce.PromotionId", "PromotionInForce.Redeemed", "PromotionInForce.RedeemedByCustomer",
            "PromotionInForce.Terms", "PromotionScope.Categories", "PromotionScope.Delivery", "PromotionScope.ExcludedCategories",
            "PromotionScope.ExcludedSkus", "PromotionScope.Skus", "PromotionTerms.Conditions", "PromotionTerms.Discount", "PromotionTerms.Name",
            "PromotionTerms.Priority", "PromotionTerms.Scope", "PromotionTerms.Stacking", "TaxRate.From", "TaxRate.Name", "TaxRate.Percent",
            "TaxRate.TaxClass", "TaxTable.Basis", "TaxTable.Rates", "TaxTable.Region",
        ], ignoreOrder: true);
    }

    [Fact]
    public void The_price_list_of_a_product_has_no_place_for_who_asks() =>
        typeof(PriceConditions).GetProperties().Select(property => property.Name)
            .ShouldBe(["Currency", "Channel", "CustomerGroup", "At", "Quantity"], ignoreOrder: true);

    private static void Collect(Type type, SortedSet<string> places, HashSet<Type> seen)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? (type.IsGenericType ? type.GetGenericArguments()[0] : type);
        if (plain.Assembly != typeof(PricingRequest).Assembly || plain.IsEnum || !seen.Add(plain)) return;
        foreach (var property in plain.GetProperties().Where(property => !property.GetMethod!.IsStatic))
        {
            places.Add($"{plain.Name}.{property.Name}");
            Collect(property.PropertyType, places, seen);
        }
    }
}
