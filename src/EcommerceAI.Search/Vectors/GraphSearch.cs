using System.Collections.Concurrent;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// One walk through the graph at a time, towards a vector by its codes: what was visited, what is still open, and the best so far.
/// Kept for the next walk, so that a search allocates next to nothing.
/// </summary>
internal sealed class GraphSearch
{
    private static readonly ConcurrentBag<GraphSearch> Idle = [];

    private readonly NearestHeap _open = new();
    private readonly NearestHeap _best = new();
    private ulong[] _visited = [];
    private short[] _wide = [];
    private sbyte[] _codes = [];
    private float _scale;
    private int _places;

    /// <summary>How many vectors were compared since the last aim.</summary>
    public int Compared { get; private set; }

    public static GraphSearch Rent() => Idle.TryTake(out var search) ? search : new();

    public void Return() => Idle.Add(this);

    /// <summary>Aims at a vector of length 1, over the first so many places.</summary>
    public void Aim(VectorRows rows, ReadOnlySpan<float> vector, int places)
    {
        if (_codes.Length != rows.Dimensions) _codes = new sbyte[rows.Dimensions];
        Aim(_codes, VectorRows.Quantize(vector, _codes), places);
    }

    /// <summary>Aims at the vector of a place, over the first so many places.</summary>
    public void Aim(VectorRows rows, int place, int places) => Aim(rows.Codes(place), rows.Scale(place), places);

    /// <summary>The nearness of a place to what is aimed at.</summary>
    public ulong Compare(VectorRows rows, int place)
    {
        Compared++;
        return Nearness.Key(rows.Similarity(_wide, _scale, place), place);
    }

    /// <summary>From the entry down to a level, always to the nearest neighbour: where to begin at that level.</summary>
    public ulong Descend(HnswGraph graph, int level)
    {
        var nearest = Compare(graph.Rows, graph.Entry);
        for (var at = graph.Top; at > level; at--)
            while (true)
            {
                var before = nearest;
                foreach (var neighbour in graph.Links(Nearness.Place(before), at))
                    if (neighbour < _places)
                        nearest = Math.Max(nearest, Compare(graph.Rows, neighbour));
                if (nearest == before) break;
            }
        return nearest;
    }

    /// <summary>
    /// Collects the nearest of the admitted at a level. Others are walked through: at once (each is compared, which pays where most
    /// are admitted), or by looking over their shoulder at their neighbours without comparing them (ACORN-1: Patel and others, 2024).
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="level">The level walked.</param>
    /// <param name="starts">Where to begin.</param>
    /// <param name="breadth">How many to keep in sight.</param>
    /// <param name="admitted">What may be collected.</param>
    /// <param name="overShoulder">Whether others are looked past.</param>
    /// <param name="budget">After so many comparisons the walk is given up.</param>
    /// <returns>Whether the walk came to its end.</returns>
    public bool Collect(
        HnswGraph graph, int level, ReadOnlySpan<ulong> starts, int breadth, PlaceSet admitted, bool overShoulder = false, int budget = int.MaxValue)
    {
        _open.Clear();
        _best.Clear();
        ForgetVisits();
        foreach (var start in starts) Meet(start, breadth, admitted.Has(Nearness.Place(start)));
        while (_open.Count > 0)
        {
            var nearest = ~_open.Take();
            if (_best.Count == breadth && nearest < _best.Top) break;
            if (Compared > budget) return false;
            if (overShoulder) ExpandOverShoulder(graph, level, Nearness.Place(nearest), breadth, admitted);
            else Expand(graph, level, Nearness.Place(nearest), breadth, admitted);
        }
        return true;
    }

    /// <summary>What was collected, nearest first.</summary>
    public ReadOnlySpan<ulong> Collected()
    {
        _best.Keys.Sort();
        _best.Keys.Reverse();
        return _best.Keys;
    }

    private void Aim(ReadOnlySpan<sbyte> codes, float scale, int places)
    {
        if (_wide.Length != codes.Length) _wide = new short[codes.Length];
        Int8Dot.Widen(codes, _wide);
        (_scale, _places, Compared) = (scale, places, 0);
    }

    private void ForgetVisits()
    {
        var words = (_places + 63) >> 6;
        if (_visited.Length < words) _visited = new ulong[words + words / 8];
        else Array.Clear(_visited, 0, words);
    }

    private void Expand(HnswGraph graph, int level, int place, int breadth, PlaceSet admitted)
    {
        foreach (var neighbour in graph.Links(place, level))
            if (neighbour < _places && Visit(neighbour))
                Meet(Compare(graph.Rows, neighbour), breadth, admitted.Has(neighbour));
    }

    private void ExpandOverShoulder(HnswGraph graph, int level, int place, int breadth, PlaceSet admitted)
    {
        var met = 0;
        var links = graph.Links(place, level);
        foreach (var neighbour in links)
            if (neighbour < _places && admitted.Has(neighbour) && Visit(neighbour))
            {
                Meet(Compare(graph.Rows, neighbour), breadth, true);
                met++;
            }
        // As many as an unfiltered walk would meet are enough; what is left out is met from another side, or is not near.
        for (var i = 0; i < links.Length && met < graph.LinksAbove; i++)
        {
            if (links[i] >= _places || admitted.Has(links[i]) || !Visit(links[i])) continue;
            foreach (var further in graph.Links(links[i], level))
                if (further < _places && admitted.Has(further) && Visit(further))
                {
                    Meet(Compare(graph.Rows, further), breadth, true);
                    met++;
                }
        }
    }

    private void Meet(ulong key, int breadth, bool admitted)
    {
        _visited[Nearness.Place(key) >> 6] |= 1UL << Nearness.Place(key);
        if (_best.Count == breadth && key < _best.Top) return;
        _open.Add(~key);
        if (!admitted) return;
        if (_best.Count < breadth) _best.Add(key);
        else _best.Replace(key);
    }

    private bool Visit(int place)
    {
        ref var word = ref _visited[place >> 6];
        var bit = 1UL << place;
        if ((word & bit) != 0) return false;
        word |= bit;
        return true;
    }
}
