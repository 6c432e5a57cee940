namespace EcommerceAI.Commerce.Pricing;

/// <summary>
/// Everything that a price depends on. Who asks is no part of it: two people who ask at one moment under the same conditions get the
/// same price, because there is nothing here that could tell them apart.
/// </summary>
/// <param name="Currency">ISO 4217 code of every price and amount.</param>
/// <param name="Channel">Where the sale is made, such as <c>web</c> or <c>shop</c>.</param>
/// <param name="Region">Where the goods go: ISO 3166-1 country or 3166-2 subdivision (<c>GB</c>, <c>US-NY</c>).</param>
/// <param name="CustomerGroup">The group that the terms are for, such as <c>trade</c>, or null for everybody.</param>
/// <param name="At">The moment that promotions and tax rates are looked at.</param>
/// <param name="Lines">What is priced; line ids are unique, at most <see cref="MaxLines"/>.</param>
public sealed record PricingRequest(
    string Currency, string Channel, string Region, string? CustomerGroup, DateTimeOffset At, IReadOnlyList<PricingLine> Lines)
{
    /// <summary>The most lines of a request.</summary>
    public const int MaxLines = 1_000;

    /// <summary>Coupon codes that were entered, in any case.</summary>
    public IReadOnlyList<string> CouponCodes { get; init; } = [];

    /// <summary>Promotions that may apply; whether one does follows from its terms. Their order says nothing.</summary>
    public IReadOnlyList<PromotionInForce> Promotions { get; init; } = [];

    /// <summary>The tax table of the region, or null where none is kept: then no tax is charged, and the quote says so.</summary>
    public TaxTable? Taxes { get; init; }
}

/// <summary>A line to price.</summary>
/// <param name="LineId">Id of the line, unique in the request; also what breaks ties, so that the order of lines says nothing.</param>
/// <param name="Sku">Stock keeping unit, upper case; for a delivery charge the code of its option.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="UnitPrice">Price of one unit in major units, 0 to 1,000,000 with at most four places.</param>
public sealed record PricingLine(string LineId, string Sku, int Quantity, decimal UnitPrice)
{
    /// <summary>The categories of the product.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The tax class of the product.</summary>
    public string TaxClass { get; init; } = TaxTable.StandardClass;

    /// <summary>Whether this is what the delivery costs, and no goods: only promotions on delivery touch it, no threshold counts it.</summary>
    public bool IsDelivery { get; init; }

    /// <summary>Where the unit price comes from, or null where the caller does not say.</summary>
    public PriceSource? Source { get; init; }
}

/// <summary>Where a unit price comes from.</summary>
/// <param name="PriceListId">The price list, or null for the product's own list price.</param>
/// <param name="Explanation">One sentence for a person.</param>
public sealed record PriceSource(string? PriceListId, string Explanation);
