using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.Api.Http;

/// <summary>What replies make of what read models give.</summary>
internal static class Snapshots
{
    /// <summary>Two read models as one answer, which speaks for the position that both have reached.</summary>
    public static ReadSnapshot<TResult> With<TOne, TOther, TResult>(
        this ReadSnapshot<TOne> one, ReadSnapshot<TOther> other, Func<TOne, TOther, TResult> join) =>
        new(join(one.Value, other.Value), Math.Min(one.Position, other.Position));

    /// <summary>A page of a list with its cursor.</summary>
    /// <param name="snapshot">The page as it was read.</param>
    /// <param name="query">Name of the list with its filters; see <see cref="Cursors"/>.</param>
    public static ReadSnapshot<Page<TItem>> ToPage<TItem, TKey>(this ReadSnapshot<KeysetPage<TItem, TKey>> snapshot, string query)
        where TKey : class =>
        new(new Page<TItem>(snapshot.Value.Items, Cursors.Write(query, snapshot.Value.Next)), snapshot.Position);
}
