using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Commerce.Tests.Pricing;

/// <summary>Terms with something in every field, and events of every record.</summary>
internal static class PricingSamples
{
    private static readonly DateTimeOffset June = PricingNotation.Day("2024-06-01");

    public static TaxRate[] Rates { get; } =
        [new("standard", "VAT", 20m), new("standard", "VAT", 17.5m, June), new("books", "VAT", 0m), new("standard", "Levy", 8.875m, June)];

    public static PriceListTerms PriceListTerms { get; } = new("Trade 2024", "GBP", "web", "trade", June, June.AddDays(30), 10);

    public static PromotionTerms Terms { get; } = new(
        "Tea weeks", new PromotionDiscount(BuyGet: new BuyXGetY(2, 1, 50.5m, 3, new PromotionScope { Categories = ["Mugs"] })))
    {
        Scope = new PromotionScope { Skus = ["85123A"], Categories = ["Tea"], ExcludedSkus = ["22423"], ExcludedCategories = ["Sale"] },
        Conditions = new PromotionConditions
        {
            Channels = ["web"],
            Regions = ["GB", "US-NY"],
            CustomerGroups = ["trade"],
            From = June,
            Until = June.AddDays(14),
            MinimumAmount = new Money(2_000, "GBP"),
            MinimumQuantity = 3,
            CouponCode = "TEA-24",
            LimitTotal = 1_000,
            LimitPerCustomer = 2,
        },
        Stacking = Stacking.ExclusiveOnLine,
        Priority = 7,
    };

    public static PromotionTerms AmountTerms { get; } = new("A pound off", new PromotionDiscount(AmountOff: new Money(100, "GBP"), PerUnit: true));

    public static IReadOnlyList<DomainEvent> Events { get; } =
    [
        new PromotionCreated("p1", Terms),
        new PromotionChanged("p1", AmountTerms),
        new PromotionChanged("p1", new PromotionTerms("Ten per cent off delivery", new PromotionDiscount(10m)) { Scope = new PromotionScope { Delivery = true } }),
        new PromotionRedeemed("p1", "o1", "c1"),
        new PromotionRedeemed("p1", "o2", "c1"),
        new PromotionRedeemed("p1", "o3", null),
        new PromotionRedemptionReleased("p1", "o2", null),
        new PromotionWithdrawn("p1", null),
        new PriceListCreated("l1", PriceListTerms),
        new PriceListChanged("l1", new PriceListTerms("All", "GBP")),
        new ListPricesSet("l1", [new("A", 1.2345m, 10), new("A", 1.5m), new("B", 0m)]),
        new ListPricesRemoved("l1", ["B"]),
        new PriceListWithdrawn("l1", null),
        new TaxTableCreated("GB", TaxBasis.Inclusive, Rates),
        new TaxTableChanged("GB", TaxBasis.Exclusive, [new("standard", "VAT", 20m)]),
    ];
}
