namespace EcommerceAI.Commerce.Pricing;

/// <summary>Looks at the terms of a promotion, and brings them into the one spelling that events hold.</summary>
internal static class PromotionTermsCheck
{
    private const int MostUnits = 1_000;

    public static void Check(CommandFields fields, string field, PromotionTerms? terms)
    {
        if (terms is null)
        {
            fields.Refuse(field, "required", $"{field} must be given.");
            return;
        }

        fields.RequiredText($"{field}.name", terms.Name, PricingFields.MaxName);
        CheckDiscount(fields, $"{field}.discount", terms.Discount);
        CheckScope(fields, $"{field}.scope", terms.Scope);
        CheckConditions(fields, $"{field}.conditions", terms.Conditions);
        if (!Enum.IsDefined(terms.Stacking)) fields.Refuse($"{field}.stacking", "out_of_range", $"{field}.stacking is none.");
        fields.Priority($"{field}.priority", terms.Priority);
        CheckMoney(fields, field, terms);
        if (terms is { Discount.BuyGet: not null, Scope.Delivery: true })
            fields.Refuse($"{field}.scope.delivery", "out_of_range", $"{field}.scope.delivery does not go with buyGet.");
    }

    /// <summary>SKUs and codes in upper case, texts trimmed, moments in UTC.</summary>
    public static PromotionTerms Normalize(PromotionTerms terms) => terms with
    {
        Name = terms.Name.Trim(),
        Discount = terms.Discount.BuyGet is { Reward: { } reward } offer
            ? terms.Discount with { BuyGet = offer with { Reward = Normalize(reward) } }
            : terms.Discount,
        Scope = Normalize(terms.Scope),
        Conditions = terms.Conditions with
        {
            CouponCode = terms.Conditions.CouponCode is { } code ? CouponFormat.Normalize(code) : null,
            From = terms.Conditions.From?.ToUniversalTime(),
            Until = terms.Conditions.Until?.ToUniversalTime(),
        },
    };

    private static PromotionScope Normalize(PromotionScope scope) => scope with
    {
        Skus = [.. scope.Skus.Select(SkuFormat.Normalize)],
        Categories = [.. scope.Categories.Select(category => category.Trim())],
        ExcludedSkus = [.. scope.ExcludedSkus.Select(SkuFormat.Normalize)],
        ExcludedCategories = [.. scope.ExcludedCategories.Select(category => category.Trim())],
    };

    private static void CheckDiscount(CommandFields fields, string field, PromotionDiscount? discount)
    {
        var kinds = (discount?.PercentOff is null ? 0 : 1) + (discount?.AmountOff is null ? 0 : 1) + (discount?.BuyGet is null ? 0 : 1);
        if (kinds != 1)
        {
            fields.Refuse(field, "required", $"{field} must be exactly one of percentOff, amountOff and buyGet.");
            return;
        }

        if (discount!.PercentOff is { } percent) fields.Percent($"{field}.percentOff", percent, allowsZero: false);
        if (discount.AmountOff is { } amount) fields.Amount($"{field}.amountOff", amount);
        else if (discount.PerUnit) fields.Refuse($"{field}.perUnit", "out_of_range", $"{field}.perUnit goes only with amountOff.");
        if (discount.BuyGet is { } offer) CheckOffer(fields, $"{field}.buyGet", offer);
    }

    private static void CheckOffer(CommandFields fields, string field, BuyXGetY offer)
    {
        fields.Quantity($"{field}.buy", offer.Buy, 1, MostUnits);
        fields.Quantity($"{field}.get", offer.Get, 1, MostUnits);
        fields.Percent($"{field}.percent", offer.Percent, allowsZero: false);
        if (offer.MostSets is { } most) fields.Quantity($"{field}.mostSets", most);
        if (offer.Reward is not { } reward) return;
        CheckScope(fields, $"{field}.reward", reward);
        if (reward.Delivery) fields.Refuse($"{field}.reward.delivery", "out_of_range", $"{field}.reward.delivery is no goods.");
    }

    private static void CheckScope(CommandFields fields, string field, PromotionScope? scope)
    {
        if (scope is null)
        {
            fields.Refuse(field, "required", $"{field} must not be null.");
            return;
        }

        fields.Each($"{field}.skus", scope.Skus, fields.Sku);
        fields.Each($"{field}.categories", scope.Categories, fields.Category);
        fields.Each($"{field}.excludedSkus", scope.ExcludedSkus, fields.Sku);
        fields.Each($"{field}.excludedCategories", scope.ExcludedCategories, fields.Category);
    }

    private static void CheckConditions(CommandFields fields, string field, PromotionConditions? conditions)
    {
        if (conditions is null)
        {
            fields.Refuse(field, "required", $"{field} must not be null.");
            return;
        }

        fields.Each($"{field}.channels", conditions.Channels, fields.Slug);
        fields.Each($"{field}.regions", conditions.Regions, fields.Region);
        fields.Each($"{field}.customerGroups", conditions.CustomerGroups, fields.Slug);
        fields.Window($"{field}.until", conditions.From, conditions.Until);
        if (conditions.MinimumAmount is { } least) fields.Amount($"{field}.minimumAmount", least);
        if (conditions.MinimumQuantity is { } fewest) fields.Quantity($"{field}.minimumQuantity", fewest);
        if (conditions.CouponCode is { } code && !CouponFormat.IsWellFormed(code))
            fields.Refuse($"{field}.couponCode", "malformed", $"{field}.couponCode must be 1 to {CouponFormat.MaxLength} of A-Z 0-9 -.");
        if (conditions.LimitTotal is { } total) fields.Quantity($"{field}.limitTotal", total);
        if (conditions.LimitPerCustomer is { } each) fields.Quantity($"{field}.limitPerCustomer", each);
    }

    private static void CheckMoney(CommandFields fields, string field, PromotionTerms terms)
    {
        if (terms.Discount?.AmountOff is { } amount && terms.Conditions?.MinimumAmount is { } least && amount.Currency != least.Currency)
            fields.Refuse($"{field}.conditions.minimumAmount.currency", "out_of_range", $"{field} names amounts of two currencies; no order has both.");
    }
}
