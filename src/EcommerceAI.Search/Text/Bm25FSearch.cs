namespace EcommerceAI.Search.Text;

/// <summary>
/// One search over one snapshot, document at a time, by BM25F: the counts of a term in the fields are first summed, each by the
/// field's weight over its length, and then saturated once (S. Robertson, H. Zaragoza, "The Probabilistic Relevance Framework:
/// BM25 and Beyond", Foundations and Trends in Information Retrieval 3(4), 2009, section 3.6):
/// <code>
/// tf(t,d)    = sum over fields f of  weight(f) * count(t,d,f) / ((1 - b(f)) + b(f) * length(d,f) / averageLength(f))
/// score(q,d) = sum over words w of   ln(1 + (N - n(w) + 0.5) / (n(w) + 0.5)) * tf(w,d) / (k1 + tf(w,d))
/// </code>
/// times the share of the query that the document matches (<see cref="QueryScorer"/>).
/// </summary>
/// <remarks>
/// Where only the best are asked for, what cannot be among them is passed over, by MaxScore (H. Turtle, J. Flood, "Query evaluation:
/// strategies and optimizations", Information Processing and Management 31(6), 1995): once enough have been found, documents
/// that have none but the frequent terms need not be looked at, and of the last term that must, whole blocks whose highest frequency is too
/// low are left out (as S. Ding, T. Suel, "Faster top-k document retrieval using block-max indexes", SIGIR 2011). The result is
/// the same to the last bit.
/// </remarks>
internal sealed class Bm25FSearch
{
    private const int CancellationStride = 4096;

    private readonly TextSnapshot _snapshot;
    private readonly TextIndexOptions _options;
    private readonly QueryTerms _query;
    private readonly QueryScorer _scorer;
    private readonly CancellationToken _cancellation;
    private readonly double[] _averageLengths;
    private readonly double[] _saturated;
    private readonly Dictionary<ulong, IReadOnlyList<string>> _wordLists = [];
    private int _seen;

    public Bm25FSearch(TextSnapshot snapshot, TextIndexOptions options, QueryTerms query, CancellationToken cancellation)
    {
        (_snapshot, _options, _query, _scorer, _cancellation) = (snapshot, options, query, new(query), cancellation);
        _averageLengths = [.. snapshot.FieldLengths.Select(l => Math.Max(l, 1) / (double)Math.Max(snapshot.Count, 1))];
        _saturated = new double[query.Terms.Count];
    }

    public TextMatches Run(int limit)
    {
        if (_query.Terms.Count == 0 && _query.Codes.Count == 0) return TextMatches.None;
        var codes = new TopRanked<ScoredWords>(limit);
        var others = new TopRanked<ScoredWords>(limit);
        var total = 0L;
        foreach (var view in _snapshot.Views)
        {
            total += MatchCount.Of(_query, view);
            if (limit > 0) Search(view, codes, others);
        }
        var hits = codes.Sorted().Select(h => Hit(h, isCode: true)).Concat(others.Sorted().Select(h => Hit(h, isCode: false)));
        return new(total, [.. hits.Take(limit)]);
    }

    private void Search(SegmentView view, TopRanked<ScoredWords> codes, TopRanked<ScoredWords> others)
    {
        var weights = new SegmentWeights(view.Segment, _options, _averageLengths);
        var terms = OpenTerms(view.Segment, weights);
        var named = OpenCodes(view.Segment, weights);
        var bounds = BoundsWithout(terms);
        var essential = 0;
        while (true)
        {
            while (essential < terms.Length && bounds[essential + 1] < others.Threshold) essential++;
            // With one term left that a document must have, its blocks can be judged as a whole.
            if (essential == terms.Length - 1 && named.Length == 0) SkipBlocks(terms, others.Threshold);
            var place = Math.Min(FirstPlace(terms.AsSpan(essential)), FirstPlace(named));
            if (place == int.MaxValue) return;
            if (++_seen % CancellationStride == 0) _cancellation.ThrowIfCancellationRequested();
            Saturate(terms, essential, place);
            var (codeScore, codeWords, isCode) = TakeCodes(named, place);
            if (view.IsDeleted(place)) continue;
            var scored = _scorer.Score(_saturated, codeScore, codeWords);
            if (isCode) codes.Add(view.Segment.Documents[place].Id, scored.Score, scored);
            else if (scored.Words != 0 && others.Admits(scored.Score)) others.Add(view.Segment.Documents[place].Id, scored.Score, scored);
        }
    }

