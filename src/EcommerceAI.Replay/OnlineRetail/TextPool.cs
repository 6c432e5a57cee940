namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// Turns the raw text of a column into its one shared, tidied string. A text seen before costs one lookup and no allocation:
/// a year holds half a million lines but only some thousands of different codes, descriptions and customers.
/// </summary>
internal sealed class TextPool
{
    private readonly Func<string, string> _tidy;
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    private TextPool(Func<string, string> tidy)
    {
        _tidy = tidy;
        _lookup = _seen.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>A pool for codes and numbers: trimmed and upper case, so that <c>85123a</c> and <c>85123A</c> are one.</summary>
    public static TextPool ForCodes() => new(text => text.Trim().ToUpperInvariant());

    /// <summary>A pool for prose: trimmed, runs of white space and control characters made one space.</summary>
    public static TextPool ForProse() => new(CollapseSpaces);

    /// <summary>The shared, tidied string of <paramref name="raw"/>.</summary>
    public string Get(ReadOnlySpan<char> raw)
    {
        if (raw.IsEmpty) return string.Empty;
        if (_lookup.TryGetValue(raw, out var known)) return known;
        var text = raw.ToString();
        var tidied = _tidy(text);
        if (_seen.TryGetValue(tidied, out var shared)) tidied = shared;
        _seen[text] = tidied;
        _seen[tidied] = tidied;
        return tidied;
    }

    private static string CollapseSpaces(string text)
    {
        Span<char> kept = text.Length <= 256 ? stackalloc char[text.Length] : new char[text.Length];
        var length = 0;
        foreach (var letter in text)
        {
            var blank = char.IsWhiteSpace(letter) || char.IsControl(letter);
            if (!blank) kept[length++] = letter;
            else if (length > 0 && kept[length - 1] != ' ') kept[length++] = ' ';
        }
        return kept[..length].TrimEnd(' ').ToString();
    }
}
