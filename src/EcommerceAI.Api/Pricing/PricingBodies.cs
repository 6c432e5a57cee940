using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Api.Pricing;

/// <summary>A promotion to make.</summary>
/// <param name="PromotionId">Its id: 1 to 64 of A-Z a-z 0-9 . _ -.</param>
/// <param name="Terms">Its terms.</param>
public sealed record NewPromotion(string PromotionId, PromotionTerms Terms);

/// <summary>Other terms for a promotion.</summary>
/// <param name="Terms">Its terms from now on.</param>
public sealed record PromotionChange(PromotionTerms Terms);

/// <summary>A promotion stands.</summary>
/// <param name="PromotionId">Its id.</param>
public sealed record PromotionStands(string PromotionId);

/// <summary>A price list to make.</summary>
/// <param name="PriceListId">Its id: 1 to 64 of A-Z a-z 0-9 . _ -.</param>
/// <param name="Terms">For whom, where and when it is.</param>
public sealed record NewPriceList(string PriceListId, PriceListTerms Terms);

/// <summary>Other terms for a price list.</summary>
/// <param name="Terms">For whom, where and when it is from now on; the currency stays.</param>
public sealed record PriceListChange(PriceListTerms Terms);

/// <summary>Prices to set.</summary>
/// <param name="Prices">1 to 1,000 prices; those of a SKU take the place of all that it had on the list.</param>
public sealed record PricesToSet(IReadOnlyList<PriceEntry> Prices);

/// <summary>Products to take off a price list.</summary>
/// <param name="Skus">1 to 1,000 SKUs.</param>
public sealed record PricesToRemove(IReadOnlyList<string> Skus);

/// <summary>A price list stands.</summary>
/// <param name="PriceListId">Its id.</param>
public sealed record PriceListStands(string PriceListId);

/// <summary>Why something is taken back.</summary>
/// <param name="Reason">At most 200 characters, or null.</param>
public sealed record TakingBack(string? Reason = null);

/// <summary>Taxes of a region to keep.</summary>
/// <param name="Region">ISO 3166-1 country or 3166-2 subdivision, such as GB or US-NY.</param>
/// <param name="Basis">Whether prices contain the tax: inclusive or exclusive.</param>
/// <param name="Rates">The rates; one of the class standard without a beginning among them.</param>
public sealed record NewTaxTable(string Region, TaxBasis Basis, IReadOnlyList<TaxRate> Rates);

/// <summary>Other taxes for a region.</summary>
/// <param name="Basis">Whether prices contain the tax: inclusive or exclusive.</param>
/// <param name="Rates">All rates from now on; one of the class standard without a beginning among them.</param>
public sealed record TaxTableChange(TaxBasis Basis, IReadOnlyList<TaxRate> Rates);

/// <summary>The taxes of a region stand.</summary>
/// <param name="Region">The region.</param>
public sealed record TaxTableStands(string Region);
