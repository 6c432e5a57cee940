namespace EcommerceAI.Commerce.Pricing;

/// <summary>What happens to a price list; stream <c>price-list-{id}</c>.</summary>
/// <param name="PriceListId">Its id.</param>
public abstract record PriceListEvent(string PriceListId) : DomainEvent;

/// <summary>A price list was made, without prices. Event <c>price_list_created</c>.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Terms">For whom, where and when it is.</param>
public sealed record PriceListCreated(string PriceListId, PriceListTerms Terms) : PriceListEvent(PriceListId);

/// <summary>A price list is for others from now on. Event <c>price_list_changed</c>.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Terms">For whom, where and when it is from now on.</param>
public sealed record PriceListChanged(string PriceListId, PriceListTerms Terms) : PriceListEvent(PriceListId);

/// <summary>Products have these prices on a list from now on, in the place of those they had. Event <c>list_prices_set</c>.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Prices">All prices of every SKU that is named.</param>
public sealed record ListPricesSet(string PriceListId, IReadOnlyList<PriceEntry> Prices) : PriceListEvent(PriceListId);

/// <summary>Products are on a list no more. Event <c>list_prices_removed</c>.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Skus">SKUs, upper case.</param>
public sealed record ListPricesRemoved(string PriceListId, IReadOnlyList<string> Skus) : PriceListEvent(PriceListId);

/// <summary>A price list was taken back and counts no more. Event <c>price_list_withdrawn</c>.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record PriceListWithdrawn(string PriceListId, string? Reason) : PriceListEvent(PriceListId);

/// <summary>For whom, where and when a price list is. What is null is not asked.</summary>
/// <param name="Name">What the retailer calls it, 1 to 100 characters.</param>
/// <param name="Currency">ISO 4217 code of its prices.</param>
/// <param name="Channel">The channel that it is for, or null for all.</param>
/// <param name="CustomerGroup">The customer group that it is for, or null for everybody.</param>
/// <param name="From">The first moment, or null.</param>
/// <param name="Until">The first moment after it, or null.</param>
/// <param name="Priority">0 to 1,000; the lower number goes first where two lists are equally specific.</param>
public sealed record PriceListTerms(
    string Name, string Currency, string? Channel = null, string? CustomerGroup = null, DateTimeOffset? From = null, DateTimeOffset? Until = null,
    int Priority = 100);

/// <summary>The price of a product on a list.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Amount">Price of one unit in major units, 0 to 1,000,000 with at most four places.</param>
/// <param name="MinimumQuantity">The fewest units that it is for, 1 to 1,000,000.</param>
public sealed record PriceEntry(string Sku, decimal Amount, int MinimumQuantity = 1);
