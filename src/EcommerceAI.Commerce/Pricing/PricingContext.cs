namespace EcommerceAI.Commerce.Pricing;

/// <summary>What things cost: promotions, price lists and taxes.</summary>
public static class PricingContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Pricing",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["promotion_created"] = typeof(PromotionCreated),
            ["promotion_changed"] = typeof(PromotionChanged),
            ["promotion_withdrawn"] = typeof(PromotionWithdrawn),
            ["promotion_redeemed"] = typeof(PromotionRedeemed),
            ["promotion_redemption_released"] = typeof(PromotionRedemptionReleased),
            ["price_list_created"] = typeof(PriceListCreated),
            ["price_list_changed"] = typeof(PriceListChanged),
            ["list_prices_set"] = typeof(ListPricesSet),
            ["list_prices_removed"] = typeof(ListPricesRemoved),
            ["price_list_withdrawn"] = typeof(PriceListWithdrawn),
            ["tax_table_created"] = typeof(TaxTableCreated),
            ["tax_table_changed"] = typeof(TaxTableChanged),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["promotion"] = StateFold.Of(Promotion.Initial, Promotion.Evolve),
            // The category is what stands before the first dash of price-list-ID.
            ["price"] = StateFold.Of(PriceList.Initial, PriceList.Evolve),
            ["tax"] = StateFold.Of(RegionTaxes.Initial, RegionTaxes.Evolve),
        });
}
