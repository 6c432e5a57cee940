using System.Diagnostics;
using EcommerceAI.Search;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Replay.Bench.Search;

/// <summary>
/// The embedded text index against SQLite FTS5's bm25: the best twenty of the documents that have any of a query's words, one query
/// after another on one thread. Ours counts all matches too, which the peer does not.
/// </summary>
internal sealed class KeywordSpeed : ISearchMeasurement
{
    /// <summary>How many hits are asked for.</summary>
    public const int Limit = 20;

    private const int Vocabulary = 50_000;
    private const int Seed = 5;
    private const int Queries = 200;
    private const double TitleWeight = 3;
    private const int Batch = 1_000;
    private static readonly TimeSpan MostOfAPeer = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public string Name => "keyword";

    /// <inheritdoc/>
    public async Task<SearchMeasured> MeasureAsync(int documents, CancellationToken cancellation)
    {
        var before = Heap.Used();
        var index = new EmbeddedTextIndex(new()
        {
            Fields = [new(ZipfDocuments.Title, TitleWeight), new(ZipfDocuments.Description)],
        });
        var generated = new ZipfDocuments(Vocabulary, Seed).Documents(documents).ToArray();
        var ofDocuments = Heap.Used();
        var started = Stopwatch.GetTimestamp();
        foreach (var batch in generated.Chunk(Batch)) await index.WriteAsync([.. batch.Select(DocumentWrite.Upsert)], cancellation);
        var buildSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var ofIndex = Heap.Used();

        using var peer = new Fts5Peer(TitleWeight);
        peer.Add(generated);
        var source = new ZipfDocuments(Vocabulary, Seed + 1);
        var queries = Enumerable.Range(0, Queries).Select(_ => source.Query()).ToArray();
        var ours = Rate(queries, words => index.SearchAsync(new(string.Join(' ', words), Limit), cancellation).AsTask().GetAwaiter().GetResult().Hits.Count);
        var theirs = Rate(queries, peer.Search);
        var ratio = Math.Round(ours / theirs, 2);
        var figures = new KeywordFigures(
            documents, Math.Round(documents / buildSeconds), (ofIndex - ofDocuments) / documents, (ofDocuments - before) / documents,
            Math.Round(ours), Math.Round(theirs, 1));
        return new(
            figures, new Dictionary<string, double>(StringComparer.Ordinal) { ["keyword_vs_fts5"] = ratio },
            $"keyword  {documents:N0} documents: {figures.QueriesPerSecond:N0} queries/s, FTS5 {figures.Fts5QueriesPerSecond:N1}/s, ratio {ratio}; "
            + $"built at {figures.DocumentsPerSecond:N0} documents/s, {figures.IndexBytesPerDocument:N0} bytes each beside the document's own {figures.DocumentBytes:N0}");
    }

    /// <summary>Queries a second: all of them in their order, after some to warm up, again and again for at least a second.</summary>
    private static double Rate(string[][] queries, Func<string[], int> search)
    {
        foreach (var query in queries.Take(queries.Length / 10)) search(query);
        var (done, started) = (0, Stopwatch.GetTimestamp());
        while (done == 0 || Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(1))
            foreach (var query in queries)
            {
                search(query);
                done++;
                if (Stopwatch.GetElapsedTime(started) > MostOfAPeer) return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
            }

        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed record KeywordFigures(
        int Documents, double DocumentsPerSecond, long IndexBytesPerDocument, long DocumentBytes, double QueriesPerSecond, double Fts5QueriesPerSecond);
}
