using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Projections.Storefront.Pricing;

/// <summary>A promotion as the retailer sees it.</summary>
/// <param name="PromotionId">Its id.</param>
/// <param name="Terms">Its terms.</param>
/// <param name="IsWithdrawn">Whether it was taken back.</param>
/// <param name="Redeemed">Orders that use it.</param>
/// <param name="Version">Version of its stream.</param>
public sealed record PromotionView(string PromotionId, PromotionTerms Terms, bool IsWithdrawn, int Redeemed, long Version);

/// <summary>A price list as the retailer sees it.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Terms">For whom, where and when it is.</param>
/// <param name="IsWithdrawn">Whether it was taken back.</param>
/// <param name="Prices">How many prices it has.</param>
/// <param name="Version">Version of its stream.</param>
public sealed record PriceListView(string PriceListId, PriceListTerms Terms, bool IsWithdrawn, long Prices, long Version);

/// <summary>The taxes of a region as the retailer sees them.</summary>
/// <param name="Table">The table.</param>
/// <param name="Version">Version of its stream.</param>
public sealed record TaxTableView(TaxTable Table, long Version);

/// <summary>Where a list of promotions goes on.</summary>
/// <param name="PromotionId">Id of the last one.</param>
public sealed record PromotionKey(string PromotionId);

/// <summary>Where the prices of a list go on.</summary>
/// <param name="Sku">SKU of the last price.</param>
/// <param name="MinimumQuantity">The fewest units that it is for.</param>
public sealed record PriceEntryKey(string Sku, int MinimumQuantity);
