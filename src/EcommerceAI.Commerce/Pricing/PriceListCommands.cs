namespace EcommerceAI.Commerce.Pricing;

/// <summary>What can be asked of a price list. The family is closed: <see cref="PriceListDecider"/> answers every member.</summary>
/// <param name="PriceListId">Its id, as <see cref="IdFormat"/> takes it.</param>
public abstract record PriceListCommand(string PriceListId);

/// <summary>Makes a price list.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Terms">For whom, where and when it is.</param>
public sealed record CreatePriceList(string PriceListId, PriceListTerms Terms) : PriceListCommand(PriceListId);

/// <summary>Gives a price list other terms; its currency stays, and terms that already stand change nothing.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Terms">Its terms from now on.</param>
public sealed record ChangePriceList(string PriceListId, PriceListTerms Terms) : PriceListCommand(PriceListId);

/// <summary>Sets prices. The prices given for a SKU take the place of all that it had on the list; those that already stand change nothing.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Prices">1 to 1,000 prices; a SKU may have several, for different numbers of units.</param>
public sealed record SetListPrices(string PriceListId, IReadOnlyList<PriceEntry> Prices) : PriceListCommand(PriceListId);

/// <summary>Takes products off a list; those that are not on it change nothing.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Skus">1 to 1,000 SKUs.</param>
public sealed record RemoveListPrices(string PriceListId, IReadOnlyList<string> Skus) : PriceListCommand(PriceListId);

/// <summary>Takes a price list back for good; a second time changes nothing.</summary>
/// <param name="PriceListId">Its id.</param>
/// <param name="Reason">Why: at most 200 characters, or null.</param>
public sealed record WithdrawPriceList(string PriceListId, string? Reason = null) : PriceListCommand(PriceListId);
