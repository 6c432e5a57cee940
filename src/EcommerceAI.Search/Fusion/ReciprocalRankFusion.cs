using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Fusion;

/// <summary>
/// Weighted reciprocal rank fusion (G. Cormack, C. Clarke, S. Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual
/// rank learning methods", SIGIR 2009): <c>score(d) = sum over lists l of weight(l) / (k + rank(d, l))</c>, ranks from 1. It needs no
/// scores, so lists whose scores are of different kinds can be fused.
/// </summary>
public static class ReciprocalRankFusion
{
    /// <summary>The paper's k: how little the first ranks stand above the next.</summary>
    public const int DefaultK = 60;

    /// <summary>Fuses ranked lists.</summary>
    /// <param name="lists">The lists, best first; an id stands at most once in a list (a repeated one counts where it first stands).</param>
    /// <param name="k">0 or more.</param>
    /// <returns>Every id of any list once, by score descending, then by id ordinal.</returns>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or <paramref name="k"/> is negative.</exception>
    public static IReadOnlyList<FusedRank> Fuse(IReadOnlyList<RankedList> lists, int k = DefaultK)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        var fused = new Dictionary<string, (double Score, int[] Ranks)>();
        for (var list = 0; list < lists.Count; list++)
        {
            var weight = lists[list].Weight;
            if (!(weight >= 0 && double.IsFinite(weight)))
                throw new ArgumentException($"The weight of list {list} must be 0 or more, not {weight}.", nameof(lists));
            for (var i = 0; i < lists[list].Ids.Count; i++)
            {
                ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(fused, lists[list].Ids[i], out var known);
                if (!known) entry.Ranks = new int[lists.Count];
                if (entry.Ranks[list] != 0) continue;
                entry.Ranks[list] = i + 1;
                entry.Score += weight / (k + i + 1);
            }
        }
        var ranked = fused.Select(f => new FusedRank(f.Key, f.Value.Score, f.Value.Ranks)).ToArray();
        Array.Sort(ranked, static (left, right) =>
            right.Score.CompareTo(left.Score) is not 0 and var byScore ? byScore : string.CompareOrdinal(left.Id, right.Id));
        return ranked;
    }
}

/// <summary>A list to fuse.</summary>
/// <param name="Ids">Ids, best first.</param>
/// <param name="Weight">How much the list counts, 0 or more.</param>
public readonly record struct RankedList(IReadOnlyList<string> Ids, double Weight = 1);

/// <summary>An id after the fusion.</summary>
/// <param name="Id">The id.</param>
/// <param name="Score">The fused score.</param>
/// <param name="Ranks">Its rank in each list from 1, in the order of the lists; 0 where the list does not have it.</param>
public readonly record struct FusedRank(string Id, double Score, IReadOnlyList<int> Ranks);
