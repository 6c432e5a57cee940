namespace EcommerceAI.Search.Text;

/// <summary>Walks the documents of a term forwards, one by one or by leaps.</summary>
internal sealed class PostingsCursor(PostingsList postings, int term, SegmentWeights weights)
{
    private int _at;

    /// <summary>The term's place in the query.</summary>
    public int Term => term;

    /// <summary>How many documents have the term.</summary>
    public int Count => postings.Places.Length;

    /// <summary>The place of the document that it stands at; int.MaxValue at the end.</summary>
    public int Place => _at < postings.Places.Length ? postings.Places[_at] : int.MaxValue;

    /// <summary>The highest saturated frequency of the term in any document.</summary>
    public double Highest => weights.Bound(postings.Highest);

    /// <summary>The highest saturated frequency in the block of documents that it stands in.</summary>
    public double HighestOfBlock => weights.Bound(postings.HighestOfBlock(_at));

    /// <summary>The saturated frequency in the document that it stands at.</summary>
    public double Saturated() => weights.Saturated(postings.Frequencies(_at, weights.FieldCount), postings.Places[_at]);

    /// <summary>Goes to the next document.</summary>
    public void Advance() => _at++;

    /// <summary>Goes to the first document of the next block.</summary>
    public void AdvanceBlock() => _at = (_at / PostingsList.BlockSize + 1) * PostingsList.BlockSize;

    /// <summary>Goes to the first document at a place or behind it, by leaps that double and a search between the last two.</summary>
    public void AdvanceTo(int place)
    {
        var places = postings.Places;
        if (_at >= places.Length || places[_at] >= place) return;
        var (leap, low) = (1, _at);
        while (low + leap < places.Length && places[low + leap] < place)
        {
            low += leap;
            leap *= 2;
        }
        var found = Array.BinarySearch(places, low + 1, Math.Min(leap, places.Length - low - 1), place);
        _at = found >= 0 ? found : ~found;
    }
}

/// <summary>How frequencies weigh in the documents of one segment as part of one snapshot (see <see cref="Bm25FSearch"/>).</summary>
internal sealed class SegmentWeights
{
    // Bounds are kept in single precision.
    private const double Rounding = 1 + 1e-5;

    private readonly Segment _segment;
    private readonly TextIndexOptions _options;
    private readonly double[] _averageLengths;
    private readonly double _drift;

    public SegmentWeights(Segment segment, TextIndexOptions options, double[] averageLengths)
    {
        (_segment, _options, _averageLengths) = (segment, options, averageLengths);
        // The bounds were taken with the averages of the segment alone. Where the snapshot's are longer, each document counts as shorter,
        // by no more than that much.
        _drift = Rounding;
        for (var field = 0; field < averageLengths.Length; field++)
            _drift = Math.Max(_drift, Rounding * averageLengths[field] / segment.AverageLengths[field]);
    }

    public int FieldCount => _averageLengths.Length;

    public double Saturated(ReadOnlySpan<byte> counts, int place) => Saturated(Frequency(counts, _segment.Lengths(place), _options, _averageLengths));

    public double Bound(float highestFrequency) => Saturated(highestFrequency * _drift);

    /// <summary>The weighted frequency: the counts of the fields, each by the field's weight over its normalised length.</summary>
    public static double Frequency(ReadOnlySpan<byte> counts, ReadOnlySpan<int> lengths, TextIndexOptions options, double[] averageLengths)
    {
        var sum = 0.0;
        for (var field = 0; field < counts.Length; field++)
        {
            if (counts[field] == 0) continue;
            var (weight, b) = (options.Fields[field].Weight, options.Fields[field].LengthNormalisation);
            sum += weight * counts[field] / (1 - b + b * lengths[field] / averageLengths[field]);
        }
        return sum;
    }

    private double Saturated(double frequency) => frequency / (_options.Saturation + frequency);
}
