namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// What each product is called: the description that most of its sale lines carry, the earliest of equally frequent ones. For a
/// product that never sold, the description on its free and return lines, which are invoices too. Descriptions of stock adjustments
/// are remarks ("damaged", "?"); only one all in capitals, as the retailer writes titles, is taken, and only where nothing else is
/// left. Failing all, the stock code.
/// </summary>
internal static class ProductTitles
{
    /// <summary>The longest title, in UTF-16 units.</summary>
    public const int Longest = 200;

    /// <summary>The title of every code; those without stock get one too, which nobody asks for.</summary>
    public static string[] Find(RetailYear year, Buckets linesByCode)
    {
        var titles = new string[year.Codes.Count];
        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var code = 0; code < titles.Length; code++)
        {
            var lines = linesByCode[code];
            var title = MostFrequent(year, lines, votes, static (kind, _) => kind == LineKind.Sale)
                ?? MostFrequent(year, lines, votes, static (kind, _) => kind is LineKind.Free or LineKind.Return)
                ?? MostFrequent(year, lines, votes, static (kind, text) => kind == LineKind.StockAdjustment && IsAllCapitals(text))
                ?? year.Codes[code];
            titles[code] = Shorten(title);
        }
        return titles;
    }

    private static string? MostFrequent(
        RetailYear year, ArraySegment<int> lines, Dictionary<string, int> votes, Func<LineKind, string, bool> counts)
    {
        votes.Clear();
        foreach (var position in lines)
        {
            var description = year.Line(position).Description;
            if (description.Length == 0 || !counts(year.KindOf(position), description)) continue;
            votes[description] = votes.GetValueOrDefault(description) + 1;
        }
        if (votes.Count == 0) return null;
        var most = votes.Values.Max();
        return lines.Where(position => counts(year.KindOf(position), year.Line(position).Description))
            .Select(position => year.Line(position).Description)
            .First(description => votes.GetValueOrDefault(description) == most);
    }

    private static bool IsAllCapitals(string text) => text.Any(char.IsLetter) && !text.Any(char.IsLower);

    /// <summary>Cuts at the limit, not through a surrogate pair.</summary>
    private static string Shorten(string title)
    {
        if (title.Length <= Longest) return title;
        var end = char.IsHighSurrogate(title[Longest - 1]) ? Longest - 1 : Longest;
        return title[..end].TrimEnd();
    }
}
