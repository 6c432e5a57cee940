using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Vectors;

/// <summary>The newest version of an id and where its vector stands; -1 for a deleted one and for one of all noughts.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Place">Where its vector stands.</param>
/// <param name="Before">Where it stood before: a reader may still work with what was then.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HeldVector(long Version, int Place, int Before = -1);

/// <summary>
/// All vectors at one moment. Later snapshots share the memory: rows are only ever added behind what this one reads, and a removal
/// makes a new set of what is live.
/// </summary>
/// <param name="Rows">The vectors.</param>
/// <param name="Count">How many places there are.</param>
/// <param name="Live">The places that can be found.</param>
/// <param name="LiveCount">How many.</param>
/// <param name="Graph">Links between them; null for few.</param>
/// <param name="Attributes">What filters are judged by.</param>
/// <param name="Held">Every id with its place; shared with later snapshots until places move.</param>
internal sealed record VectorSnapshot(
    VectorRows Rows, int Count, PlaceSet Live, int LiveCount, HnswGraph? Graph, AttributeColumns Attributes, ConcurrentDictionary<string, HeldVector> Held)
{
    /// <summary>Where fewer are admitted, others are looked past: comparing them too would cost more than reading their links.</summary>
    private const double OverShoulderBelow = 0.4;

    /// <summary>Admitted places, evenly drawn, that a filtered walk also begins at: the filter may keep nothing near the query.</summary>
    private const int DrawnStarts = 32;

    public static VectorSnapshot Empty(int dimensions) => new(new([], dimensions), 0, PlaceSet.Empty, 0, null, new(), new(StringComparer.Ordinal));

    public IReadOnlyList<VectorHit> Search(VectorQuery query, VectorIndexOptions options, CancellationToken cancellationToken)
    {
        var length = TensorPrimitives.Norm(query.Vector.Span);
        if (!(length > 0 && float.IsFinite(length))) return [];
        var sought = new float[Rows.Dimensions];
        TensorPrimitives.Divide(query.Vector.Span, length, sought);
        var admitted = query.Filter is { } filter ? Admitted(filter) : Live;
        var count = query.Filter is null ? LiveCount : admitted.Count();
        var best = new TopRanked<bool>(Math.Min(query.Limit, count));
        var breadth = (int)Math.Max(options.SearchBreadth, Math.Min(count, query.Limit * 1.5));
        // A walk that is given up has put nothing among the best.
        if (query.Exact || count <= options.ScanUpTo || breadth > count / 8 || !TryWalk(sought, admitted, count, breadth, best, query.MinimumSimilarity))
            Scan(sought, admitted, best, query.MinimumSimilarity, cancellationToken);
        return [.. best.Sorted().Select(hit => new VectorHit(hit.Id, Math.Clamp((float)hit.Score, -1, 1)))];
    }

    /// <summary>What a filter lets through, of what is live.</summary>
    private PlaceSet Admitted(VectorFilter filter)
    {
        var admitted = Live.Copy(Count);
        foreach (var condition in filter.Conditions) Narrow(admitted, condition);
        return admitted;
    }

    private void Narrow(PlaceSet admitted, VectorCondition condition)
    {
        switch (condition)
        {
            case VectorCondition.AnyOf any:
                admitted.IntersectWith(Attributes.WhereAny(any.Field, any.Values, Count));
                break;
            case VectorCondition.NoneOf none:
                admitted.ExceptWith(Attributes.WhereAny(none.Field, none.Values, Count));
                break;
            case VectorCondition.Between between:
                admitted.IntersectWith(Attributes.WhereBetween(
                    between.Field, between.AtLeast ?? double.NegativeInfinity, between.AtMost ?? double.PositiveInfinity, Count));
                break;
            case VectorCondition.IdIn ids:
                admitted.IntersectWith(PlacesOf(ids.Ids));
                break;
        }
    }

    private PlaceSet PlacesOf(IReadOnlyCollection<string> ids)
    {
        var places = PlaceSet.Of(Count);
        foreach (var id in ids)
        {
            if (!Held.TryGetValue(id, out var held)) continue;
            // At most one of the two is live in this snapshot.
            if (held.Place >= 0 && held.Place < Count) places.Add(held.Place);
            if (held.Before >= 0 && held.Before < Count) places.Add(held.Before);
        }
        return places;
    }

    /// <summary>Walks the graph; false where the walk would cost more than comparing all that are admitted, or did not find enough.</summary>
    private bool TryWalk(float[] sought, PlaceSet admitted, int count, int breadth, TopRanked<bool> best, float minimum)
    {
        if (Graph is not { Entry: >= 0 } graph) return false;
        var search = GraphSearch.Rent();
        search.Aim(Rows, sought, Count);
        var overShoulder = count < OverShoulderBelow * Count;
        var starts = new List<ulong>(1 + DrawnStarts) { search.Descend(graph, 0) };
        if (overShoulder) starts.AddRange(Draw(admitted).Select(place => search.Compare(Rows, place)));
        var ended = search.Collect(graph, 0, CollectionsMarshal.AsSpan(starts), breadth, admitted, overShoulder, count / 2);
        var collected = search.Collected();
        if (ended && collected.Length == breadth)
            foreach (var key in collected)
                Rescore(sought, Nearness.Place(key), best, minimum);
        else
            ended = false;
        search.Return();
        return ended;
    }

    private static IEnumerable<int> Draw(PlaceSet admitted)
    {
        var words = admitted.Words;
        var step = Math.Max(1, words.Length / DrawnStarts);
        for (var from = 0; from < words.Length; from += step)
            for (var i = from; i < Math.Min(from + step, words.Length); i++)
                if (words[i] != 0)
                {
                    yield return (i << 6) + BitOperations.TrailingZeroCount(words[i]);
                    break;
                }
    }

    private void Scan(float[] sought, PlaceSet admitted, TopRanked<bool> best, float minimum, CancellationToken cancellationToken)
    {
        for (var i = 0; i < admitted.Words.Length; i++)
        {
            if (i % 16 == 0) cancellationToken.ThrowIfCancellationRequested();
            for (var word = admitted.Words[i]; word != 0; word &= word - 1)
                Rescore(sought, (i << 6) + BitOperations.TrailingZeroCount(word), best, minimum);
        }
    }

    private void Rescore(float[] sought, int place, TopRanked<bool> best, float minimum)
    {
        var similarity = TensorPrimitives.Dot<float>(sought, Rows.Vector(place));
        if (similarity >= minimum && best.Admits(similarity)) best.Add(Rows.Id(place), similarity, true);
    }
}
