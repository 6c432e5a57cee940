using System.Runtime.InteropServices;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>Differences of a batch for <c>basket_counts</c>: how many baskets hold a SKU.</summary>
/// <remarks>
/// Only baskets of up to 40 different SKUs count. What is left out are wholesale orders that go through the whole catalogue and so
/// say little about what goes together: of the 22,000 baskets of the retailer's real year 19,000 count. Pairs are not kept: those
/// baskets make 2.45 million counts of pairs (all baskets: 28.5 million), nearly each a row of its own, which would take far longer to
/// write than everything else. They are counted when a page is read, from the baskets that hold its product.
/// </remarks>
internal sealed class Baskets
{
    /// <summary>The most different SKUs of a basket that counts.</summary>
    public const int MostSkus = 40;

    private static readonly SumTable<KeyValuePair<string, int>> Table = new(
        "basket_counts",
        [SumColumn<KeyValuePair<string, int>>.Text("sku", row => row.Key)],
        [SumColumn<KeyValuePair<string, int>>.Count("baskets", row => row.Value)]);

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The different SKUs of an order, or null where it has too many of them to count.</summary>
    /// <param name="skus">The SKUs of its lines.</param>
    public static string[]? Of(string[] skus)
    {
        string[] basket = [.. skus.Distinct(StringComparer.Ordinal)];
        return basket.Length <= MostSkus ? basket : null;
    }

    /// <summary>Counts a basket.</summary>
    /// <param name="order">What it holds.</param>
    /// <param name="times">1 for an order placed, -1 for one called off.</param>
    public void Count(OrderGoods order, int times)
    {
        foreach (var sku in order.Basket ?? []) CollectionsMarshal.GetValueRefOrAddDefault(_counts, sku, out _) += times;
    }

    /// <summary>Writes the differences.</summary>
    /// <param name="batch">The batch.</param>
    public Task WriteAsync(ProjectionBatch batch) => Table.AddAsync(batch, [.. _counts]);
}
