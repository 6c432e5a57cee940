using System.Numerics;
using System.Runtime.InteropServices;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>The words of the documents: how many documents have each, and which stand next to each other.</summary>
internal sealed class Lexicon
{
    private readonly TextAnalyzer _analyzer;
    private readonly Dictionary<string, int> _stems = [];
    private readonly Dictionary<(string, string), int> _pairs = [];
    private readonly Entry[] _words;

    private Lexicon(IEnumerable<string> texts, TextAnalyzer analyzer)
    {
        _analyzer = analyzer;
        var words = new Dictionary<string, int>();
        foreach (var text in texts)
        {
            Texts++;
            var all = analyzer.Words(text);
            foreach (var word in all.Distinct()) Count(words, word);
            foreach (var stem in all.Select(analyzer.Stem).Distinct()) Count(_stems, stem);
            for (var i = 1; i < all.Count; i++) Count(_pairs, (analyzer.Stem(all[i - 1]), analyzer.Stem(all[i])));
        }
        _words = [.. words.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => new Entry(w.Key, w.Value, Letters(w.Key), EnglishSound.Of(w.Key)))];
    }

    /// <summary>How many texts it was learned from.</summary>
    public int Texts { get; }

    /// <summary>The words by ordinal, with the number of texts that have them.</summary>
    public ReadOnlySpan<Entry> Entries => _words;

    /// <summary>Counts the words of the texts. Their order makes no difference.</summary>
    public static Lexicon Learn(IEnumerable<string> texts, TextAnalyzer analyzer) => new(texts, analyzer);

    /// <summary>How many texts have a word, in any form.</summary>
    public int Frequency(string word) => _stems.GetValueOrDefault(_analyzer.Stem(word));

    /// <summary>How many texts have two words next to each other, in this order and any form.</summary>
    public int PairFrequency(string left, string right) => _pairs.GetValueOrDefault((_analyzer.Stem(left), _analyzer.Stem(right)));

    /// <summary>How many texts have all of these words as they follow each other here, at most; 0 where they never do.</summary>
    public int PhraseFrequency(IReadOnlyList<string> words)
    {
        if (words.Count == 0) return 0;
        var least = Frequency(words[0]);
        for (var i = 1; i < words.Count; i++) least = Math.Min(least, PairFrequency(words[i - 1], words[i]));
        return least;
    }

    /// <summary>A bit for each letter that a word has: words within k edits of each other differ in at most 2k bits.</summary>
    public static uint Letters(string word)
    {
        var letters = 0u;
        foreach (var letter in word) letters |= 1u << (letter % 32);
        return letters;
    }

    private static void Count<T>(Dictionary<T, int> counts, T key) where T : notnull =>
        CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;

    /// <summary>A word.</summary>
    internal readonly record struct Entry(string Word, int Frequency, uint LetterBits, string Sound)
    {
        /// <summary>Whether a word with these letters may be within so many edits of this one.</summary>
        public bool MayBeWithin(int edits, int length, uint letters) =>
            Math.Abs(length - Word.Length) <= edits && BitOperations.PopCount(letters ^ LetterBits) <= 2 * edits;
    }
}
