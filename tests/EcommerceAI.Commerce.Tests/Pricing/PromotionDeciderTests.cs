using EcommerceAI.Commerce.Pricing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Pricing;

public sealed class PromotionDeciderTests
{
    private static readonly PromotionTerms Simple = new("Ten off", new PromotionDiscount(10m));

    [Fact]
    public void A_promotion_is_created_once_in_the_one_spelling_of_its_terms()
    {
        var terms = Simple with
        {
            Name = " Ten off ",
            Scope = new PromotionScope { Skus = [" 85123a "], Categories = [" Tea "] },
            Conditions = new PromotionConditions { CouponCode = " save-10 ", From = new DateTimeOffset(2024, 6, 1, 2, 0, 0, TimeSpan.FromHours(2)) },
        };
        var created = PromotionDecider.Decide(Promotion.Initial, new CreatePromotion("p1", terms)).ShouldBeOne<PromotionCreated>();
        (created.Terms.Name, created.Terms.Scope.Skus[0], created.Terms.Scope.Categories[0], created.Terms.Conditions.CouponCode)
            .ShouldBe(("Ten off", "85123A", "Tea", "SAVE-10"));
        created.Terms.Conditions.From.ShouldBe(PricingNotation.Day("2024-06-01"));
        created.Terms.Conditions.From!.Value.Offset.ShouldBe(TimeSpan.Zero);
        PromotionDecider.Decide(Of(Simple), new CreatePromotion("p1", terms)).ShouldRefuse("promotion_exists", "promotionId");
    }

    [Fact]
    public void Terms_that_already_stand_change_nothing()
    {
        var state = Of(PricingSamples.Terms);
        PromotionDecider.Decide(state, new ChangePromotion("p1", PricingSamples.Terms with { Scope = PricingSamples.Terms.Scope with { } })).Events.ShouldBeEmpty();
        PromotionDecider.Decide(state, new ChangePromotion("p1", Simple)).ShouldBeOne<PromotionChanged>().Terms.Name.ShouldBe("Ten off");
    }

    [Fact]
    public void What_is_not_there_is_not_found_and_what_is_withdrawn_takes_no_more()
    {
        PromotionDecider.Decide(Promotion.Initial, new ChangePromotion("p1", Simple)).ShouldRefuse("unknown_promotion", kind: RejectionKind.NotFound);
        var withdrawn = Promotion.Evolve(Of(Simple), PromotionDecider.Decide(Of(Simple), new WithdrawPromotion("p1")).ShouldBeOne<PromotionWithdrawn>());
        PromotionDecider.Decide(withdrawn, new WithdrawPromotion("p1")).Events.ShouldBeEmpty();
        PromotionDecider.Decide(withdrawn, new ChangePromotion("p1", Simple)).ShouldRefuse("promotion_withdrawn");
        PromotionDecider.Decide(withdrawn, new RedeemPromotion("p1", "o1")).ShouldRefuse("promotion_withdrawn");
    }

    [Fact]
    public void Orders_use_a_promotion_up_to_its_limit_and_one_that_comes_to_nothing_gives_its_use_back()
    {
        var state = Of(Simple with { Conditions = new PromotionConditions { LimitTotal = 2 } });
        state = Run(state, new RedeemPromotion("p1", "o1", "c1"), new RedeemPromotion("p1", "o2"));
        PromotionDecider.Decide(state, new RedeemPromotion("p1", "o3")).ShouldRefuse("promotion_used_up");
        state = Run(state, new ReleaseRedemption("p1", "o1", "cancelled"), new RedeemPromotion("p1", "o3"));
        state.Redemptions.Keys.ShouldBe(["o2", "o3"], ignoreOrder: true);
        state.RedeemedBy("c1").ShouldBe(0);
    }

    [Fact]
    public void The_same_order_counts_once_however_often_it_is_told()
    {
        var state = Run(Of(Simple with { Conditions = new PromotionConditions { LimitTotal = 1 } }), new RedeemPromotion("p1", "o1"));
        PromotionDecider.Decide(state, new RedeemPromotion("p1", "o1")).Rejections.ShouldBeEmpty();
        PromotionDecider.Decide(state, new RedeemPromotion("p1", "o1")).Events.ShouldBeEmpty();
        PromotionDecider.Decide(state, new ReleaseRedemption("p1", "o9")).Events.ShouldBeEmpty();
    }

