using BenchmarkDotNet.Attributes;
using EcommerceAI.Search;
using EcommerceAI.Search.Queries;
using EcommerceAI.Search.Text;
using EcommerceAI.Search.Vectors;

namespace EcommerceAI.Benchmarks;

/// <summary>
/// The top 20 over 4,000 short titles, by leg and fused, and what it takes to learn and fill. The titles are five words drawn by
/// Zipf's law from 3,000, so that the postings are as uneven as those of a real catalogue.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class SearchBenchmarks
{
    private const int DocumentCount = 4000;
    private const int VocabularySize = 3000;

    private readonly Random _random = new(1);
    private SearchDocument[] _documents = [];
    private string[] _queries = [];
    private HybridIndex _index = null!;
    private HybridSearcher _searcher = null!;
    private int _next;

    [GlobalSetup]
    public async Task FillAsync()
    {
        _documents = [.. Enumerable.Range(0, DocumentCount).Select(i => new SearchDocument
        {
            Id = $"d{i}", Version = 1, Text = new Dictionary<string, string> { ["title"] = Words(5) },
        })];
        _queries = [.. Enumerable.Range(0, 200).Select(_ => Words(3))];
        _index = new(NewTextIndex(), new() { EmbeddedFields = ["title"] });
        await _index.WriteAsync([.. _documents.Select(DocumentWrite.Upsert)]);
        await _index.TrainAsync();
        _searcher = new(_index);
    }

    [Benchmark]
    public Task<SearchOutcome> Hybrid() => _searcher.SearchAsync(new() { Text = NextQuery() });

    [Benchmark]
    public ValueTask<TextMatches> Keyword() => _index.Text.SearchAsync(new(NextQuery(), 20));

    [Benchmark]
    public ValueTask<IReadOnlyList<VectorHit>> Vector()
    {
        var leg = _index.Vectors!;
        return leg.Index.SearchAsync(new(leg.Embedder.Embed(NextQuery()), 20));
    }

    [Benchmark]
    public ValueTask<IReadOnlyList<WriteResult>> Index4000() => NewTextIndex().WriteAsync([.. _documents.Select(DocumentWrite.Upsert)]);

    [Benchmark]
    public LatentSemanticEmbedder Train4000() => LatentSemanticEmbedder.Train(_documents.Select(d => d.Text["title"]));

    [GlobalCleanup]
    public void Close() => _index.Dispose();

    private static EmbeddedTextIndex NewTextIndex() => new(new() { Fields = [new("title")] });

    private string NextQuery() => _queries[_next++ % _queries.Length];

    private string Words(int count) =>
        string.Join(' ', Enumerable.Range(0, count).Select(_ => Word((int)Math.Pow(VocabularySize, _random.NextDouble()))));

    // Two to three syllables that spell a number, for character grams to have something to share.
    private static string Word(int number) =>
        $"{"bcdfghklmnprst"[number % 14]}{"aeiou"[number / 14 % 5]}{"lmnrst"[number / 70 % 6]}{"aeiou"[number / 420 % 5]}k{(number / 2100 > 0 ? "er" : "y")}";
}
