using System.Runtime.InteropServices;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// What an embedder sees of a text: its words by their stems, and the character 3- to 5-grams of each word, which let a word that
/// was never seen ("calender") stand near one that was. Each kind weighs a fixed share of the word's inverse document frequency.
/// </summary>
internal sealed class WordFeatures
{
    private const int ShortestGram = 3;
    private const int LongestGram = 5;

    // A gram of one text only ties that text to nothing.
    private const int LeastTextsOfGram = 2;
    private const int MostGrams = 100_000;

    private readonly TextAnalyzer _analyzer;
    private readonly Dictionary<string, (int Column, float Idf)> _stems;
    private readonly Dictionary<string, (int Column, float Idf)> _grams;
    private readonly float _rarest;
    private readonly float _gramShare;

    private WordFeatures(
        TextAnalyzer analyzer, float gramShare, float rarest, Dictionary<string, (int, float)> stems, Dictionary<string, (int, float)> grams)
    {
        (_analyzer, _gramShare, _rarest, _stems, _grams) = (analyzer, gramShare, rarest, stems, grams);
    }

    /// <summary>The number of features, and of the columns of the matrix that is learned from.</summary>
    public int Count => _stems.Count + _grams.Count;

    /// <summary>Counts the features of the texts. The order of the texts makes no difference.</summary>
    public static WordFeatures Learn(IReadOnlyCollection<string> texts, TextAnalyzer analyzer, float gramShare)
    {
        var stems = new Dictionary<string, int>();
        var grams = new Dictionary<string, int>();
        foreach (var text in texts)
        {
            var words = TellingWords(text, analyzer);
            foreach (var stem in words.Select(analyzer.Stem).Distinct()) CollectionsMarshal.GetValueRefOrAddDefault(stems, stem, out _)++;
            foreach (var gram in words.SelectMany(Grams).Distinct()) CollectionsMarshal.GetValueRefOrAddDefault(grams, gram, out _)++;
        }
        var keptGrams = grams.Where(g => g.Value >= LeastTextsOfGram)
            .OrderByDescending(g => g.Value).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostGrams);
        var rarest = Idf(1, texts.Count);
        return new(analyzer, gramShare, rarest, Number(stems, 0, texts.Count), Number(keptGrams, stems.Count, texts.Count));
    }

    /// <summary>The features of a text as a sparse row of length 1; empty where it has none that are known.</summary>
    public Dictionary<int, float> Of(string text)
    {
        var row = new Dictionary<int, float>();
        foreach (var word in TellingWords(text, _analyzer))
        {
            var known = _stems.TryGetValue(_analyzer.Stem(word), out var stem);
            var idf = known ? stem.Idf : _rarest;
            if (known) CollectionsMarshal.GetValueRefOrAddDefault(row, stem.Column, out _) += idf;
            AddGrams(word, idf * _gramShare, row);
        }
        var length = MathF.Sqrt(row.Values.Sum(v => v * v));
        foreach (var column in row.Keys) row[column] /= length;
        return row;
    }

    private void AddGrams(string word, float weight, Dictionary<int, float> row)
    {
        var grams = new List<(int Column, float Idf)>();
        foreach (var gram in Grams(word))
            if (_grams.TryGetValue(gram, out var known))
                grams.Add(known);
        var length = MathF.Sqrt(grams.Sum(g => g.Idf * g.Idf));
        foreach (var (column, idf) in grams) CollectionsMarshal.GetValueRefOrAddDefault(row, column, out _) += weight * idf / length;
    }

    private static List<string> TellingWords(string text, TextAnalyzer analyzer) =>
        [.. analyzer.Words(text).Where(w => !analyzer.IsStopWord(w))];

    /// <summary>The grams of a word between its bounds. A word with a digit is a code or a size, to which nothing alike is near.</summary>
    private static IEnumerable<string> Grams(string word)
    {
        if (word.Any(char.IsDigit)) yield break;
        var bounded = $"<{word}>";
        for (var length = ShortestGram; length <= LongestGram; length++)
            for (var start = 0; start + length <= bounded.Length; start++)
                yield return bounded.Substring(start, length);
    }

    // Ordinal order, so that the same features get the same columns whatever the order of the texts.
    private static Dictionary<string, (int, float)> Number(IEnumerable<KeyValuePair<string, int>> counts, int firstColumn, int texts) =>
        counts.OrderBy(c => c.Key, StringComparer.Ordinal)
            .Select((c, i) => (c.Key, Value: (firstColumn + i, Idf(c.Value, texts))))
            .ToDictionary(c => c.Key, c => c.Value);

    private static float Idf(int count, int texts) => MathF.Log((1f + texts) / count);
}
