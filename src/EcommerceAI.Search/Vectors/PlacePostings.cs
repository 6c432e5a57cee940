namespace EcommerceAI.Search.Vectors;

/// <summary>
/// The places that share something, as bits in chunks, of which only those that hold a place take memory. One writer adds places
/// while readers read; a bit that a reader sees too early is of a place that its snapshot does not hold.
/// </summary>
internal sealed class PlacePostings
{
    private const int Shift = 12;
    private const int WordsPerChunk = 1 << (Shift - 6);

    private volatile ulong[]?[] _chunks = [];

    public void Add(int place)
    {
        var index = place >> Shift;
        var chunks = _chunks;
        if (index >= chunks.Length)
        {
            Array.Resize(ref chunks, index + 1 + index / 2);
            _chunks = chunks;
        }
        if (chunks[index] is null) Volatile.Write(ref chunks[index], new ulong[WordsPerChunk]);
        chunks[index]![(place >> 6) & (WordsPerChunk - 1)] |= 1UL << place;
    }

    /// <summary>Adds the places to a set, as far as it has room.</summary>
    public void AddTo(PlaceSet set)
    {
        var chunks = _chunks;
        for (var i = 0; i < chunks.Length && i * WordsPerChunk < set.Words.Length; i++)
        {
            if (Volatile.Read(ref chunks[i]) is not { } chunk) continue;
            var words = set.Words.AsSpan(i * WordsPerChunk);
            for (var w = 0; w < Math.Min(words.Length, WordsPerChunk); w++) words[w] |= chunk[w];
        }
    }
}
