using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Understanding;

/// <summary>What a query was understood as; part of the answer, so that nobody has to guess why a hit is there.</summary>
public sealed record UnderstoodQuery
{
    /// <summary>The words that are looked for, lower-cased and without diacritics, in their order, each once.</summary>
    public required IReadOnlyList<UnderstoodWord> Words { get; init; }

    /// <summary>What may stand for some of the words: other spellings, compounds, synonyms.</summary>
    public IReadOnlyList<Alternative> Alternatives { get; init; } = [];

    /// <summary>
    /// Things of the catalogue whose dictionary definition the words paraphrase, best first; looked for only where the words
    /// themselves do not find what has them.
    /// </summary>
    public IReadOnlyList<Concept> Concepts => Paraphrased?.Value ?? [];

    /// <summary>How these are found: it costs more than all else, and few queries need it.</summary>
    internal Lazy<IReadOnlyList<Concept>>? Paraphrased { get; init; }

    /// <summary>Words that a hit must not have ("not christmas"), and what else they are written as.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>The words with those that no document has put right, where another spelling is in the documents.</summary>
    public string CorrectedText => Written(AlternativeOrigin.Abbreviation);

    /// <summary>The words with those that no document has replaced by the surest that means the same, in whatever way.</summary>
    public string MeantText => Written(AlternativeOrigin.Broader);

    private string Written(AlternativeOrigin last) => string.Join(' ', Words.Select((word, index) => Best(index, last)?.Text ?? word.Text).Distinct());

    private Alternative? Best(int word, AlternativeOrigin last) => Words[word].IsKnown
        ? null
        : Alternatives.Where(a => a.FirstWord == word && a.WordCount == 1 && a.Origin <= last)
            .OrderByDescending(a => a.Weight).Select(a => (Alternative?)a).FirstOrDefault();
}

/// <summary>A word of a query.</summary>
/// <param name="Text">The word.</param>
/// <param name="Weight">How much it counts, 0 to 1: less where the language uses it only to lead over ("a gift for ...").</param>
/// <param name="IsKnown">Whether any document had it when the documents were last learned from.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct UnderstoodWord(string Text, double Weight = 1, bool IsKnown = true);

/// <summary>What may stand for a run of the query's words.</summary>
/// <param name="FirstWord">The first word that it stands for, from 0.</param>
/// <param name="WordCount">How many words it stands for.</param>
/// <param name="Text">One or more words, all of which a document must have.</param>
/// <param name="Weight">How surely it means the same, above 0 to 1.</param>
/// <param name="Origin">Where it comes from.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Alternative(int FirstWord, int WordCount, string Text, double Weight, AlternativeOrigin Origin);

/// <summary>Something whose definition a query paraphrases.</summary>
/// <param name="Text">Its name, one or more words, all of which a document must have.</param>
/// <param name="Weight">The share of the query's meaning that its definition covers, above 0 to 1.</param>
/// <param name="Definition">The definition.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Concept(string Text, double Weight, string Definition);

/// <summary>Where an alternative comes from; the first ones are the same word written otherwise.</summary>
public enum AlternativeOrigin
{
    /// <summary>Two words written as one, or one as two.</summary>
    Compound,

    /// <summary>An irregular form of the same word.</summary>
    Form,

    /// <summary>A word spelt alike, taken for a typing error.</summary>
    Spelling,

    /// <summary>A word that sounds the same.</summary>
    Sound,

    /// <summary>The beginning of a word, or a word with letters left out.</summary>
    Abbreviation,

    /// <summary>A word of the same meaning.</summary>
    Synonym,

    /// <summary>A kind of what the word names.</summary>
    Narrower,

    /// <summary>What the word names a kind of.</summary>
    Broader,
}
