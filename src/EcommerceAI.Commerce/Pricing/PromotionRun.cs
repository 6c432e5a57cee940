namespace EcommerceAI.Commerce.Pricing;

/// <summary>One pass over the promotions of a request, by priority and then by id.</summary>
internal sealed class PromotionRun(PricingRequest request, DiscountedBasket basket)
{
    private readonly string[] _coupons =
        [.. request.CouponCodes.Select(CouponFormat.Normalize).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private readonly List<AppliedPromotion> _applied = [];
    private readonly List<PassedOver> _passedOver = [];
    private readonly List<(string Coupon, string Explanation)> _refused = [];
    private AppliedPromotion? _closing;

    public IReadOnlyList<AppliedPromotion> Applied => _applied;

    public IReadOnlyList<PassedOver> PassedOver => _passedOver;

    public void ApplyAll()
    {
        foreach (var promotion in request.Promotions
            .OrderBy(promotion => promotion.Terms.Priority).ThenBy(promotion => promotion.PromotionId, StringComparer.Ordinal))
        {
            // A code that nobody entered is nobody's business, so such a promotion is not even passed over.
            if (promotion.Terms.Conditions.CouponCode is { } code && !_coupons.Contains(code)) continue;
            if (Obstacle.Find(promotion, request, basket) is { } obstacle) PassOver(promotion, obstacle);
            else Apply(promotion);
        }
    }

    public IReadOnlyList<CouponOutcome> CouponOutcomes() =>
    [
        .. _coupons.Select(code =>
            _applied.Find(promotion => promotion.CouponCode == code) is { } used
                ? new CouponOutcome(code, true, $"Coupon {code}: {used.Name}.")
                : new CouponOutcome(
                    code, false, _refused.Find(refused => refused.Coupon == code).Explanation ?? $"There is no coupon {code}.")),
    ];

    private void Apply(PromotionInForce promotion)
    {
        var terms = promotion.Terms;
        if (_closing is not null || (terms.Stacking == Stacking.Exclusive && basket.IsDiscounted))
        {
            PassOver(promotion, Obstacle.NotCombinable(_closing?.Name));
            return;
        }

        var discounts = Discounts.Of(
            terms, basket.Open(terms.Scope, terms.Stacking),
            terms.Discount.BuyGet?.Reward is { } reward ? basket.Open(reward, terms.Stacking) : [], request.Currency);
        if (discounts.Explanation is null)
        {
            PassOver(promotion, Obstacle.Nothing());
            return;
        }

        var off = discounts.Amounts.Sum(part => part.Amount);
        foreach (var (line, amount) in discounts.Amounts)
            basket.TakeOff(
                line,
                new LineDiscount(
                    promotion.PromotionId, terms.Name, amount,
                    discounts.Amounts.Count == 1
                        ? $"{terms.Name}: {discounts.Explanation}."
                        : $"{terms.Name}: {discounts.Explanation}; this line's part is {Wording.Amount(amount, request.Currency)}."),
                close: terms.Stacking != Stacking.Combinable);
        var applied = new AppliedPromotion(
            promotion.PromotionId, terms.Name, terms.Conditions.CouponCode, off, $"{terms.Name}: {discounts.Explanation}.");
        if (terms.Stacking == Stacking.Exclusive) _closing = applied;
        _applied.Add(applied);
    }

    private void PassOver(PromotionInForce promotion, Obstacle obstacle)
    {
        var coupon = promotion.Terms.Conditions.CouponCode;
        if (coupon is not null) _refused.Add((coupon, $"Coupon {coupon}: {obstacle.Explanation}."));
        if (coupon is not null || obstacle.IsShoppers)
            _passedOver.Add(new PassedOver(promotion.PromotionId, promotion.Terms.Name, obstacle.Code, $"{promotion.Terms.Name}: {obstacle.Explanation}."));
    }
}