    /// <summary>
    /// For each number of the first terms (the most frequent come first), the highest score of a document that has no term but those.
    /// </summary>
    private double[] BoundsWithout(PostingsCursor[] terms)
    {
        var bounds = new double[terms.Length + 1];
        Array.Clear(_saturated);
        for (var i = 0; i < terms.Length; i++)
        {
            _saturated[terms[i].Term] = terms[i].Highest;
            bounds[i + 1] = _scorer.Score(_saturated).Score;
        }
        return bounds;
    }

    private void SkipBlocks(PostingsCursor[] terms, double threshold)
    {
        Array.Clear(_saturated);
        for (var i = 0; i < terms.Length - 1; i++) _saturated[terms[i].Term] = terms[i].Highest;
        var last = terms[^1];
        while (last.Place != int.MaxValue)
        {
            _saturated[last.Term] = last.HighestOfBlock;
            if (_scorer.Score(_saturated).Score >= threshold) return;
            last.AdvanceBlock();
        }
    }

    private static int FirstPlace(ReadOnlySpan<PostingsCursor> cursors)
    {
        var first = int.MaxValue;
        foreach (var cursor in cursors) first = Math.Min(first, cursor.Place);
        return first;
    }

    private PostingsCursor[] OpenTerms(Segment segment, SegmentWeights weights)
    {
        var cursors = new List<PostingsCursor>(_query.Terms.Count);
        for (var i = 0; i < _query.Terms.Count; i++)
            if (segment.Find(_query.Terms[i].Term) is { } postings)
                cursors.Add(new(postings, i, weights));
        return [.. cursors.OrderByDescending(c => c.Count)];
    }

    private PostingsCursor[] OpenCodes(Segment segment, SegmentWeights weights)
    {
        var cursors = new List<PostingsCursor>(_query.Codes.Count);
        for (var i = 0; i < _query.Codes.Count; i++)
            if (segment.FindCode(_query.Codes[i].Code) is { } postings)
                cursors.Add(new(postings, i, weights));
        return [.. cursors];
    }

    // The saturated frequency of each term in the document at a place; moves the cursors that stand there.
    private void Saturate(PostingsCursor[] terms, int essential, int place)
    {
        Array.Clear(_saturated);
        for (var i = 0; i < terms.Length; i++)
        {
            var cursor = terms[i];
            if (i < essential) cursor.AdvanceTo(place);
            if (cursor.Place != place) continue;
            _saturated[cursor.Term] = cursor.Saturated();
            cursor.Advance();
        }
    }

    private (double Score, ulong Words, bool IsCode) TakeCodes(PostingsCursor[] named, int place)
    {
        var (score, words, isCode) = (0.0, 0UL, false);
        foreach (var cursor in named)
        {
            if (cursor.Place != place) continue;
            var code = _query.Codes[cursor.Term];
            (score, words, isCode) = (score + code.Idf, words | code.Words, true);
            cursor.Advance();
        }
        return (score, words, isCode);
    }

    private TextHit Hit(Ranked<ScoredWords> hit, bool isCode) => new(hit.Id, hit.Score, isCode, WordsOf(hit.Payload.Words), hit.Payload.Coverage);

    // The hits of a query share a few sets of words; each set is spelt out once.
    private IReadOnlyList<string> WordsOf(ulong mask)
    {
        if (!_wordLists.TryGetValue(mask, out var words))
            _wordLists[mask] = words = [.. _query.Words.Where((_, i) => (mask & (1UL << i)) != 0)];
        return words;
    }
}
