using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>A price list as its stream tells it.</summary>
/// <param name="PriceListId">Its id, or null before it exists.</param>
/// <param name="Terms">For whom, where and when it is; null before it exists.</param>
/// <param name="IsWithdrawn">Whether it was taken back.</param>
/// <param name="Prices">SKU to its prices, fewest units first.</param>
public sealed record PriceList(
    string? PriceListId, PriceListTerms? Terms, bool IsWithdrawn, ImmutableDictionary<string, IReadOnlyList<PriceEntry>> Prices)
{
    /// <summary>The state before the first event.</summary>
    public static PriceList Initial { get; } =
        new(null, null, false, ImmutableDictionary.Create<string, IReadOnlyList<PriceEntry>>(StringComparer.Ordinal));

    /// <summary>Whether it has been made.</summary>
    public bool Exists => PriceListId is not null;

    /// <summary>The key of a price list's stream, <c>price-list-{id}</c>.</summary>
    /// <param name="priceListId">Its id.</param>
    /// <exception cref="ArgumentException"><paramref name="priceListId"/> is no id.</exception>
    public static string StreamKey(string priceListId) => IdFormat.StreamKey("price-list", priceListId);

    /// <summary>The prices of an event or command by SKU, fewest units first.</summary>
    /// <param name="prices">The prices.</param>
    public static IEnumerable<KeyValuePair<string, IReadOnlyList<PriceEntry>>> BySku(IReadOnlyList<PriceEntry> prices) =>
        prices.GroupBy(price => price.Sku, StringComparer.Ordinal)
            .Select(sku => KeyValuePair.Create(sku.Key, (IReadOnlyList<PriceEntry>)[.. sku.OrderBy(price => price.MinimumQuantity)]));

    /// <summary>Folds one event into the state; takes any history, also one that no command would have made.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static PriceList Evolve(PriceList state, DomainEvent @event) => @event switch
    {
        PriceListCreated created => state with { PriceListId = created.PriceListId, Terms = created.Terms },
        PriceListChanged changed => state with { Terms = changed.Terms },
        ListPricesSet set => state with { Prices = state.Prices.SetItems(BySku(set.Prices)) },
        ListPricesRemoved removed => state with { Prices = state.Prices.RemoveRange(removed.Skus) },
        PriceListWithdrawn => state with { IsWithdrawn = true },
        _ => state,
    };
}
