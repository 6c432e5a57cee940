using System.Text;

namespace EcommerceAI.Search.Understanding;

/// <summary>
/// A key that English words share when they are spoken alike though written differently ("lite" and "light", "jewelery" and
/// "jewellery"): letters that stand for the same sound made one, silent ones left out. Vowels stay, unlike in keys of names.
/// </summary>
internal static class EnglishSound
{
    private static readonly (string Written, string Spoken)[] Spellings =
    [
        ("igh", "i"), ("ough", "o"), ("tch", "ch"), ("sch", "sk"), ("ph", "f"), ("wh", "w"), ("wr", "r"), ("kn", "n"), ("gn", "n"),
        ("ck", "k"), ("qu", "kw"), ("x", "ks"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("ch", "ch"), ("c", "k"), ("z", "s"),
        ("our", "or"), ("ou", "u"), ("ey", "i"), ("ie", "i"), ("y", "i"),
    ];

    public static string Of(string word)
    {
        var sound = new StringBuilder(word.Length);
        var at = 0;
        while (at < word.Length)
        {
            var (written, spoken) = At(word, at);
            foreach (var letter in spoken)
                if (sound.Length == 0 || sound[^1] != letter)
                    sound.Append(letter);
            at += written;
        }
        if (sound.Length > 2 && sound[^1] == 'e') sound.Length--;
        return sound.ToString();
    }

    private static (int Written, string Spoken) At(string word, int at)
    {
        foreach (var (written, spoken) in Spellings)
            if (string.CompareOrdinal(word, at, written, 0, written.Length) == 0)
                return (written.Length, spoken);
        return (1, word[at].ToString());
    }
}
