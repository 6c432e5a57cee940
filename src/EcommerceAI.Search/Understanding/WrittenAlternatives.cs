using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>The same word written otherwise, as far as the documents have it: compounds, typing errors, sound, abbreviations.</summary>
internal sealed class WrittenAlternatives(Lexicon lexicon, TextAnalyzer analyzer)
{
    private const int ShortestPart = 3;
    private const int MostOfAKind = 4;
    private const double OneError = 0.9;
    private const double TwoErrors = 0.7;
    private const double SameSound = 0.85;
    private const double Shortened = 0.7;

    // A word in a title that another one, spelt nearly so, outnumbers by this is an error there too.
    private const int Outnumbered = 10;
    private const int MostErrors = 3;

    /// <summary>What may stand for a word.</summary>
    /// <param name="word">The word.</param>
    /// <param name="index">Its place in the query.</param>
    /// <param name="isEnglish">Whether a dictionary has it: then it is less likely to be an error.</param>
    public IEnumerable<Alternative> OfWord(string word, int index, bool isEnglish)
    {
        foreach (var parts in Parts(word)) yield return new(index, 1, parts, 1, AlternativeOrigin.Compound);
        var frequency = lexicon.Frequency(word);
        if (word.Any(char.IsDigit)) yield break;
        var isSure = frequency > 0;
        foreach (var alternative in Alike(word, index, frequency, isEnglish))
        {
            yield return alternative;
            isSure |= alternative.Weight >= Shortened;
            // A word that is taken for a compound is written apart too: "tealite", "tealight", "tea light".
            foreach (var parts in Parts(alternative.Text)) yield return alternative with { Text = parts, Origin = AlternativeOrigin.Compound };
        }
        if (isSure) yield break;
        foreach (var longer in Abbreviated(word)) yield return new(index, 1, longer, Shortened, AlternativeOrigin.Abbreviation);
    }

    /// <summary>Two words that the documents have as one.</summary>
    public IEnumerable<Alternative> OfPair(string left, string right, int index)
    {
        if (lexicon.Frequency(left + right) > 0) yield return new(index, 2, left + right, 1, AlternativeOrigin.Compound);
    }

    /// <summary>
    /// A compound written apart, or with its first part as an initial ("tealight", "tea light", "t-light"), where the documents have the
    /// parts side by side.
    /// </summary>
    private IEnumerable<string> Parts(string word)
    {
        for (var cut = ShortestPart; cut <= word.Length - ShortestPart; cut++)
        {
            var (left, right) = (word[..cut], word[cut..]);
            if (lexicon.PairFrequency(left, right) > 0) yield return $"{left} {right}";
            var initial = word[..1];
            if (lexicon.Frequency(left) > 0 && lexicon.PairFrequency(initial, right) > 1) yield return $"{initial} {right}";
        }
    }

    private IEnumerable<Alternative> Alike(string word, int index, int frequency, bool isEnglish)
    {
        if (frequency > MostErrors || (frequency > 0 && isEnglish)) return [];
        var edits = EditDistance.Allowed(word.Length);
        if (isEnglish || frequency > 0) edits = Math.Min(edits, 1);
        var (letters, sound) = (Lexicon.Letters(word), EnglishSound.Of(word));
        var found = new List<(Alternative Alternative, int Frequency)>();
        foreach (var entry in lexicon.Entries)
        {
            if (entry.Word == word || entry.Frequency < Outnumbered * frequency || entry.Word.Any(char.IsDigit)) continue;
            var errors = entry.MayBeWithin(edits, word.Length, letters) ? EditDistance.Between(word, entry.Word, edits) : edits + 1;
            // A first letter is seldom wrong.
            var first = entry.Word[0] == word[0] ? 1 : 0.6;
            if (edits > 0 && errors <= edits)
                found.Add((new(index, 1, entry.Word, first * (errors == 1 ? OneError : TwoErrors), AlternativeOrigin.Spelling), entry.Frequency));
            else if (word.Length > 3 && entry.Sound == sound)
                found.Add((new(index, 1, entry.Word, SameSound, AlternativeOrigin.Sound), entry.Frequency));
        }
        // By stem, so that one word in two forms does not take two places.
        return found.OrderByDescending(f => f.Alternative.Weight).ThenByDescending(f => f.Frequency).ThenBy(f => f.Alternative.Text, StringComparer.Ordinal)
            .DistinctBy(f => analyzer.Stem(f.Alternative.Text)).Take(MostOfAKind).Select(f => f.Alternative);
    }

    private IEnumerable<string> Abbreviated(string word) => lexicon.Entries.ToArray()
        .Where(e => word.Length >= 3 && e.Word.Length > word.Length && IsShort(word, e.Word))
        .OrderByDescending(e => e.Frequency).ThenBy(e => e.Word, StringComparer.Ordinal)
        .DistinctBy(e => analyzer.Stem(e.Word)).Take(MostOfAKind).Select(e => e.Word);

    /// <summary>"choc" for "chocolate"; "bday" for "birthday": the beginning, or both ends and in between letters in their order.</summary>
    private static bool IsShort(string word, string longer)
    {
        if (longer.StartsWith(word, StringComparison.Ordinal)) return true;
        if (longer[0] != word[0] || longer[^1] != word[^1] || longer.Length > 3 * word.Length) return false;
        var at = 0;
        foreach (var letter in longer)
            if (at < word.Length && word[at] == letter)
                at++;
        return at == word.Length;
    }
}
