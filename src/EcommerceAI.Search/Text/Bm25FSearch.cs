namespace EcommerceAI.Search.Text;

/// <summary>
/// One search over one snapshot, document at a time, by BM25F: the counts of a term in the fields are first summed, each by the
/// field's weight over its length, and then saturated once (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework:
/// BM25 and Beyond", Foundations and Trends in Information Retrieval 3(4), 2009, section 3.6):
/// <code>
/// tf(t,d)    = sum over fields f of  weight(f) * count(t,d,f) / ((1 - b(f)) + b(f) * length(d,f) / averageLength(f))
/// score(q,d) = sum over words w of   ln(1 + (N - n(w) + 0.5) / (n(w) + 0.5)) * tf(w,d) / (k1 + tf(w,d))
/// </code>
/// Where several terms may stand for a word, the best of them counts, by how surely it means the word; what takes two terms takes
/// both, and has the mean of their saturated frequencies. The sum is then multiplied with the share of the query, weighed by idf,
/// that the document matches: of several words the asker means all, and a rare word alone must not outdo two that together say
/// what is sought.
/// </summary>
internal sealed class Bm25FSearch
{
    private const int CancellationStride = 4096;

    private readonly TextSnapshot _snapshot;
    private readonly TextIndexOptions _options;
    private readonly QueryTerms _query;
    private readonly CancellationToken _cancellation;
    private readonly double[] _averageLengths;
    private readonly double[] _wordWeights;
    private readonly double _wholeWeight;
    private readonly double[] _saturated;
    private readonly double[] _bestOfWord;
    private readonly double[] _coverOfWord;
    private readonly Dictionary<ulong, IReadOnlyList<string>> _wordLists = [];
    private long _total;

    public Bm25FSearch(TextSnapshot snapshot, TextIndexOptions options, QueryTerms query, CancellationToken cancellation)
    {
        (_snapshot, _options, _query, _cancellation) = (snapshot, options, query, cancellation);
        _averageLengths = [.. snapshot.FieldLengths.Select(l => Math.Max(l, 1) / (double)Math.Max(snapshot.Count, 1))];
        _wordWeights = [.. query.WordWeights];
        foreach (var (_, words, idf) in query.Codes)
            for (var w = 0; w < _wordWeights.Length; w++)
                if ((words & (1UL << w)) != 0)
                    _wordWeights[w] = Math.Max(_wordWeights[w], idf);
        _wholeWeight = _wordWeights.Sum();
        _saturated = new double[query.Terms.Count];
        _bestOfWord = new double[_wordWeights.Length];
        _coverOfWord = new double[_wordWeights.Length];
    }

    public TextMatches Run(int limit)
    {
        if (_query.Terms.Count == 0 && _query.Codes.Count == 0) return TextMatches.None;
        var codes = new TopRanked<Matched>(limit);
        var others = new TopRanked<Matched>(limit);
        foreach (var view in _snapshot.Views) Search(view, codes, others);
        var hits = new List<TextHit>();
        foreach (var hit in codes.Sorted()) hits.Add(new(hit.Id, hit.Score, true, WordsOf(hit.Payload.Words), hit.Payload.Coverage));
        foreach (var hit in others.Sorted())
        {
            if (hits.Count >= limit) break;
            hits.Add(new(hit.Id, hit.Score, false, WordsOf(hit.Payload.Words), hit.Payload.Coverage));
        }
        return new(_total, hits);
    }

    private void Search(SegmentView view, TopRanked<Matched> codes, TopRanked<Matched> others)
    {
        var (terms, named) = (OpenTerms(view.Segment), OpenCodes(view.Segment));
        var seen = 0;
        while (Math.Min(FirstPlace(terms), FirstPlace(named)) is < int.MaxValue and var place)
        {
            if (++seen % CancellationStride == 0) _cancellation.ThrowIfCancellationRequested();
            Saturate(view.Segment, terms, place);
            var (codeScore, codeWords, isCode) = TakeCodes(named, place);
            if (view.IsDeleted(place)) continue;
            var (score, words) = ScoreWords();
            if (!isCode && words == 0) continue;
            var coverage = Coverage(words, codeWords);
            _total++;
            (isCode ? codes : others).Add(
                view.Segment.Documents[place].Id, (score + codeScore) * coverage, new(words | codeWords, coverage));
        }
    }

