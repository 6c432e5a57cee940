using EcommerceAI.Search.Understanding;

namespace EcommerceAI.Search.Text;

/// <summary>A term to look up.</summary>
internal readonly record struct QueryTerm(string Term, int DocumentFrequency, double Idf);

/// <summary>What may stand for some words of the query: terms that must all be there.</summary>
/// <param name="Words">The words, as bits of their positions in the list of words.</param>
/// <param name="Terms">Places in the list of terms.</param>
/// <param name="Weight">How surely it means them, above 0 to 1.</param>
internal sealed record TermAlternative(ulong Words, int[] Terms, double Weight);

/// <summary>A query taken apart against what the index holds.</summary>
internal sealed class QueryTerms
{
    /// <summary>As many words as a mask has bits. A query of more is a pasted page; its first 64 different words are read.</summary>
    public const int MaxWords = 64;

    // More than a query of ten words with ten alternatives each has.
    private const int MostTerms = 256;

    // "tea|towels", but not "a|dvent": shorter parts are found in too many words by accident.
    private const int ShortestPart = 3;

    // An alternative that surely is the same word tells how common the word is; a doubtful one does not.
    private const double SameWord = 0.7;

    private readonly TextSnapshot _snapshot;
    private readonly TextAnalyzer _analyzer;
    private readonly List<string> _words = [];
    private readonly List<double> _weights = [];
    private readonly List<QueryTerm> _terms = [];
    private readonly List<TermAlternative> _alternatives = [];
    private readonly List<(string Code, ulong Words, double Idf)> _codes = [];

    private QueryTerms(TextSnapshot snapshot, TextAnalyzer analyzer) => (_snapshot, _analyzer) = (snapshot, analyzer);

    /// <summary>The different words that are looked for, in their order.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>How much each word counts: its inverse document frequency, or that of what stands for it.</summary>
    public double[] WordWeights { get; private set; } = [];

    /// <summary>The terms that the index has.</summary>
    public IReadOnlyList<QueryTerm> Terms => _terms;

    /// <summary>How terms stand for words.</summary>
    public IReadOnlyList<TermAlternative> Alternatives => _alternatives;

    /// <summary>The codes that the query names and the index has.</summary>
    public IReadOnlyList<(string Code, ulong Words, double Idf)> Codes => _codes;

    /// <summary>Takes a query apart; one without words has no terms.</summary>
    public static QueryTerms Parse(TextQuery query, TextSnapshot snapshot, TextAnalyzer analyzer)
    {
        var parsed = new QueryTerms(snapshot, analyzer);
        if (query.Understood is { } understood) parsed.AddUnderstood(understood, query.WithConcepts);
        else parsed.AddTyped(query.Text);
        parsed.WeighWords();
        parsed.AddCodes(query.Text);
        return parsed;
    }

    private void AddTyped(string query)
    {
        var all = _analyzer.Words(query);
        var telling = all.Where(w => !_analyzer.IsStopWord(w)).ToList();
        // "the who": a query of nothing but stop words means them.
        _words.AddRange((telling.Count > 0 ? telling : all).Distinct().Take(MaxWords));
        _weights.AddRange(_words.Select(_ => 1.0));
        for (var i = 0; i < _words.Count; i++)
            if (!Add([_words[i]], 1UL << i, 1) && BestParts(_words[i]) is { } parts)
                Add(parts, 1UL << i, 1);
        for (var i = 1; i < all.Count && i < MaxWords; i++) AddPair(all[i - 1], all[i]);
    }

    private void AddUnderstood(UnderstoodQuery understood, bool withConcepts)
    {
        foreach (var word in understood.Words.Take(MaxWords))
        {
            _words.Add(word.Text);
            _weights.Add(word.Weight);
        }
        for (var i = 0; i < _words.Count; i++) Add([_words[i]], 1UL << i, 1);
        foreach (var alternative in understood.Alternatives)
            if (alternative.FirstWord >= 0 && alternative.FirstWord + alternative.WordCount <= _words.Count)
                Add(_analyzer.Words(alternative.Text), ((1UL << alternative.WordCount) - 1) << alternative.FirstWord, alternative.Weight);
        if (!withConcepts) return;
        var all = _words.Count == MaxWords ? ulong.MaxValue : (1UL << _words.Count) - 1;
        foreach (var concept in understood.Concepts) Add(_analyzer.Words(concept.Text), all, concept.Weight);
    }

