namespace EcommerceAI.Search.Text;

/// <summary>A term to look up, and the words of the query that it stands for, as bits of their positions in the list of words.</summary>
internal readonly record struct QueryTerm(string Term, ulong Words, int DocumentFrequency, bool IsCode = false);

/// <summary>A query taken apart against what the index holds.</summary>
internal sealed class QueryTerms
{
    /// <summary>As many words as a mask has bits. A query of more is a pasted page; its first 64 different words are read.</summary>
    public const int MaxWords = 64;

    // "tea|towels", but not "a|dvent": shorter parts are found in too many words by accident.
    private const int ShortestPart = 3;

    private readonly TextSnapshot _snapshot;
    private readonly TextAnalyzer _analyzer;
    private readonly List<string> _words = [];
    private readonly List<QueryTerm> _terms = [];

    private QueryTerms(TextSnapshot snapshot, TextAnalyzer analyzer) => (_snapshot, _analyzer) = (snapshot, analyzer);

    /// <summary>The different words that are looked for, in their order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>The terms that the index has.</summary>
    public IReadOnlyList<QueryTerm> Terms => _terms;

    /// <summary>Takes a query apart; one without words has no terms.</summary>
    public static QueryTerms Parse(string query, TextSnapshot snapshot, TextAnalyzer analyzer)
    {
        var parsed = new QueryTerms(snapshot, analyzer);
        var all = analyzer.Words(query);
        var telling = all.Where(w => !analyzer.IsStopWord(w)).ToList();
        // "the who": a query of nothing but stop words means them.
        parsed._words.AddRange((telling.Count > 0 ? telling : all).Distinct().Take(MaxWords));
        for (var i = 0; i < parsed._words.Count; i++) parsed.AddWord(i);
        for (var i = 1; i < all.Count && i < MaxWords; i++) parsed.AddPair(all[i - 1], all[i]);
        parsed.AddCodes(query);
        return parsed;
    }

    private void AddWord(int index)
    {
        if (!Add(_analyzer.Stem(_words[index]), 1UL << index)) AddParts(_words[index], 1UL << index);
    }

    /// <summary>"teatowels" where the index knows only "tea" and "towels": the parts that it knows best stand for the word.</summary>
    private void AddParts(string word, ulong mask)
    {
        var (best, bestFrequency) = (0, 0);
        for (var cut = ShortestPart; cut <= word.Length - ShortestPart; cut++)
        {
            var left = _snapshot.DocumentFrequency(_analyzer.Stem(word[..cut]));
            if (left <= bestFrequency) continue;
            var frequency = Math.Min(left, _snapshot.DocumentFrequency(_analyzer.Stem(word[cut..])));
            if (frequency > bestFrequency) (best, bestFrequency) = (cut, frequency);
        }
        if (best == 0) return;
        Add(_analyzer.Stem(word[..best]), mask);
        Add(_analyzer.Stem(word[best..]), mask);
    }

    /// <summary>"door mats" where the index has "doormat": the pair written as one stands for both words.</summary>
    private void AddPair(string left, string right)
    {
        var (first, second) = (_words.IndexOf(left), _words.IndexOf(right));
        if (first < 0 || second < 0 || first == second) return;
        Add(_analyzer.Stem(left + right), (1UL << first) | (1UL << second));
    }

    private void AddCodes(string query)
    {
        var chunks = query.Split((char[]?)null, MaxWords + 1, StringSplitOptions.RemoveEmptyEntries).Take(MaxWords);
        foreach (var code in chunks.Append(query).Select(UnicodeWords.FoldCode).Where(c => c.Length > 0).Distinct())
        {
            var frequency = 0;
            foreach (var view in _snapshot.Views)
                if (view.Segment.FindCode(code) is { } postings)
                    frequency += view.CountLive(postings);
            if (frequency == 0) continue;
            var mask = 0UL;
            for (var i = 0; i < _words.Count; i++)
                if (code.Contains(_words[i], StringComparison.Ordinal))
                    mask |= 1UL << i;
            _terms.Add(new(code, mask, frequency, IsCode: true));
        }
    }

    private bool Add(string term, ulong mask)
    {
        for (var i = 0; i < _terms.Count; i++)
        {
            if (_terms[i].Term != term) continue;
            _terms[i] = _terms[i] with { Words = _terms[i].Words | mask };
            return true;
        }
        var frequency = _snapshot.DocumentFrequency(term);
        if (frequency > 0) _terms.Add(new(term, mask, frequency));
        return frequency > 0;
    }
}
