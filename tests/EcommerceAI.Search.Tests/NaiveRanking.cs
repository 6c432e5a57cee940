namespace EcommerceAI.Search.Tests;

/// <summary>The ranking of the text index, computed from the documents themselves with nothing but loops.</summary>
internal sealed class NaiveRanking(IReadOnlyCollection<SearchDocument> documents, TextIndexOptions options)
{
    private readonly Dictionary<(string Id, string Field), List<string>> _stems = documents
        .SelectMany(d => options.Fields.Select(f => (d, f.Name)))
        .ToDictionary(p => (p.d.Id, p.Name), p => StemsOf(p.d.Text.GetValueOrDefault(p.Name, ""), options.Analyzer));

    public List<(string Id, double Score)> Rank(string query)
    {
        var analyzer = options.Analyzer;
        var terms = analyzer.Words(query).Select(analyzer.Stem).Distinct().ToList();
        var idf = terms.ToDictionary(t => t, t =>
        {
            var n = documents.Count(d => options.Fields.Any(f => Stems(d, f).Contains(t)));
            return n == 0 ? 0 : Math.Log(1 + (documents.Count - n + 0.5) / (n + 0.5));
        });
        var averages = options.Fields.ToDictionary(f => f, f => documents.Average(d => (double)Stems(d, f).Count));
        var scored = new List<(string Id, double Score)>();
        foreach (var document in documents)
        {
            var (sum, matched) = (0.0, 0.0);
            foreach (var term in terms)
            {
                var frequency = options.Fields.Sum(f => f.Weight * Stems(document, f).Count(s => s == term) / Normaliser(document, f, averages[f]));
                sum += idf[term] * frequency / (options.Saturation + frequency);
                if (frequency > 0) matched += idf[term];
            }
            if (sum > 0) scored.Add((document.Id, sum * matched / idf.Values.Sum()));
        }
        return [.. scored.OrderByDescending(s => s.Score).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    private double Normaliser(SearchDocument document, WeightedField field, double averageLength) =>
        1 - field.LengthNormalisation + field.LengthNormalisation * Stems(document, field).Count / averageLength;

    private List<string> Stems(SearchDocument document, WeightedField field) => _stems[(document.Id, field.Name)];

    private static List<string> StemsOf(string text, TextAnalyzer analyzer) => [.. analyzer.Words(text).Select(analyzer.Stem)];
}
