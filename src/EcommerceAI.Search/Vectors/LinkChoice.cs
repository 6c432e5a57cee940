namespace EcommerceAI.Search.Vectors;

/// <summary>
/// Chooses a place's links from candidates so that they lead in different directions: one that is nearer to a link chosen already than
/// to the place itself is taken only where room is left (HNSW's heuristic, algorithm 4, with kept pruned ones).
/// </summary>
internal sealed class LinkChoice
{
    private readonly List<int> _chosen = [];
    private readonly List<int> _pruned = [];
    private ulong[] _order = [];
    private short[] _wide = [];

    /// <summary>Chooses from candidates, nearest first.</summary>
    public ReadOnlySpan<int> Choose(VectorRows rows, ReadOnlySpan<ulong> candidates, int most)
    {
        if (_wide.Length != rows.Dimensions) _wide = new short[rows.Dimensions];
        _chosen.Clear();
        _pruned.Clear();
        foreach (var candidate in candidates)
        {
            if (_chosen.Count == most) break;
            var place = Nearness.Place(candidate);
            (LeadsElsewhere(rows, place, Nearness.Similarity(candidate)) ? _chosen : _pruned).Add(place);
        }
        for (var i = 0; i < _pruned.Count && _chosen.Count < most; i++) _chosen.Add(_pruned[i]);
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_chosen);
    }

    /// <summary>
    /// Orders candidates for a place, nearest first. The equally near go by a number drawn from both places: among many equal vectors
    /// each keeps other links, so that they stay one graph.
    /// </summary>
    public void Sort(Span<ulong> candidates, int place)
    {
        if (_order.Length < candidates.Length) _order = new ulong[2 * candidates.Length];
        var order = _order.AsSpan(0, candidates.Length);
        for (var i = 0; i < order.Length; i++) order[i] = ~((candidates[i] & ~(ulong)uint.MaxValue) | Draw(candidates[i], place));
        order.Sort(candidates);
    }

    private static uint Draw(ulong key, int place)
    {
        var mixed = ((uint)Nearness.Place(key) ^ ((uint)place * 0x9E37_79B9)) * 0x85EB_CA6B;
        return (mixed ^ (mixed >> 15)) * 0xC2B2_AE35;
    }

    private bool LeadsElsewhere(VectorRows rows, int place, float similarity)
    {
        if (_chosen.Count == 0) return true;
        Int8Dot.Widen(rows.Codes(place), _wide);
        var scale = rows.Scale(place);
        foreach (var chosen in _chosen)
            if (rows.Similarity(_wide, scale, chosen) >= similarity)
                return false;
        return true;
    }
}
