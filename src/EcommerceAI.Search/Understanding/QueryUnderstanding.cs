using System.Collections.Concurrent;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>
/// Understands queries by what the documents teach (their words, compounds and spellings) and, where there is one, by a thesaurus.
/// Learned anew with the vectors; a word that came since is found as it is typed.
/// </summary>
public sealed class QueryUnderstanding
{
    /// <summary>As many words of a query are read.</summary>
    public const int MostWords = 64;

    // Of so many words no more are explained by paraphrase: it is a pasted text, not a wish.
    private const int MostParaphrasedWords = 16;
    private const double LeastParaphrase = 0.3;
    private const int MostKeptWords = 20_000;

    private readonly TextAnalyzer _analyzer;
    private readonly Lexicon _lexicon;
    private readonly WrittenAlternatives _written;
    private readonly ThesaurusAlternatives? _thesaurus;
    private readonly ReverseDictionary? _paraphrases;
    private readonly ConcurrentDictionary<string, IReadOnlyList<Alternative>> _ofWord = new(StringComparer.Ordinal);

    private QueryUnderstanding(TextAnalyzer analyzer, Lexicon lexicon, WordNet? thesaurus)
    {
        (_analyzer, _lexicon) = (analyzer, lexicon);
        _written = new(lexicon, analyzer);
        if (thesaurus is null) return;
        _thesaurus = new(thesaurus, lexicon, analyzer);
        _paraphrases = new(thesaurus, lexicon, analyzer);
    }

    /// <summary>Learns from the texts of all documents.</summary>
    /// <param name="texts">Their texts, in any order.</param>
    /// <param name="analyzer">The same as the text index's.</param>
    /// <param name="thesaurus">A thesaurus, or null.</param>
    public static QueryUnderstanding Learn(IEnumerable<string> texts, TextAnalyzer analyzer, WordNet? thesaurus = null) =>
        new(analyzer, Lexicon.Learn(texts, analyzer), thesaurus);

    /// <summary>Says what a query is understood as; never fails, whatever the text.</summary>
    public UnderstoodQuery Understand(string text)
    {
        var phrases = QueryPhrases.Read(_analyzer.Words(text), _analyzer);
        var words = phrases.Sought.DistinctBy(w => w.Text).Take(MostWords)
            .Select(w => w with { IsKnown = _lexicon.Frequency(w.Text) > 0 }).ToList();
        var alternatives = new List<Alternative>();
        for (var i = 0; i < words.Count; i++) alternatives.AddRange(Alternatives(words[i].Text, i));
        for (var i = 1; i < words.Count; i++)
        {
            alternatives.AddRange(_written.OfPair(words[i - 1].Text, words[i].Text, i - 1));
            if (_thesaurus is not null) alternatives.AddRange(_thesaurus.OfPhrase([words[i - 1].Text, words[i].Text], i - 1));
        }
        return new()
        {
            Words = words,
            Alternatives = alternatives,
            Paraphrased = words.Count is > 0 and <= MostParaphrasedWords && _paraphrases is { } dictionary
                ? new(() => dictionary.Find(words, LeastParaphrase))
                : null,
            Excluded = [.. phrases.Excluded.SelectMany(Written).Distinct()],
        };
    }

    // What may stand for a word is the same in every query until the next training, and some words are in most queries.
    private IEnumerable<Alternative> Alternatives(string word, int index)
    {
        if (!_ofWord.TryGetValue(word, out var found))
        {
            if (_ofWord.Count >= MostKeptWords) _ofWord.Clear();
            _ofWord[word] = found = [.. FindAlternatives(word)];
        }

        return index == 0 ? found : found.Select(alternative => alternative with { FirstWord = index });
    }

    private IEnumerable<Alternative> FindAlternatives(string word)
    {
        var written = _written.OfWord(word, 0, _thesaurus?.Knows(word) == true);
        return _thesaurus is null ? written : written.Concat(_thesaurus.OfPhrase([word], 0));
    }

    // What is not wanted is not wanted in any form or synonym that is the same thing.
    private IEnumerable<string> Written(string word) =>
        Alternatives(word, 0).Where(a => a.Weight >= 0.6 && a.Origin is AlternativeOrigin.Form or AlternativeOrigin.Synonym).Select(a => a.Text).Prepend(word);
}
