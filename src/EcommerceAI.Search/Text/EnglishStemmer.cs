namespace EcommerceAI.Search.Text;

/// <summary>
/// The English (Porter2) stemmer of the Snowball project, written from its published description
/// (M. F. Porter, "The English (Porter2) stemming algorithm", https://snowballstem.org/algorithms/english/stemmer.html).
/// </summary>
internal static class EnglishStemmer
{
    private const int LongestStemmed = 64;

    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["skis"] = "ski",
        ["skies"] = "sky",
        ["dying"] = "die",
        ["lying"] = "lie",
        ["tying"] = "tie",
        ["idly"] = "idl",
        ["gently"] = "gentl",
        ["ugly"] = "ugli",
        ["early"] = "earli",
        ["only"] = "onli",
        ["singly"] = "singl",
        ["sky"] = "sky",
        ["news"] = "news",
        ["howe"] = "howe",
        ["atlas"] = "atlas",
        ["cosmos"] = "cosmos",
        ["bias"] = "bias",
        ["andes"] = "andes",
    };

    private static readonly HashSet<string> FinishedAfterStep1A =
        ["inning", "outing", "canning", "herring", "earring", "proceed", "exceed", "succeed"];

    // Longest first: the description takes the longest suffix that matches, and then only looks whether it is in the region.
    private static readonly (string Suffix, string By)[] Step2 =
    [
        ("ization", "ize"), ("ational", "ate"), ("ousness", "ous"), ("iveness", "ive"), ("fulness", "ful"), ("tional", "tion"),
        ("lessli", "less"), ("biliti", "ble"), ("entli", "ent"), ("ation", "ate"), ("alism", "al"), ("aliti", "al"),
        ("fulli", "ful"), ("ousli", "ous"), ("iviti", "ive"), ("enci", "ence"), ("anci", "ance"), ("abli", "able"),
        ("izer", "ize"), ("ator", "ate"), ("alli", "al"), ("bli", "ble"), ("ogi", "og"), ("li", ""),
    ];

    private static readonly (string Suffix, string By)[] Step3 =
    [
        ("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"), ("ative", ""), ("ical", "ic"),
        ("ness", ""), ("ful", ""),
    ];

    private static readonly string[] Step4 =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er",
        "ic",
    ];

    /// <summary>The stem of a lower-case word; a word with anything but a to z and apostrophes comes back as it is.</summary>
    public static string Stem(string word)
    {
        if (word.Length is <= 2 or > LongestStemmed || !IsPlainEnglish(word)) return word;
        if (Exceptions.TryGetValue(word, out var exception)) return exception;
        var stem = new Word(stackalloc char[LongestStemmed + 2], word);
        stem.RemoveApostrophes();
        stem.MarkConsonantYs();
        stem.FindRegions();
        Step1A(ref stem);
        if (!FinishedAfterStep1A.Contains(stem.ToString()))
        {
            Step1B(ref stem);
            Step1C(ref stem);
            ReplaceLongest(ref stem, Step2);
            ReplaceLongest(ref stem, Step3);
            RemoveStep4(ref stem);
            Step5(ref stem);
        }
        return stem.ToString().ToLowerInvariant();
    }

    private static bool IsPlainEnglish(string word)
    {
        foreach (var letter in word)
            if (letter is not (>= 'a' and <= 'z' or '\''))
                return false;
        return true;
    }

    private static void Step1A(ref Word word)
    {
        if (word.EndsWith("sses"))
        {
            word.Cut(2);
        }
        else if (word.EndsWith("ied") || word.EndsWith("ies"))
        {
            word.Cut(word.Length > 4 ? 2 : 1);
        }
        else if (word.EndsWith("s") && !word.EndsWith("us") && !word.EndsWith("ss") && word.HasVowelBefore(word.Length - 2))
        {
            word.Cut(1);
        }
    }

    private static void Step1B(ref Word word)
    {
        if (word.EndsWith("eed") || word.EndsWith("eedly"))
        {
            var length = word.EndsWith("eed") ? 3 : 5;
            if (word.InR1(length)) word.Replace(length, "ee");
            return;
        }
        var suffix = word.EndsWith("ingly") ? 5 : word.EndsWith("edly") ? 4 : word.EndsWith("ing") ? 3 : word.EndsWith("ed") ? 2 : 0;
        if (suffix == 0 || !word.HasVowelBefore(word.Length - suffix)) return;
        word.Cut(suffix);
        if (word.EndsWith("at") || word.EndsWith("bl") || word.EndsWith("iz")) word.Replace(0, "e");
        else if (word.EndsWithDouble()) word.Cut(1);
        else if (word.IsShort()) word.Replace(0, "e");
    }

    private static void Step1C(ref Word word)
    {
        if (word.Length > 2 && word[word.Length - 1] is 'y' or 'Y' && !Word.IsVowel(word[word.Length - 2]))
            word.Replace(1, "i");
    }

    private static void ReplaceLongest(ref Word word, (string Suffix, string By)[] rules)
    {
        foreach (var (suffix, by) in rules)
        {
            if (!word.EndsWith(suffix)) continue;
            if (word.InR1(suffix.Length) && MayReplace(word, suffix)) word.Replace(suffix.Length, by);
            return;
        }
    }

    private static bool MayReplace(Word word, string suffix) => suffix switch
    {
        "ogi" => word.Length > 3 && word[word.Length - 4] == 'l',
        "li" => word.Length > 2 && word[word.Length - 3] is 'c' or 'd' or 'e' or 'g' or 'h' or 'k' or 'm' or 'n' or 'r' or 't',
        "ative" => word.InR2(suffix.Length),
        _ => true,
    };

    private static void RemoveStep4(ref Word word)
    {
        foreach (var suffix in Step4)
        {
            if (!word.EndsWith(suffix)) continue;
            var allowed = suffix != "ion" || (word.Length > 3 && word[word.Length - 4] is 's' or 't');
            if (allowed && word.InR2(suffix.Length)) word.Cut(suffix.Length);
            return;
        }
    }

    private static void Step5(ref Word word)
    {
        if (word.EndsWith("e"))
        {
            if (word.InR2(1) || (word.InR1(1) && !word.EndsWithShortSyllable(word.Length - 1))) word.Cut(1);
        }
        else if (word.EndsWith("ll") && word.InR2(1))
        {
            word.Cut(1);
        }
    }

    /// <summary>The word under the knife. A consonant y is held as 'Y', as in the description.</summary>
    private ref struct Word
    {
        private readonly Span<char> _letters;
        private int _r1;
        private int _r2;

        public Word(Span<char> buffer, string word)
        {
            _letters = buffer;
            word.CopyTo(buffer);
            Length = word.Length;
        }

        public int Length { get; private set; }

        public readonly char this[int index] => _letters[index];

        public static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

        public readonly bool EndsWith(string suffix) => ((ReadOnlySpan<char>)_letters[..Length]).EndsWith(suffix, StringComparison.Ordinal);

        public readonly bool InR1(int suffixLength) => Length - suffixLength >= _r1;

        public readonly bool InR2(int suffixLength) => Length - suffixLength >= _r2;

        public void Cut(int count) => Length -= count;

        public void Replace(int count, string by)
        {
            Length -= count;
            by.CopyTo(_letters[Length..]);
            Length += by.Length;
        }

        public readonly bool HasVowelBefore(int end)
        {
            for (var i = 0; i < end; i++)
                if (IsVowel(_letters[i]))
                    return true;
            return false;
        }

        public void RemoveApostrophes()
        {
            if (_letters[0] == '\'')
            {
                _letters[1..Length].CopyTo(_letters);
                Length--;
            }
            if (EndsWith("'s'")) Cut(3);
            else if (EndsWith("'s")) Cut(2);
            else if (EndsWith("'")) Cut(1);
        }

        public readonly void MarkConsonantYs()
        {
            for (var i = 0; i < Length; i++)
                if (_letters[i] == 'y' && (i == 0 || IsVowel(_letters[i - 1])))
                    _letters[i] = 'Y';
        }

        public void FindRegions()
        {
            _r1 = ((ReadOnlySpan<char>)_letters[..Length]) switch
            {
                ['g', 'e', 'n', 'e', 'r', ..] or ['a', 'r', 's', 'e', 'n', ..] => 5,
                ['c', 'o', 'm', 'm', 'u', 'n', ..] => 6,
                _ => RegionAfter(0),
            };
            _r2 = RegionAfter(_r1);
        }

        public readonly bool EndsWithDouble() =>
            Length >= 2 && _letters[Length - 1] == _letters[Length - 2]
            && _letters[Length - 1] is 'b' or 'd' or 'f' or 'g' or 'm' or 'n' or 'p' or 'r' or 't';

        public readonly bool IsShort() => _r1 >= Length && EndsWithShortSyllable(Length);

        public readonly bool EndsWithShortSyllable(int end)
        {
            if (end == 2) return IsVowel(_letters[0]) && !IsVowel(_letters[1]);
            return end > 2 && !IsVowel(_letters[end - 3]) && IsVowel(_letters[end - 2])
                && !IsVowel(_letters[end - 1]) && _letters[end - 1] is not ('w' or 'x' or 'Y');
        }

        public override readonly string ToString() => new(_letters[..Length]);

        // The region after the first non-vowel that follows a vowel.
        private readonly int RegionAfter(int start)
        {
            for (var i = start + 1; i < Length; i++)
                if (!IsVowel(_letters[i]) && IsVowel(_letters[i - 1]))
                    return i + 1;
            return Length;
        }
    }
}
