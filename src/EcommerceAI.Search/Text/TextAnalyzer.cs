namespace EcommerceAI.Search.Text;

/// <summary>
/// Makes words and stems of text in one language. Documents and queries go through the same analyzer, else they would not meet.
/// </summary>
public sealed class TextAnalyzer
{
    private readonly Func<string, List<string>> _split;
    private readonly Func<string, string> _stem;
    private readonly Func<string, bool> _isStopWord;

    private TextAnalyzer(Func<string, List<string>> split, Func<string, string> stem, Func<string, bool> isStopWord) =>
        (_split, _stem, _isStopWord) = (split, stem, isStopWord);

    /// <summary>English: words by Unicode, Porter2 stems, and the function words as stop words.</summary>
    public static TextAnalyzer English { get; } = new(UnicodeWords.Split, EnglishStemmer.Stem, EnglishStopWords.All.Contains);

    /// <summary>The words of a text in their order, lower-cased and without diacritics.</summary>
    public IReadOnlyList<string> Words(string text) => _split(text);

    /// <summary>The stem under which a word that <see cref="Words"/> gave is indexed.</summary>
    public string Stem(string word) => _stem(word);

    /// <summary>Whether the word says nothing by itself. Such words are indexed, and left out of a query that has others.</summary>
    public bool IsStopWord(string word) => _isStopWord(word);
}