    /// <summary>"teatowels" where the index knows only "tea" and "towels": the parts that it knows best stand for the word.</summary>
    private string[]? BestParts(string word)
    {
        var (best, bestFrequency) = (0, 0);
        for (var cut = ShortestPart; cut <= word.Length - ShortestPart; cut++)
        {
            var left = _snapshot.DocumentFrequency(_analyzer.Stem(word[..cut]));
            if (left <= bestFrequency) continue;
            var frequency = Math.Min(left, _snapshot.DocumentFrequency(_analyzer.Stem(word[cut..])));
            if (frequency > bestFrequency) (best, bestFrequency) = (cut, frequency);
        }
        return best == 0 ? null : [word[..best], word[best..]];
    }

    /// <summary>"door mats" where the index has "doormat": the pair written as one stands for both words.</summary>
    private void AddPair(string left, string right)
    {
        var (first, second) = (_words.IndexOf(left), _words.IndexOf(right));
        if (first >= 0 && second >= 0 && first != second) Add([left + right], (1UL << first) | (1UL << second), 1);
    }

    /// <summary>
    /// A word weighs its idf; one that the index does not have, or seldom and the like of it often, weighs what the like of it does.
    /// </summary>
    private void WeighWords()
    {
        WordWeights = new double[_words.Count];
        var most = Idf(1);
        for (var w = 0; w < WordWeights.Length; w++)
        {
            var own = _alternatives.Where(a => a.Words == 1UL << w).ToList();
            if (own.Count == 0) own = [.. _alternatives.Where(a => (a.Words & (1UL << w)) != 0 && a.Weight >= SameWord)];
            var same = own.Where(a => a.Weight >= SameWord).ToList();
            if (same.Count > 0) WordWeights[w] = same.Min(a => Math.Min(most, a.Terms.Sum(t => _terms[t].Idf)));
            else if (own.Count > 0) WordWeights[w] = own.Max(a => Math.Min(most, a.Terms.Sum(t => _terms[t].Idf)));
            // What nothing stands for was still asked for; but of words that nobody has nothing can be told.
            WordWeights[w] *= _weights[w];
        }
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
            _codes.Add((code, mask, Idf(frequency)));
        }
    }

    private bool Add(IReadOnlyList<string> words, ulong mask, double weight)
    {
        var terms = new int[words.Count];
        for (var i = 0; i < terms.Length; i++)
            if ((terms[i] = Place(_analyzer.Stem(words[i]))) < 0)
                return false;
        if (terms.Length == 0) return false;
        // The same terms for the same or other words ("tea" and "teas"): once, for all of them.
        var same = _alternatives.FindIndex(a => a.Terms.AsSpan().SequenceEqual(terms) && (a.Words == mask || Math.Min(a.Weight, weight) >= 1));
        if (same < 0) _alternatives.Add(new(mask, terms, weight));
        else _alternatives[same] = new(_alternatives[same].Words | mask, terms, Math.Max(weight, _alternatives[same].Weight));
        return true;
    }

    private int Place(string term)
    {
        var known = _terms.FindIndex(t => t.Term == term);
        if (known >= 0 || _terms.Count == MostTerms) return known;
        var frequency = _snapshot.DocumentFrequency(term);
        if (frequency == 0) return -1;
        _terms.Add(new(term, frequency, Idf(frequency)));
        return _terms.Count - 1;
    }

    // The 1 in the logarithm (as Lucene has it) keeps a term that more than half of the documents have from counting against them.
    private double Idf(int frequency) => Math.Log(1 + (_snapshot.Count - frequency + 0.5) / (frequency + 0.5));
}
