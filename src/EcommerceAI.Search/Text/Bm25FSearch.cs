namespace EcommerceAI.Search.Text;

/// <summary>
/// One search over one snapshot, document at a time, by BM25F: the counts of a term in the fields are first summed, each by the
/// field's weight over its length, and then saturated once (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework:
/// BM25 and Beyond", Foundations and Trends in Information Retrieval 3(4), 2009, section 3.6):
/// <code>
/// tf(t,d)    = sum over fields f of  weight(f) * count(t,d,f) / ((1 - b(f)) + b(f) * length(d,f) / averageLength(f))
/// score(q,d) = sum over terms t of   ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5)) * tf(t,d) / (k1 + tf(t,d))
/// </code>
/// The 1 in the logarithm (as Lucene has it) keeps a term that more than half of the documents have from counting against them.
/// The sum is then multiplied with the share of the query, weighed by idf, that the document matches: of several words the asker
/// means all, and a rare word alone must not outdo two that together say what is sought.
/// </summary>
internal sealed class Bm25FSearch
{
    private const int CancellationStride = 4096;

    private readonly TextSnapshot _snapshot;
    private readonly TextIndexOptions _options;
    private readonly QueryTerms _query;
    private readonly CancellationToken _cancellation;
    private readonly double[] _idf;
    private readonly double[] _averageLengths;
    private readonly double _wholeWeight;
    private readonly double[] _wordWeights;
    private readonly Dictionary<ulong, IReadOnlyList<string>> _wordLists = [];
    private long _total;

    public Bm25FSearch(TextSnapshot snapshot, TextIndexOptions options, QueryTerms query, CancellationToken cancellation)
    {
        (_snapshot, _options, _query, _cancellation) = (snapshot, options, query, cancellation);
        _idf = [.. query.Terms.Select(t => Math.Log(1 + (snapshot.Count - t.DocumentFrequency + 0.5) / (t.DocumentFrequency + 0.5)))];
        _averageLengths = [.. snapshot.FieldLengths.Select(l => Math.Max(l, 1) / (double)Math.Max(snapshot.Count, 1))];
        _wordWeights = new double[query.Words.Count];
        for (var i = 0; i < query.Terms.Count; i++)
            for (var w = 0; w < _wordWeights.Length; w++)
                if ((query.Terms[i].Words & (1UL << w)) != 0)
                    _wordWeights[w] = Math.Max(_wordWeights[w], _idf[i]);
        _wholeWeight = _wordWeights.Sum();
    }

    public TextMatches Run(int limit)
    {
        if (_query.Terms.Count == 0) return TextMatches.None;
        var codes = new TopRanked<ulong>(limit);
        var others = new TopRanked<ulong>(limit);
        foreach (var view in _snapshot.Views) Search(view, codes, others);
        var hits = new List<TextHit>();
        foreach (var hit in codes.Sorted()) hits.Add(new(hit.Id, hit.Score, true, WordsOf(hit.Payload)));
        foreach (var hit in others.Sorted())
        {
            if (hits.Count >= limit) break;
            hits.Add(new(hit.Id, hit.Score, false, WordsOf(hit.Payload)));
        }
        return new(_total, hits);
    }

    private void Search(SegmentView view, TopRanked<ulong> codes, TopRanked<ulong> others)
    {
        var cursors = Open(view.Segment);
        var seen = 0;
        while (FirstPlace(cursors) is < int.MaxValue and var place)
        {
            if (++seen % CancellationStride == 0) _cancellation.ThrowIfCancellationRequested();
            var (score, words, isCode) = Score(view.Segment, cursors, place);
            if (view.IsDeleted(place)) continue;
            _total++;
            (isCode ? codes : others).Add(view.Segment.Documents[place].Id, score, words);
        }
    }

    private static int FirstPlace(Cursor[] cursors)
    {
        var first = int.MaxValue;
        foreach (ref readonly var cursor in cursors.AsSpan()) first = Math.Min(first, cursor.Place);
        return first;
    }

    private Cursor[] Open(Segment segment)
    {
        var cursors = new List<Cursor>(_query.Terms.Count);
        for (var i = 0; i < _query.Terms.Count; i++)
        {
            var term = _query.Terms[i];
            var postings = term.IsCode ? segment.FindCode(term.Term) : segment.Find(term.Term);
            if (postings is not null) cursors.Add(new(postings, term, _idf[i]));
        }
        return [.. cursors];
    }

    // Scores the document at a place and moves the cursors that stand there.
    private (double Score, ulong Words, bool IsCode) Score(Segment segment, Cursor[] cursors, int place)
    {
        var (score, words, isCode) = (0.0, 0UL, false);
        var lengths = segment.Lengths(place);
        for (var i = 0; i < cursors.Length; i++)
        {
            ref var cursor = ref cursors[i];
            if (cursor.Place != place) continue;
            words |= cursor.Term.Words;
            if (cursor.Term.IsCode)
            {
                isCode = true;
                score += cursor.Idf;
            }
            else
            {
                var frequency = WeightedFrequency(cursor.Frequencies(segment.FieldCount), lengths);
                score += cursor.Idf * frequency / (_options.Saturation + frequency);
            }
            cursor.Advance();
        }
        return (score * Coordination(words), words, isCode);
    }

    private double WeightedFrequency(ReadOnlySpan<byte> counts, ReadOnlySpan<int> lengths)
    {
        var sum = 0.0;
        for (var field = 0; field < counts.Length; field++)
        {
            if (counts[field] == 0) continue;
            var (weight, b) = (_options.Fields[field].Weight, _options.Fields[field].LengthNormalisation);
            sum += weight * counts[field] / (1 - b + b * lengths[field] / _averageLengths[field]);
        }
        return sum;
    }

    // The share of the query's weight that these words have.
    private double Coordination(ulong words)
    {
        var matched = 0.0;
        for (var i = 0; i < _wordWeights.Length; i++)
            if ((words & (1UL << i)) != 0)
                matched += _wordWeights[i];
        // A code may stand for no word at all ("the-1" without its stop word); it is a whole match then.
        return matched > 0 ? matched / _wholeWeight : 1;
    }

    // The hits of a query share a few sets of words; each set is spelt out once.
    private IReadOnlyList<string> WordsOf(ulong mask)
    {
        if (!_wordLists.TryGetValue(mask, out var words))
            _wordLists[mask] = words = [.. _query.Words.Where((_, i) => (mask & (1UL << i)) != 0)];
        return words;
    }

    private struct Cursor(PostingsList postings, QueryTerm term, double idf)
    {
        private int _at;

        public readonly QueryTerm Term => term;

        public readonly double Idf => idf;

        public readonly int Place => _at < postings.Places.Length ? postings.Places[_at] : int.MaxValue;

        public readonly ReadOnlySpan<byte> Frequencies(int fields) => postings.Frequencies(_at, fields);

        public void Advance() => _at++;
    }
}
