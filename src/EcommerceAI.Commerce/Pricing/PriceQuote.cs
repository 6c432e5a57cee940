namespace EcommerceAI.Commerce.Pricing;

/// <summary>
/// What a request comes to, with what explains every number. All amounts are minor units of <see cref="Currency"/>; each total is the
/// sum of its lines, and a line's total is its net, with its tax added where <see cref="Basis"/> is exclusive.
/// </summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Basis">What prices mean; inclusive where no tax table was given.</param>
/// <param name="Lines">The lines, in the order of the request.</param>
/// <param name="Gross">Quantities times unit prices, before discounts.</param>
/// <param name="Discount">All discounts; 0 or more, at most <paramref name="Gross"/>.</param>
/// <param name="Net">What is left of <paramref name="Gross"/>, in the basis of the prices.</param>
/// <param name="Tax">All taxes.</param>
/// <param name="Total">What is to be paid.</param>
public sealed record PriceQuote(
    string Currency, TaxBasis Basis, IReadOnlyList<PricedLine> Lines, long Gross, long Discount, long Net, long Tax, long Total)
{
    /// <summary>Taxes by name and rate, in that order.</summary>
    public IReadOnlyList<TaxSum> Taxes { get; init; } = [];

    /// <summary>Promotions that gave something, in the order in which they were applied.</summary>
    public IReadOnlyList<AppliedPromotion> Promotions { get; init; } = [];

    /// <summary>Promotions that gave nothing though their coupon was entered, or for want of something that a shopper can change.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    /// <summary>The coupon codes that were entered, each once, with what became of it.</summary>
    public IReadOnlyList<CouponOutcome> Coupons { get; init; } = [];
}

/// <summary>A line with its price.</summary>
/// <param name="LineId">Id of the line.</param>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units.</param>
/// <param name="UnitPrice">Price of one unit, major units.</param>
/// <param name="Source">Where the unit price comes from, or null where the request did not say.</param>
/// <param name="Gross">Quantity times unit price, rounded half to even.</param>
/// <param name="Discounts">What was taken off, in the order in which it was.</param>
/// <param name="Net"><paramref name="Gross"/> less the discounts, 0 or more.</param>
/// <param name="Tax">The tax of <paramref name="Net"/>.</param>
/// <param name="Total">What is to be paid for the line.</param>
public sealed record PricedLine(
    string LineId, string Sku, int Quantity, decimal UnitPrice, PriceSource? Source, long Gross, IReadOnlyList<LineDiscount> Discounts, long Net,
    LineTax Tax, long Total);

/// <summary>A discount on a line.</summary>
/// <param name="PromotionId">Id of the promotion.</param>
/// <param name="Name">Its name.</param>
/// <param name="Amount">Minor units, above 0.</param>
/// <param name="Explanation">One sentence that says how it comes about.</param>
public sealed record LineDiscount(string PromotionId, string Name, long Amount, string Explanation);

/// <summary>The tax of a line.</summary>
/// <param name="TaxClass">The line's tax class.</param>
/// <param name="Percent">The sum of the rates.</param>
/// <param name="Base">The amount without tax.</param>
/// <param name="Amount">The tax, rounded half to even once for the line.</param>
/// <param name="Parts">The same by tax: their amounts add up to it.</param>
/// <param name="Explanation">One sentence that names rate and basis.</param>
public sealed record LineTax(string TaxClass, decimal Percent, long Base, long Amount, IReadOnlyList<TaxPart> Parts, string Explanation);

/// <summary>A tax within the tax of a line.</summary>
/// <param name="Name">Name of the tax.</param>
/// <param name="Percent">Its rate.</param>
/// <param name="Amount">Minor units.</param>
public sealed record TaxPart(string Name, decimal Percent, long Amount);

/// <summary>A tax at one rate over all lines.</summary>
/// <param name="Name">Name of the tax.</param>
/// <param name="Percent">Its rate.</param>
/// <param name="Base">The amounts without tax that it was charged on.</param>
/// <param name="Amount">Minor units.</param>
public sealed record TaxSum(string Name, decimal Percent, long Base, long Amount);

/// <summary>A promotion that gave something.</summary>
/// <param name="PromotionId">Id of the promotion.</param>
/// <param name="Name">Its name.</param>
/// <param name="CouponCode">The coupon that it took, or null.</param>
/// <param name="Amount">What it gave over all lines, above 0.</param>
/// <param name="Explanation">One sentence that says how the amount comes about.</param>
public sealed record AppliedPromotion(string PromotionId, string Name, string? CouponCode, long Amount, string Explanation);

/// <summary>A promotion that gave nothing.</summary>
/// <param name="PromotionId">Id of the promotion.</param>
/// <param name="Name">Its name.</param>
/// <param name="Code">Stable reason in snake_case, such as <c>below_minimum_amount</c>.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record PassedOver(string PromotionId, string Name, string Code, string Explanation);

/// <summary>What became of a coupon code.</summary>
/// <param name="Code">The code, upper case.</param>
/// <param name="Accepted">Whether a promotion of this code gave something.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record CouponOutcome(string Code, bool Accepted, string Explanation);
