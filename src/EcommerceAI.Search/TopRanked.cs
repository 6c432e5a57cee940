namespace EcommerceAI.Search;

/// <summary>A scored id with what its finder wants to keep of it.</summary>
internal readonly record struct Ranked<T>(string Id, double Score, T Payload)
{
    /// <summary>The order of every list here: score descending, then id ordinal. Never a tie, so never an accident.</summary>
    public static int Compare(Ranked<T> left, Ranked<T> right)
    {
        var byScore = right.Score.CompareTo(left.Score);
        return byScore != 0 ? byScore : string.CompareOrdinal(left.Id, right.Id);
    }
}

/// <summary>
/// Keeps the best <c>limit</c> of what is added, in a heap with the worst on top: n additions cost O(n log limit), and most of
/// them one comparison.
/// </summary>
internal sealed class TopRanked<T>(int limit)
{
    private readonly List<Ranked<T>> _heap = [];

    /// <summary>False where nothing with this score can get in, so that the caller may skip its work on it.</summary>
    public bool Admits(double score) => limit > 0 && (_heap.Count < limit || score >= _heap[0].Score);

    /// <summary>What has a lower score than this cannot get in any more.</summary>
    public double Threshold => limit == 0 ? double.PositiveInfinity : _heap.Count < limit ? double.NegativeInfinity : _heap[0].Score;

    public void Add(string id, double score, T payload)
    {
        if (!Admits(score)) return;
        var entry = new Ranked<T>(id, score, payload);
        if (_heap.Count < limit)
        {
            _heap.Add(entry);
            // A list that has never been full needs no heap order yet: where the limit is "all", it is only sorted at the end.
            if (_heap.Count == limit) Heapify();
            return;
        }
        if (Ranked<T>.Compare(entry, _heap[0]) >= 0) return;
        _heap[0] = entry;
        SiftDown(0);
    }

    /// <summary>The kept ones, best first. Ends the use of this instance.</summary>
    public List<Ranked<T>> Sorted()
    {
        _heap.Sort(Ranked<T>.Compare);
        return _heap;
    }

    private void Heapify()
    {
        for (var i = _heap.Count / 2 - 1; i >= 0; i--) SiftDown(i);
    }

    private void SiftDown(int parent)
    {
        while (true)
        {
            var worst = parent;
            for (var child = 2 * parent + 1; child <= 2 * parent + 2 && child < _heap.Count; child++)
                if (Ranked<T>.Compare(_heap[child], _heap[worst]) > 0)
                    worst = child;
            if (worst == parent) return;
            (_heap[parent], _heap[worst]) = (_heap[worst], _heap[parent]);
            parent = worst;
        }
    }
}
