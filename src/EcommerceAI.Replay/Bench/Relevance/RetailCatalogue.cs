using System.Text.RegularExpressions;
using EcommerceAI.Projections.Search.Documents;
using EcommerceAI.Replay.OnlineRetail;
using EcommerceAI.Search;

namespace EcommerceAI.Replay.Bench.Relevance;

/// <summary>
/// The catalogue that the judgments are over: every stock code of five digits and optional letters that has a description in capitals,
/// with its most frequent one. The importer's titles differ where a sale line was described otherwise.
/// </summary>
internal static partial class RetailCatalogue
{
    /// <summary>The catalogue of a year of invoice lines, as search documents in the order of their codes.</summary>
    public static IReadOnlyList<SearchDocument> Of(RetailFile year)
    {
        var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        foreach (var line in year.Lines)
        {
            if (!Code().IsMatch(line.StockCode) || !line.Description.Any(char.IsLetter) || line.Description.Any(char.IsLower)) continue;
            if (!counts.TryGetValue(line.StockCode, out var titles)) counts[line.StockCode] = titles = new(StringComparer.Ordinal);
            titles[line.Description] = titles.GetValueOrDefault(line.Description) + 1;
        }

        return [.. counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Document(c.Key, MostFrequent(c.Value)))];
    }

    private static SearchDocument Document(string code, string title) =>
        new ProductDocument(code, 1, title, null, null, null, null).ToSearchDocument();

    private static string MostFrequent(Dictionary<string, int> titles) =>
        titles.OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).First().Key;

    [GeneratedRegex("^[0-9]{5}[A-Z]*$", RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
