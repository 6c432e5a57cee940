using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace EcommerceAI.Search.Tests;

/// <summary>A judged query: its grade of each document that is worth anything to it.</summary>
public sealed record JudgedQuery(string Id, string Kind, string Text, IReadOnlyDictionary<string, int> Grades);

/// <summary>The catalogue of a real shop and the judged queries over it, as the README beside them tells.</summary>
public static partial class RealData
{
    public static string Folder { get; } = Path.Combine(Root(), "..", "shared", "data", "online-retail");

    public static string Transactions => Path.Combine(Folder, "online_retail.csv.gz");

    /// <summary>Each code of five digits and optional letters with its most frequent all-capitals description.</summary>
    public static IReadOnlyList<SearchDocument> ReadCatalogue()
    {
        var counts = new Dictionary<string, Dictionary<string, int>>();
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Transactions), CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            var fields = SplitCsv(line);
            var (code, title) = (fields[1].Trim().ToUpperInvariant(), fields[2].Trim());
            if (!Code().IsMatch(code) || !title.Any(char.IsLetter) || title.Any(char.IsLower)) continue;
            if (!counts.TryGetValue(code, out var titles)) counts[code] = titles = [];
            titles[title] = titles.GetValueOrDefault(title) + 1;
        }
        return [.. counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Document(c.Key, MostFrequent(c.Value)))];
    }

    public static IReadOnlyList<JudgedQuery> ReadJudgedQueries()
    {
        var grades = Rows("judgments.tsv").ToLookup(r => r[0], r => (Code: r[1], Grade: int.Parse(r[2], CultureInfo.InvariantCulture)));
        return [.. Rows("queries.tsv").Select(r => new JudgedQuery(r[0], r[1], r[2], grades[r[0]].ToDictionary(g => g.Code, g => g.Grade)))];
    }

    private static SearchDocument Document(string code, string title) => new()
    {
        Id = code,
        Version = 1,
        Text = new Dictionary<string, string> { ["title"] = title },
        Keywords = new Dictionary<string, IReadOnlyList<string>> { ["code"] = [code] },
    };

    private static string MostFrequent(Dictionary<string, int> titles) =>
        titles.OrderByDescending(t => t.Value).ThenBy(t => t.Key, StringComparer.Ordinal).First().Key;

    private static IEnumerable<string[]> Rows(string file) =>
        File.ReadLines(Path.Combine(Folder, "judgments", file)).Where(l => l.Length > 0).Select(l => l.Split('\t'));

    private static List<string> SplitCsv(string line)
    {
        var fields = new List<string>();
        foreach (Match match in CsvField().Matches(line))
            fields.Add(match.Groups[1].Success ? match.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal) : match.Groups[2].Value);
        return fields;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "EcommerceAI.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("EcommerceAI.sln is not above the tests.");
    }

    [GeneratedRegex("^[0-9]{5}[A-Z]*$")]
    private static partial Regex Code();

    [GeneratedRegex("(?:^|,)(?:\"((?:[^\"]|\"\")*)\"|([^,]*))")]
    private static partial Regex CsvField();
}
