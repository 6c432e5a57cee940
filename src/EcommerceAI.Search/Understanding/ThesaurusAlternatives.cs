using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>Words of the same or a narrower meaning that the documents have.</summary>
internal sealed class ThesaurusAlternatives(WordNet thesaurus, Lexicon lexicon, TextAnalyzer analyzer)
{
    private const int SensesRead = 3;
    private const int MostAlternatives = 12;
    private const double SameForm = 0.95;
    private const double Synonym = 0.8;
    private const double Narrower = 0.6;
    private const double Broader = 0.35;
    private const double SenseDiscount = 0.7;

    /// <summary>Whether the dictionary has the word.</summary>
    public bool Knows(string word) => thesaurus.SensesOf(word).Any();

    /// <summary>What may stand for a word or phrase.</summary>
    public IEnumerable<Alternative> OfPhrase(string[] words, int index)
    {
        var found = new List<(string Text, double Weight, AlternativeOrigin Origin)>();
        if (words.Length == 1)
            foreach (var form in Forms(words[0]))
                Add(found, form, SameForm, AlternativeOrigin.Form);
        var discount = 1.0;
        var isKnown = lexicon.PhraseFrequency(words) > 0;
        foreach (var sense in thesaurus.SensesOf(string.Join(' ', words)).Take(SensesRead))
        {
            foreach (var lemma in sense.Lemmas)
            {
                Add(found, lemma, Synonym * discount, AlternativeOrigin.Synonym);
                // Of an English compound the last word says what it is: a clothes peg is a peg.
                if (sense.IsNoun && !isKnown && lemma.LastIndexOf(' ') is > 0 and var end)
                    Add(found, lemma[(end + 1)..], Broader * discount, AlternativeOrigin.Broader);
            }
            if (sense.IsNoun)
                foreach (var lemma in thesaurus.Follow(sense.Narrower).SelectMany(n => n.Lemmas)) Add(found, lemma, Narrower * discount, AlternativeOrigin.Narrower);
            if (sense.IsNoun && !isKnown)
                foreach (var lemma in thesaurus.Follow(sense.Broader).SelectMany(b => b.Lemmas)) Add(found, lemma, Broader * discount, AlternativeOrigin.Broader);
            discount *= SenseDiscount;
        }
        var own = words.Select(analyzer.Stem).ToHashSet();
        return found.Where(f => !own.SetEquals(analyzer.Words(f.Text).Select(analyzer.Stem)))
            .OrderByDescending(f => f.Weight).ThenBy(f => f.Text, StringComparer.Ordinal)
            .DistinctBy(f => f.Text).Take(MostAlternatives)
            .Select(f => new Alternative(index, words.Length, f.Text, f.Weight, f.Origin));
    }

    // "childrens" is neither in a dictionary nor a form of "child" by any rule but the apostrophe's.
    private IEnumerable<string> Forms(string word)
    {
        var bare = word.EndsWith("'s", StringComparison.Ordinal) ? word[..^2] : word.EndsWith('s') ? word[..^1] : word;
        return thesaurus.IrregularForms(word).Concat(bare == word ? [] : thesaurus.IrregularForms(bare));
    }

    private void Add(List<(string Text, double Weight, AlternativeOrigin Origin)> found, string lemma, double weight, AlternativeOrigin origin)
    {
        var words = analyzer.Words(lemma);
        if (words.All(w => w.Length > 1) && lexicon.PhraseFrequency(words) > 0) found.Add((string.Join(' ', words), weight, origin));
    }
}
