using System.Globalization;
using System.Text;

namespace EcommerceAI.Search.Text;

/// <summary>Splits text into runs of Unicode letters and digits, lower-cased and without diacritics.</summary>
internal static class UnicodeWords
{
    // What stands further back is not read: a document is a page, not a library.
    private const int LongestText = 1_000_000;
    private const int LongestWord = 64;

    /// <summary>
    /// The words of a text in their order. An apostrophe between letters belongs to its word ("poppy's"); Chinese and Japanese
    /// characters, which stand without spaces, come as overlapping pairs; a word of more than 64 characters is cut to them.
    /// </summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var folded = Fold(text.Length > LongestText ? text[..LongestText] : text);
        var i = 0;
        while (i < folded.Length)
        {
            var letter = folded[i];
            if (IsUnspaced(letter))
            {
                Finish(word, words);
                i = TakePairs(folded, i, words);
                continue;
            }
            if (IsWordCharacter(folded, i) || (letter == '\'' && word.Length > 0 && i + 1 < folded.Length && char.IsLetter(folded[i + 1])))
            {
                word.Append(letter);
            }
            else
            {
                Finish(word, words);
            }
            i++;
        }
        Finish(word, words);
        return words;
    }

    /// <summary>
    /// A code as it is compared: folded like a word, with letters and digits only ("ab-12 c" is "ab12c"). Empty where none is left.
    /// </summary>
    public static string FoldCode(string code)
    {
        var folded = Fold(code.Length > LongestWord ? code[..LongestWord] : code);
        return string.Concat(folded.Where((_, i) => IsWordCharacter(folded, i)));
    }

    private static void Finish(StringBuilder word, List<string> words)
    {
        if (word.Length == 0) return;
        var length = Math.Min(word.Length, LongestWord);
        if (length < word.Length && char.IsHighSurrogate(word[length - 1])) length--;
        words.Add(word.ToString(0, length));
        word.Clear();
    }

    private static int TakePairs(string text, int start, List<string> words)
    {
        var end = start + 1;
        while (end < text.Length && IsUnspaced(text[end])) end++;
        if (end == start + 1) words.Add(text[start..end]);
        for (var i = start; i + 2 <= end; i++) words.Add(text.Substring(i, 2));
        return end;
    }

    // Han, Hiragana and Katakana of the basic plane.
    private static bool IsUnspaced(char letter) =>
        letter is >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u4dbf' or >= '\u4e00' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';

    private static bool IsWordCharacter(string text, int index)
    {
        var letter = text[index];
        if (char.IsAscii(letter)) return char.IsAsciiLetterOrDigit(letter);
        // Both halves of a pair belong to what the pair is; Fold has left no half alone.
        var at = char.IsLowSurrogate(letter) ? index - 1 : index;
        return CharUnicodeInfo.GetUnicodeCategory(text, at) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber => true,
            _ => false,
        };
    }

    private static string Fold(string text) => Ascii.IsValid(text) ? text.ToLowerInvariant() : FoldUnicode(text);

    /// <summary>
    /// Takes text apart (NFKD), drops the combining marks of the Latin, Greek and Cyrillic scripts, spells out the letters that
    /// do not come apart, and puts the rest together again. Marks of other scripts are vowels there, and stay.
    /// </summary>
    private static string FoldUnicode(string text)
    {
        var kept = new StringBuilder(text.Length);
        // Normalize throws on lone surrogates, which the runes replace, and on the byte order mark turned round.
        foreach (var rune in text.EnumerateRunes()) kept.Append(rune.Value == 0xFFFE ? "\uFFFD" : rune.ToString());
        var parts = kept.ToString().Normalize(NormalizationForm.FormKD).ToLowerInvariant();
        kept.Clear();
        foreach (var letter in parts)
        {
            switch (letter)
            {
                case >= '\u0300' and <= '\u036f': break;
                case '\u2019' or '\u02bc' or '\uff07': kept.Append('\''); break;
                case 'ß': kept.Append("ss"); break;
                case 'æ': kept.Append("ae"); break;
                case 'œ': kept.Append("oe"); break;
                case 'ø': kept.Append('o'); break;
                case 'ł': kept.Append('l'); break;
                case 'đ' or 'ð': kept.Append('d'); break;
                case 'þ': kept.Append("th"); break;
                case 'ı': kept.Append('i'); break;
                default: kept.Append(letter); break;
            }
        }
        return kept.ToString().Normalize(NormalizationForm.FormC);
    }
}