    [Fact]
    public void A_limit_per_customer_counts_each_customer_and_needs_to_know_who_that_is()
    {
        var state = Run(Of(Simple with { Conditions = new PromotionConditions { LimitPerCustomer = 1 } }), new RedeemPromotion("p1", "o1", "c1"));
        PromotionDecider.Decide(state, new RedeemPromotion("p1", "o2", "c1")).ShouldRefuse("promotion_used_up_by_customer");
        PromotionDecider.Decide(state, new RedeemPromotion("p1", "o2", "c2")).ShouldBeOne<PromotionRedeemed>();
        PromotionDecider.Decide(state, new RedeemPromotion("p1", "o2")).ShouldRefuse("customer_required", "customerId");
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once() => PromotionDecider.Validate(new CreatePromotion("a/b", new PromotionTerms(" ", new PromotionDiscount(101m))
    {
        Scope = new PromotionScope { Skus = ["a/b"], Categories = [""], ExcludedSkus = [null!] },
        Conditions = new PromotionConditions
        {
            Channels = ["Web"],
            Regions = ["Wales"],
            CustomerGroups = ["a--b"],
            From = PricingNotation.Day("2024-06-02"),
            Until = PricingNotation.Day("2024-06-02"),
            MinimumAmount = new Money(0, "gbp"),
            MinimumQuantity = 0,
            CouponCode = "a b",
            LimitTotal = 0,
            LimitPerCustomer = -1,
        },
        Stacking = (Stacking)9,
        Priority = 1_001,
    })).ShouldFind(
        "promotionId: malformed", "terms.name: required", "terms.discount.percentOff: out_of_range", "terms.scope.skus[0]: malformed",
        "terms.scope.categories[0]: required", "terms.scope.excludedSkus[0]: required", "terms.conditions.channels[0]: malformed",
        "terms.conditions.regions[0]: malformed", "terms.conditions.customerGroups[0]: malformed", "terms.conditions.until: out_of_range",
        "terms.conditions.minimumAmount.minor: out_of_range", "terms.conditions.minimumAmount.currency: malformed",
        "terms.conditions.minimumQuantity: out_of_range", "terms.conditions.couponCode: malformed", "terms.conditions.limitTotal: out_of_range",
        "terms.conditions.limitPerCustomer: out_of_range", "terms.stacking: out_of_range", "terms.priority: out_of_range");

    [Fact]
    public void A_discount_is_exactly_one_thing()
    {
        Findings(new PromotionDiscount()).ShouldBe("terms.discount: required");
        Findings(new PromotionDiscount(10m, new Money(1, "GBP"))).ShouldBe("terms.discount: required");
        Findings(new PromotionDiscount(10m, PerUnit: true)).ShouldBe("terms.discount.perUnit: out_of_range");
        Findings(new PromotionDiscount(0m)).ShouldBe("terms.discount.percentOff: out_of_range");
        Findings(new PromotionDiscount(0.00001m)).ShouldBe("terms.discount.percentOff: malformed");
        Findings(new PromotionDiscount(BuyGet: new BuyXGetY(0, 1_001, 0, 0, new PromotionScope { Delivery = true }))).ShouldBe(
            "terms.discount.buyGet.buy: out_of_range, terms.discount.buyGet.get: out_of_range, terms.discount.buyGet.percent: out_of_range, "
            + "terms.discount.buyGet.mostSets: out_of_range, terms.discount.buyGet.reward.delivery: out_of_range");
        PromotionDecider.Validate(new CreatePromotion("p1", null!)).ShouldFind("terms: required");
        PromotionDecider.Validate(new CreatePromotion("p1", new PromotionTerms("A", null!) { Scope = null!, Conditions = null! }))
            .ShouldFind("terms.discount: required", "terms.scope: required", "terms.conditions: required");
    }

    private static string Findings(PromotionDiscount discount) => string.Join(", ", PromotionDecider.Validate(
        new CreatePromotion("p1", Simple with { Discount = discount })).Select(rejection => $"{rejection.Field}: {rejection.Code}"));

    private static Promotion Of(PromotionTerms terms) => Promotion.Evolve(Promotion.Initial, new PromotionCreated("p1", terms));

    private static Promotion Run(Promotion state, params PromotionCommand[] commands)
    {
        foreach (var command in commands)
        {
            var decision = PromotionDecider.Decide(state, command);
            decision.Rejections.ShouldBeEmpty();
            state = decision.Events.Aggregate(state, Promotion.Evolve);
        }

        return state;
    }
}
