using System.Runtime.InteropServices;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>
/// Finds the things of the catalogue whose definition a query paraphrases ("it holds hair in place" is what a dictionary says of a hair
/// slide). Only senses are in it for which the documents have a word.
/// </summary>
internal sealed class ReverseDictionary
{
    private const int MostConcepts = 6;
    private const int SensesRead = 10;
    private const double SynonymShare = 0.8;
    private const double BroaderShare = 0.6;
    private const double SenseDiscount = 0.9;

    // BM25's parameters: a definition is short, and a word in it once or twice is the same.
    private const double Saturation = 0.4;
    private const double LengthNormalisation = 0.4;

    private readonly WordNet _words;
    private readonly TextAnalyzer _analyzer;
    private readonly List<Definition> _definitions = [];
    private readonly Dictionary<string, List<(int Definition, double Share)>> _postings = [];
    private readonly double _averageLength;

    public ReverseDictionary(WordNet words, Lexicon lexicon, TextAnalyzer analyzer)
    {
        (_words, _analyzer) = (words, analyzer);
        foreach (var synset in words.Synsets.Where(s => s.IsNoun)) Add(synset, lexicon);
        _averageLength = _definitions.Count == 0 ? 1 : _definitions.Average(d => d.Length);
    }

    /// <summary>The concepts that cover at least this share of the words' meaning, best first.</summary>
    public IReadOnlyList<Concept> Find(IReadOnlyList<UnderstoodWord> words, double leastShare)
    {
        var scores = new Dictionary<int, double>();
        var whole = 0.0;
        foreach (var word in words)
        {
            var expanded = Expand(word.Text);
            // A word that no definition has still is a part of what was asked.
            var idf = word.Weight * Idf(expanded.Keys.Select(t => _postings.GetValueOrDefault(t)?.Count ?? 0).FirstOrDefault(c => c > 0, 1));
            whole += idf;
            var best = new Dictionary<int, double>();
            foreach (var (term, share) in expanded)
                foreach (var (definition, inDefinition) in _postings.GetValueOrDefault(term, []))
                {
                    ref var score = ref CollectionsMarshal.GetValueRefOrAddDefault(best, definition, out _);
                    score = Math.Max(score, share * inDefinition);
                }
            foreach (var (definition, share) in best) CollectionsMarshal.GetValueRefOrAddDefault(scores, definition, out _) += idf * share;
        }
        if (whole <= 0) return [];
        var ranked = scores.Select(s => (Found: _definitions[s.Key], Share: s.Value / whole * Normaliser(_definitions[s.Key])))
            .OrderByDescending(s => s.Share).ThenBy(s => s.Found.Text, StringComparer.Ordinal).Take(4 * MostConcepts).ToList();
        return [.. ranked.Where(s => s.Share >= Math.Max(leastShare, 0.6 * ranked[0].Share)).SelectMany(s => s.Found.Names, (s, name) => new Concept(name, Math.Min(1, s.Share), s.Found.Text))
            .DistinctBy(c => c.Text).Take(MostConcepts)];
    }

    private double Normaliser(Definition definition)
    {
        var length = 1 - LengthNormalisation + LengthNormalisation * definition.Length / _averageLength;
        return definition.Share * (1 + Saturation) / (1 + Saturation * length);
    }

    private double Idf(int count) => Math.Log(1 + (_definitions.Count - count + 0.5) / (count + 0.5));

    /// <summary>The stems by which a word of the query may stand in a definition: its own, its synonyms', its genus's.</summary>
    private Dictionary<string, double> Expand(string word)
    {
        var expanded = new Dictionary<string, double> { [_analyzer.Stem(word)] = 1 };
        foreach (var form in _words.IrregularForms(word)) expanded.TryAdd(_analyzer.Stem(form), 1);
        var discount = 1.0;
        foreach (var sense in _words.SensesOf(word).Take(SensesRead))
        {
            AddLemmas(expanded, sense, SynonymShare * discount);
            foreach (var broader in _words.Follow(sense.Broader))
            {
                AddLemmas(expanded, broader, BroaderShare * discount);
                foreach (var broadest in _words.Follow(broader.Broader)) AddLemmas(expanded, broadest, BroaderShare * BroaderShare * discount);
            }
            discount *= SenseDiscount;
        }
        return expanded;
    }

    private void AddLemmas(Dictionary<string, double> expanded, WordNet.Synset synset, double share)
    {
        foreach (var lemma in synset.Lemmas.Where(l => !l.Contains(' ', StringComparison.Ordinal))) expanded.TryAdd(_analyzer.Stem(lemma), share);
    }

    private void Add(WordNet.Synset synset, Lexicon lexicon)
    {
        var names = new List<string>();
        var share = 0.0;
        foreach (var lemma in synset.Lemmas)
        {
            var words = _analyzer.Words(lemma);
            if (words.Any(w => w.Length < 2) || lexicon.PhraseFrequency(words) == 0) continue;
            names.Add(string.Join(' ', words));
            // A word in a sense that it seldom has is seldom meant in it.
            var rank = _words.SensesOf(lemma).TakeWhile(s => s.Id != synset.Id).Count();
            share = Math.Max(share, Math.Pow(SenseDiscount, rank));
        }
        if (names.Count == 0) return;
        var text = DefinitionOf(synset.Gloss);
        var stems = Telling(text).ToList();
        var genus = synset.Broader.Count == 0 ? [] : _words.Follow(synset.Broader).SelectMany(b => b.Lemmas.SelectMany(Telling)).Distinct();
        var place = _definitions.Count;
        _definitions.Add(new(names, text, stems.Count, share));
        var known = stems.Distinct().ToHashSet();
        foreach (var stem in known) Post(stem, place, 1);
        foreach (var stem in synset.Lemmas.SelectMany(Telling).Distinct().Where(known.Add)) Post(stem, place, 1);
        foreach (var stem in genus.Where(known.Add)) Post(stem, place, BroaderShare);
    }

    private void Post(string stem, int place, double share) =>
        (CollectionsMarshal.GetValueRefOrAddDefault(_postings, stem, out _) ??= []).Add((place, share));

    private IEnumerable<string> Telling(string text) => _analyzer.Words(text).Where(w => !_analyzer.IsStopWord(w)).Select(_analyzer.Stem);

    // Examples of use follow in quotes; they tell what is said with the word, not what it means.
    private static string DefinitionOf(string gloss)
    {
        var quote = gloss.IndexOf('"', StringComparison.Ordinal);
        return (quote >= 0 ? gloss[..quote] : gloss).Trim(' ', ';');
    }

    private sealed record Definition(List<string> Names, string Text, int Length, double Share);
}