    private static int FirstPlace(Cursor[] cursors)
    {
        var first = int.MaxValue;
        foreach (ref readonly var cursor in cursors.AsSpan()) first = Math.Min(first, cursor.Place);
        return first;
    }

    private Cursor[] OpenTerms(Segment segment)
    {
        var cursors = new List<Cursor>(_query.Terms.Count);
        for (var i = 0; i < _query.Terms.Count; i++)
            if (segment.Find(_query.Terms[i].Term) is { } postings)
                cursors.Add(new(postings, i));
        return [.. cursors];
    }

    private Cursor[] OpenCodes(Segment segment)
    {
        var cursors = new List<Cursor>(_query.Codes.Count);
        for (var i = 0; i < _query.Codes.Count; i++)
            if (segment.FindCode(_query.Codes[i].Code) is { } postings)
                cursors.Add(new(postings, i));
        return [.. cursors];
    }

    // The saturated frequency of each term in the document at a place; moves the cursors that stand there.
    private void Saturate(Segment segment, Cursor[] cursors, int place)
    {
        Array.Clear(_saturated);
        var lengths = segment.Lengths(place);
        for (var i = 0; i < cursors.Length; i++)
        {
            ref var cursor = ref cursors[i];
            if (cursor.Place != place) continue;
            var frequency = WeightedFrequency(cursor.Frequencies(segment.FieldCount), lengths);
            _saturated[cursor.Index] = frequency / (_options.Saturation + frequency);
            cursor.Advance();
        }
    }

    private (double Score, ulong Words, bool IsCode) TakeCodes(Cursor[] cursors, int place)
    {
        var (score, words, isCode) = (0.0, 0UL, false);
        for (var i = 0; i < cursors.Length; i++)
        {
            ref var cursor = ref cursors[i];
            if (cursor.Place != place) continue;
            var code = _query.Codes[cursor.Index];
            (score, words, isCode) = (score + code.Idf, words | code.Words, true);
            cursor.Advance();
        }
        return (score, words, isCode);
    }

    private (double Score, ulong Words) ScoreWords()
    {
        Array.Clear(_bestOfWord);
        Array.Clear(_coverOfWord);
        var matched = 0UL;
        foreach (var alternative in _query.Alternatives)
        {
            if (Mean(alternative.Terms) is not (> 0 and var frequency)) continue;
            matched |= alternative.Words;
            for (var left = alternative.Words; left != 0; left &= left - 1)
            {
                var word = System.Numerics.BitOperations.TrailingZeroCount(left);
                _bestOfWord[word] = Math.Max(_bestOfWord[word], alternative.Weight * frequency);
                _coverOfWord[word] = Math.Max(_coverOfWord[word], alternative.Weight);
            }
        }
        var score = 0.0;
        for (var word = 0; word < _bestOfWord.Length; word++) score += _wordWeights[word] * _bestOfWord[word];
        return (score, matched);
    }

    // Nought unless all terms are there.
    private double Mean(int[] terms)
    {
        var sum = 0.0;
        foreach (var term in terms)
        {
            if (_saturated[term] == 0) return 0;
            sum += _saturated[term];
        }
        return sum / terms.Length;
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

    // The share of the query's weight that is matched.
    private double Coverage(ulong words, ulong codeWords)
    {
        var matched = 0.0;
        for (var word = 0; word < _wordWeights.Length; word++)
            if ((codeWords & (1UL << word)) != 0) matched += _wordWeights[word];
            else if ((words & (1UL << word)) != 0) matched += _wordWeights[word] * _coverOfWord[word];
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

    private readonly record struct Matched(ulong Words, double Coverage);

    private struct Cursor(PostingsList postings, int index)
    {
        private int _at;

        public readonly int Index => index;

        public readonly int Place => _at < postings.Places.Length ? postings.Places[_at] : int.MaxValue;

        public readonly ReadOnlySpan<byte> Frequencies(int fields) => postings.Frequencies(_at, fields);

        public void Advance() => _at++;
    }
}
