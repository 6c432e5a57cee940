namespace EcommerceAI.Search.Tests;

/// <summary>The ranking of the text index, computed from the documents themselves with nothing but loops.</summary>
internal sealed class NaiveRanking(IReadOnlyCollection<SearchDocument> documents, TextIndexOptions options)
{
    public List<(string Id, double Score)> Rank(string query)
    {
        var analyzer = options.Analyzer;
        var terms = analyzer.Words(query).Select(analyzer.Stem).Distinct().ToList();
        var idf = terms.ToDictionary(t => t, t =>
        {
            var n = documents.Count(d => options.Fields.Any(f => Stems(d, f).Contains(t)));
            return n == 0 ? 0 : Math.Log(1 + (documents.Count - n + 0.5) / (n + 0.5));
        });
        var scored = new List<(string Id, double Score)>();
        foreach (var document in documents)
        {
            var (sum, matched) = (0.0, 0.0);
            foreach (var term in terms)
            {
                var frequency = options.Fields.Sum(f => f.Weight * Stems(document, f).Count(s => s == term) / Normaliser(document, f));
                sum += idf[term] * frequency / (options.Saturation + frequency);
                if (frequency > 0) matched += idf[term];
            }
            if (sum > 0) scored.Add((document.Id, sum * matched / idf.Values.Sum()));
        }
        return [.. scored.OrderByDescending(s => s.Score).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    private double Normaliser(SearchDocument document, WeightedField field) =>
        1 - field.LengthNormalisation
        + field.LengthNormalisation * Stems(document, field).Count / documents.Average(d => (double)Stems(d, field).Count);

    private List<string> Stems(SearchDocument document, WeightedField field) =>
        document.Text.TryGetValue(field.Name, out var text) ? [.. options.Analyzer.Words(text).Select(options.Analyzer.Stem)] : [];
}
