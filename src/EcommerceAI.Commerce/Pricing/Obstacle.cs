using System.Globalization;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>Why a promotion does not apply.</summary>
/// <param name="Code">Stable reason in snake_case.</param>
/// <param name="Explanation">Why, as a part of a sentence.</param>
/// <param name="IsShoppers">Whether a shopper could do something about it, so that it is worth telling unasked.</param>
internal sealed record Obstacle(string Code, string Explanation, bool IsShoppers = false)
{
    /// <summary>Another promotion stands in the way.</summary>
    public static Obstacle NotCombinable(string? other) => new(
        "not_combinable", other is null ? "does not go together with the discounts already given" : $"does not go together with {other}", true);

    /// <summary>Nothing is left to discount.</summary>
    public static Obstacle Nothing() => new("nothing_to_discount", "nothing in the basket that it could be taken off");

    /// <summary>What keeps a promotion from applying by its conditions, or null.</summary>
    public static Obstacle? Find(PromotionInForce promotion, PricingRequest request, DiscountedBasket basket) =>
        Untimely(promotion.Terms.Conditions, request.At)
        ?? Elsewhere(promotion.Terms.Conditions, request)
        ?? ForeignMoney(promotion.Terms, request.Currency)
        ?? UsedUp(promotion)
        ?? BelowThreshold(promotion.Terms, basket);

    private static Obstacle? Untimely(PromotionConditions conditions, DateTimeOffset at) =>
        conditions.From is { } from && at < from ? new Obstacle("not_started", $"begins at {Moment(from)}")
        : conditions.Until is { } until && at >= until ? new Obstacle("ended", $"ended at {Moment(until)}")
        : null;

    private static Obstacle? Elsewhere(PromotionConditions conditions, PricingRequest request) =>
        conditions.Channels.Count > 0 && !conditions.Channels.Contains(request.Channel)
            ? new Obstacle("other_channel", $"is not for the channel {request.Channel}")
        : conditions.Regions.Count > 0 && !conditions.Regions.Any(region => RegionFormat.Holds(region, request.Region))
            ? new Obstacle("other_region", $"is not for {request.Region}")
        : conditions.CustomerGroups.Count > 0 && (request.CustomerGroup is null || !conditions.CustomerGroups.Contains(request.CustomerGroup))
            ? new Obstacle("other_customer_group", $"is only for {string.Join(", ", conditions.CustomerGroups)}")
        : null;

    private static Obstacle? ForeignMoney(PromotionTerms terms, string currency) =>
        (terms.Discount.AmountOff ?? terms.Conditions.MinimumAmount) is { } amount
        && (amount.Currency != currency || (terms.Conditions.MinimumAmount is { } least && least.Currency != currency))
            ? new Obstacle("other_currency", $"is not for prices in {currency}")
            : null;

    private static Obstacle? UsedUp(PromotionInForce promotion)
    {
        var conditions = promotion.Terms.Conditions;
        if (conditions.LimitTotal is { } total && promotion.Redeemed >= total)
            return new Obstacle("used_up", string.Create(CultureInfo.InvariantCulture, $"was for {total} orders, and all were made"));
        if (conditions.LimitPerCustomer is not { } each) return null;
        if (promotion.RedeemedByCustomer is not { } made)
            return new Obstacle("customer_unknown", "is for customers who are signed in", true);
        return made >= each
            ? new Obstacle("used_up_by_customer", string.Create(CultureInfo.InvariantCulture, $"is for {each} orders of a customer, and all were made"))
            : null;
    }

    private static Obstacle? BelowThreshold(PromotionTerms terms, DiscountedBasket basket)
    {
        if (terms.Conditions.MinimumAmount is { } least)
        {
            var amount = basket.Goods(terms.Scope).Sum(basket.GrossOf);
            if (amount < least.Minor)
                return new Obstacle(
                    "below_minimum_amount",
                    $"begins at {Wording.Amount(least.Minor, least.Currency)}, {Wording.Amount(least.Minor - amount, least.Currency)} more", true);
        }

        if (terms.Conditions.MinimumQuantity is not { } fewest) return null;
        var units = basket.Goods(terms.Scope).Sum(basket.QuantityOf);
        return units < fewest
            ? new Obstacle("below_minimum_quantity", $"begins at {Wording.Units(fewest)}, {Wording.Units(fewest - units)} more", true)
            : null;
    }

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
