namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// Positions sorted into numbered buckets by counting: two passes, two arrays and no list for each of tens of thousands of buckets.
/// </summary>
internal sealed class Buckets
{
    private readonly int[] _starts;
    private readonly int[] _positions;

    private Buckets(int[] starts, int[] positions)
    {
        _starts = starts;
        _positions = positions;
    }

    /// <summary>The positions in bucket <paramref name="number"/>, in the order they were given.</summary>
    public ArraySegment<int> this[int number] => new(_positions, _starts[number], _starts[number + 1] - _starts[number]);

    /// <summary>Sorts positions into buckets, those of a bucket in the order they are given.</summary>
    /// <param name="given">The positions.</param>
    /// <param name="bucketOf">The bucket of each position, by position; -1 leaves it out.</param>
    /// <param name="count">How many buckets there are.</param>
    public static Buckets Of(IEnumerable<int> given, int[] bucketOf, int count)
    {
        var starts = new int[count + 1];
        // What is left out is counted where every count starts from, and forgotten.
        foreach (var bucket in bucketOf) starts[bucket < 0 ? 0 : bucket + 1]++;
        starts[0] = 0;
        for (var i = 0; i < count; i++) starts[i + 1] += starts[i];
        var positions = new int[starts[count]];
        var next = starts.AsSpan(0, count).ToArray();
        foreach (var position in given)
        {
            var bucket = bucketOf[position];
            if (bucket >= 0) positions[next[bucket]++] = position;
        }
        return new Buckets(starts, positions);
    }
}
