namespace EcommerceAI.Commerce.Pricing;

/// <summary>A promotion as data: what it takes off, of what, when, and how it goes together with others.</summary>
/// <param name="Name">What shoppers read beside the discount, 1 to 100 characters.</param>
/// <param name="Discount">What it takes off.</param>
public sealed record PromotionTerms(string Name, PromotionDiscount Discount)
{
    /// <summary>The lines that it counts and, but for promotions on delivery, takes its discount off.</summary>
    public PromotionScope Scope { get; init; } = PromotionScope.Everything;

    /// <summary>When it applies.</summary>
    public PromotionConditions Conditions { get; init; } = PromotionConditions.None;

    /// <summary>How it goes together with others.</summary>
    public Stacking Stacking { get; init; }

    /// <summary>0 to 1,000: the lower number goes first; promotions of one number go in the order of their ids.</summary>
    public int Priority { get; init; } = 100;
}

/// <summary>How a promotion goes together with others. Promotions are gone through by priority, each on what those before it left.</summary>
public enum Stacking
{
    /// <summary>It adds to others.</summary>
    Combinable,

    /// <summary>It takes lines that no other has discounted, and no later one discounts those.</summary>
    ExclusiveOnLine,

    /// <summary>It applies only where no other has, and no later one applies at all.</summary>
    Exclusive,
}

/// <summary>
/// What a promotion takes off: exactly one of <see cref="PercentOff"/>, <see cref="AmountOff"/> and <see cref="BuyGet"/>. Each comes to
/// one amount for all its lines, rounded once, half to even, and spread over them in proportion (<see cref="LargestRemainder"/>).
/// </summary>
/// <param name="PercentOff">Per cent, above 0 to 100 with at most four places.</param>
/// <param name="AmountOff">An amount above 0, never more than what the lines cost.</param>
/// <param name="PerUnit">Whether <paramref name="AmountOff"/> comes off every unit instead of once.</param>
/// <param name="BuyGet">Some units for less when others are bought.</param>
public sealed record PromotionDiscount(decimal? PercentOff = null, Money? AmountOff = null, bool PerUnit = false, BuyXGetY? BuyGet = null);

/// <summary>
/// Who buys some units gets others for less. Without <see cref="Reward"/> both come from the promotion's scope, and the cheapest units
/// are the ones for less: with buy 2, get 1 every third unit. With it, the units for less are the cheapest in its own scope, and a line
/// in both scopes is a reward and not counted as bought.
/// </summary>
/// <param name="Buy">Units to buy, 1 to 1,000.</param>
/// <param name="Get">Units for less, 1 to 1,000.</param>
/// <param name="Percent">Per cent off those, above 0 to 100; 100 is free.</param>
/// <param name="MostSets">How many times it applies to an order, or null for no bound.</param>
/// <param name="Reward">Where the units for less are taken from, or null for the promotion's scope.</param>
public sealed record BuyXGetY(int Buy, int Get, decimal Percent = 100m, int? MostSets = null, PromotionScope? Reward = null);

/// <summary>Which lines: all, or those with one of some SKUs or categories, without others.</summary>
public sealed record PromotionScope
{
    /// <summary>All goods.</summary>
    public static PromotionScope Everything { get; } = new();

    /// <summary>SKUs, upper case.</summary>
    public IReadOnlyList<string> Skus { get; init; } = [];

    /// <summary>Categories.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>SKUs that are left out, whatever else is said.</summary>
    public IReadOnlyList<string> ExcludedSkus { get; init; } = [];

    /// <summary>Categories that are left out, whatever else is said.</summary>
    public IReadOnlyList<string> ExcludedCategories { get; init; } = [];

    /// <summary>Whether the discount comes off the delivery charge; the goods in scope are then what its thresholds count.</summary>
    public bool Delivery { get; init; }

    /// <summary>Whether goods are in scope; no delivery charge is.</summary>
    /// <param name="line">The line.</param>
    public bool HoldsGoods(PricingLine line) =>
        !line.IsDelivery
        && !ExcludedSkus.Contains(line.Sku)
        && !line.Categories.Any(ExcludedCategories.Contains)
        && ((Skus.Count == 0 && Categories.Count == 0) || Skus.Contains(line.Sku) || line.Categories.Any(Categories.Contains));

    /// <summary>Whether the discount can come off a line.</summary>
    /// <param name="line">The line.</param>
    public bool Discounts(PricingLine line) => Delivery ? line.IsDelivery : HoldsGoods(line);
}

/// <summary>When a promotion applies: all that is given must hold.</summary>
public sealed record PromotionConditions
{
    /// <summary>Always.</summary>
    public static PromotionConditions None { get; } = new();

    /// <summary>Channels, or none for all.</summary>
    public IReadOnlyList<string> Channels { get; init; } = [];

    /// <summary>Regions, or none for all; a country holds for its subdivisions too.</summary>
    public IReadOnlyList<string> Regions { get; init; } = [];

    /// <summary>Customer groups, or none for everybody.</summary>
    public IReadOnlyList<string> CustomerGroups { get; init; } = [];

    /// <summary>The first moment, or null.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first moment after it, or null.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The least that the goods in scope cost before any discount, or null.</summary>
    public Money? MinimumAmount { get; init; }

    /// <summary>The fewest units in scope, or null.</summary>
    public int? MinimumQuantity { get; init; }

    /// <summary>The code that must be entered, upper case, or null.</summary>
    public string? CouponCode { get; init; }

    /// <summary>How many orders it is for, or null for no bound.</summary>
    public int? LimitTotal { get; init; }

    /// <summary>How many orders of one customer it is for, or null for no bound.</summary>
    public int? LimitPerCustomer { get; init; }
}

/// <summary>A promotion with how often it was used: the counts come from its own stream.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="Redeemed">Orders that used it.</param>
/// <param name="RedeemedByCustomer">
/// Orders of the one who buys that used it, a number and not who that is; null where nobody is signed in, so that a promotion with a limit
/// per customer does not apply.
/// </param>
public sealed record PromotionInForce(string PromotionId, PromotionTerms Terms, int Redeemed = 0, int? RedeemedByCustomer = null);
