using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Pricing;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.Pricing;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class PricingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset June = new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TaxRate[] Vat = [new("standard", "VAT", 20m)];

    private static readonly DomainEvent[] Facts =
    [
        new ProductCreated("TEA", "Tea", new UnitPrice(3m, "GBP"), null, "Drinks"),
        new ProductCreated("MUG", "Mug", null),
        new ProductPriceChanged("TEA", new UnitPrice(3.5m, "GBP")),
        new PriceListCreated("trade", new PriceListTerms("Trade", "GBP", CustomerGroup: "trade", From: June, Until: June.AddDays(30), Priority: 5)),
        new ListPricesSet("trade", [new("TEA", 2.5m), new("TEA", 2.25m, 10), new("MUG", 4m)]),
        new ListPricesSet("trade", [new("TEA", 2.4m)]),
        new ListPricesRemoved("trade", ["MUG"]),
        new PriceListCreated("old", new PriceListTerms("Old", "GBP")),
        new ListPricesSet("old", [new("TEA", 1m)]),
        new PriceListWithdrawn("old", null),
        new PromotionCreated("open", new PromotionTerms("Open", new PromotionDiscount(10m))),
        new PromotionChanged("open", new PromotionTerms("Opened", new PromotionDiscount(10m))),
        new PromotionCreated("once", new PromotionTerms("Once", new PromotionDiscount(5m)) { Conditions = new PromotionConditions { CouponCode = "ONCE", LimitPerCustomer = 1 } }),
        new PromotionRedeemed("once", "o1", "c1"),
        new PromotionRedeemed("once", "o2", "c2"),
        new PromotionRedeemed("once", "o3", null),
        new PromotionRedemptionReleased("once", "o2", "cancelled"),
        new PromotionCreated("gone", new PromotionTerms("Gone", new PromotionDiscount(10m))),
        new PromotionWithdrawn("gone", null),
        new PromotionCreated("over", new PromotionTerms("Over", new PromotionDiscount(10m)) { Conditions = new PromotionConditions { Until = June } }),
        new TaxTableCreated("GB", TaxBasis.Exclusive, Vat),
        new TaxTableChanged("GB", TaxBasis.Inclusive, Vat),
        new TaxTableCreated("US-NY", TaxBasis.Exclusive, [new("standard", "Sales", 8.875m)]),
    ];

    [Fact]
    public async Task The_terms_of_a_basket_are_what_stands_at_its_moment()
    {
        await using var shop = await OpenAsync();
        await shop.CatchUpAsync(new PricingProjection());
        var queries = new PricingQueries(shop.Models);

        var terms = (await queries.FindTermsAsync(Basket("GB-SCT", " tea", "mug", "NONE"), "c1")).Value;

        terms.Products.Keys.ShouldBe(["TEA", "MUG"], ignoreOrder: true);
        var tea = terms.Products["TEA"];
        (tea.ListPrice, tea.TaxClass, tea.Categories.Single()).ShouldBe((new UnitPrice(3.5m, "GBP"), "standard", "Drinks"));
        tea.Listed.ShouldBe([new ListedPrice("trade", "Trade", "GBP", null, "trade", June, June.AddDays(30), 5, 2.4m)]);
        terms.Products["MUG"].Listed.ShouldBeEmpty();
        terms.Promotions.Select(promotion => (promotion.PromotionId, promotion.Terms.Name, promotion.Redeemed, promotion.RedeemedByCustomer))
            .ShouldBe([("open", "Opened", 0, 0), ("once", "Once", 2, 1)], ignoreOrder: true);
        terms.Taxes!.Basis.ShouldBe(TaxBasis.Inclusive);
    }

    [Fact]
    public async Task A_guest_s_use_is_unknown_a_foreign_coupon_unseen_and_a_region_s_own_table_goes_before_its_country_s()
    {
        await using var shop = await OpenAsync();
        await shop.CatchUpAsync(new PricingProjection());
        var queries = new PricingQueries(shop.Models);

        var guest = (await queries.FindTermsAsync(Basket("US-NY", "TEA"))).Value;
        guest.Promotions.Single(promotion => promotion.PromotionId == "once").RedeemedByCustomer.ShouldBeNull();
        guest.Taxes!.Region.ShouldBe("US-NY");
        var other = (await queries.FindTermsAsync(Basket("FR", "TEA") with { CouponCodes = ["other"] })).Value;
        other.Promotions.Select(promotion => promotion.PromotionId).ShouldBe(["open"]);
        other.Taxes.ShouldBeNull();
    }

    [Fact]
    public async Task The_retailer_sees_promotions_price_lists_and_taxes_with_their_versions()
    {
        await using var shop = await OpenAsync();
        await shop.CatchUpAsync(new PricingProjection());
        var queries = new PricingQueries(shop.Models);

        var promotion = (await queries.FindPromotionAsync("once")).Value.ShouldNotBeNull();
        (promotion.Redeemed, promotion.IsWithdrawn, promotion.Version).ShouldBe((2, false, 5));
        var page = (await queries.ListPromotionsAsync(null, 2)).Value;
        page.Items.Select(item => item.PromotionId).ShouldBe(["gone", "once"]);
        (await queries.ListPromotionsAsync(page.Next, 2)).Value.Items.Select(item => item.PromotionId).ShouldBe(["open", "over"]);
        (await queries.FindPriceListAsync("trade")).Value.ShouldBe(new PriceListView("trade", ((PriceListCreated)Facts[3]).Terms, false, 1, 4));
        (await queries.FindPriceListAsync("old")).Value!.IsWithdrawn.ShouldBeTrue();
        (await queries.ListPricesAsync("trade", null, 10)).Value.Items.ShouldBe([new PriceEntry("TEA", 2.4m)]);
        (await queries.ListPricesAsync("trade", new PriceEntryKey("TEA", 1), 10)).Value.Items.ShouldBeEmpty();
        (await queries.FindTaxTableAsync("GB")).Value!.Version.ShouldBe(2);
        (await queries.FindTaxTableAsync("GB-SCT")).Value.ShouldBeNull();
        (await queries.FindPromotionAsync("none")).Value.ShouldBeNull();
        (await queries.FindPriceListAsync("none")).Value.ShouldBeNull();
    }

    [Fact]
    public async Task Rows_do_not_depend_on_how_events_are_cut_into_batches_and_a_rebuild_makes_the_same()
    {
        await using var shop = await OpenAsync();
        var projection = new PricingProjection();
        await shop.CatchUpAsync(projection);
        var whole = await shop.ProjectApartAsync(projection, 1000);
        (await shop.ProjectApartAsync(projection, 1)).ShouldBe(whole);
        (await shop.ProjectApartAsync(projection, 5)).ShouldBe(whole);
        await new ProjectionRebuild(shop.Store).RunAsync(projection);
        (await new ProjectionVerification(shop.Store).RunAsync(projection)).IsEqual.ShouldBeTrue();
    }

    private static Basket Basket(string region, params string[] skus) =>
        new("GBP", "web", region, null, June.AddDays(1), [.. skus.Select((sku, i) => new BasketLine($"{i}", sku, 1))]) { CouponCodes = [" once "] };

    private async Task<ProjectedStore> OpenAsync()
    {
        var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(Facts.Select((fact, i) => new BulkEvent(StreamOf(fact), new NewEvent(fact, Guid.NewGuid(), June.AddMinutes(i)))));
        return shop;
    }

    private static string StreamOf(DomainEvent fact) => fact switch
    {
        ProductCreated created => Product.StreamKey(created.Sku),
        ProductPriceChanged changed => Product.StreamKey(changed.Sku),
        PromotionEvent promotion => Promotion.StreamKey(promotion.PromotionId),
        PriceListEvent list => PriceList.StreamKey(list.PriceListId),
        TaxTableEvent taxes => RegionTaxes.StreamKey(taxes.Region),
        _ => throw new ArgumentOutOfRangeException(nameof(fact)),
    };
}
