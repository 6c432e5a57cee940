namespace EcommerceAI.EventSourcing.Projections;

/// <summary>
/// A page of a list that is cut by key, not by offset: rows that come or go before the key neither repeat nor lose a row of the
/// next page.
/// </summary>
/// <typeparam name="TItem">A row.</typeparam>
/// <typeparam name="TKey">What the list is ordered by, unique in it.</typeparam>
/// <param name="Items">The rows, in the list's order.</param>
/// <param name="Next">The key of the last row, after which the next page begins; null on the last page.</param>
public sealed record KeysetPage<TItem, TKey>(IReadOnlyList<TItem> Items, TKey? Next)
    where TKey : class
{
    /// <summary>Makes a page of rows that were read with one more than fits, to know whether there is more.</summary>
    /// <param name="rows">Up to <paramref name="size"/> + 1 rows.</param>
    /// <param name="size">The most rows of a page, 1 or more.</param>
    /// <param name="keyOf">The key of a row.</param>
    internal static KeysetPage<TItem, TKey> Of(List<TItem> rows, int size, Func<TItem, TKey> keyOf) =>
        rows.Count <= size ? new(rows, null) : new(rows.GetRange(0, size), keyOf(rows[size - 1]));
}
