using System.Globalization;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Elasticsearch;

/// <summary>
/// A query in Elasticsearch's words: BM25F over the fields (<c>combined_fields</c>) for each word, named after it so that the reply says
/// which words a document matches, and the codes far above all of them.
/// </summary>
internal sealed class WordQuery
{
    /// <summary>As many words as are read of a query; one of more is a pasted page.</summary>
    private const int MostWords = 64;

    /// <summary>Above any score by words. Scores are floats: at ten thousand they still tell thousandths apart.</summary>
    private const float CodeBoost = 10_000;

    private const string CodePrefix = "code:";

    private readonly List<Query> _parts = [];
    private readonly List<string> _words;

    public WordQuery(string text, TextIndexOptions options)
    {
        var all = options.Analyzer.Words(text);
        var telling = all.Where(word => !options.Analyzer.IsStopWord(word)).ToList();
        _words = [.. (telling.Count > 0 ? telling : all).Distinct(StringComparer.Ordinal).Take(MostWords)];
        // Weights below 1 are refused, and only their relation counts.
        var least = options.Fields.Min(field => field.Weight);
        string[] fields = [.. options.Fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"text.{field.Name}^{field.Weight / least:0.####}"))];
        foreach (var word in _words) _parts.Add(new(CombinedFields: new(word, fields, word)));
        var chunks = text.Split((char[]?)null, MostWords + 1, StringSplitOptions.RemoveEmptyEntries).Take(MostWords).Append(text.Trim());
        foreach (var code in chunks.Where(code => code.Length is > 0 and <= 256).Distinct(StringComparer.OrdinalIgnoreCase))
            foreach (var field in options.CodeFields)
                _parts.Add(new(ConstantScore: new(
                    new(Term: new Dictionary<string, TermQuery> { [$"keywords.{field}"] = new(code, true) }), CodeBoost, CodePrefix + code)));
    }

    /// <summary>Whether there is nothing to look for.</summary>
    public bool IsEmpty => _parts.Count == 0;

    /// <summary>Documents that can be found: not those of which only the version is kept.</summary>
    public static Query Live { get; } = new(Term: new Dictionary<string, TermQuery> { ["live"] = new(true) });

    public Query ToQuery() => new(new BoolQuery([Live], _parts, 1));

    public TextHit Read(Hit hit)
    {
        var matched = hit.MatchedQueries ?? [];
        string[] codes = [.. matched.Where(name => name.StartsWith(CodePrefix, StringComparison.Ordinal)).Select(name => name[CodePrefix.Length..].ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
        string[] words = [.. _words.Where(word => matched.Contains(word) || codes.Any(code => code.Contains(word, StringComparison.Ordinal)))];
        var score = hit.Score ?? 0;
        // A code is told apart by its flag; what is left is comparable with the rest.
        if (codes.Length > 0) score = Math.Max(0.001, score % CodeBoost);
        return new(hit.Id, score, codes.Length > 0, words);
    }
}
