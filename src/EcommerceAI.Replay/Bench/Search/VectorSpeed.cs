using System.Diagnostics;
using System.Numerics.Tensors;
using EcommerceAI.Replay.OnlineRetail.Generation;
using EcommerceAI.Search;
using EcommerceAI.Search.Vectors;

namespace EcommerceAI.Replay.Bench.Search;

/// <summary>
/// The embedded vector index against the scan of its vectors, in one run. The vectors lie around centres as those of a catalogue do;
/// the queries are drawn in the same way and are not among them.
/// </summary>
internal sealed class VectorSpeed : ISearchMeasurement
{
    private const int MostVectors = 200_000;
    private const int Dimensions = 384;
    private const int Queries = 300;
    private const int Limit = 10;
    private const int VectorsPerCluster = 200;
    private const string FilterField = "tenth";

    private static readonly VectorFilter Tenth = new(new VectorCondition.AnyOf(FilterField, "0"));

    /// <inheritdoc/>
    public string Name => "vector";

    /// <summary>Measures with four vectors a document, at most 200,000; takes a minute and a half on two cores.</summary>
    /// <param name="documents">How many documents the other parts have.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<SearchMeasured> MeasureAsync(int documents, CancellationToken cancellation)
    {
        var count = (int)Math.Min(MostVectors, 4L * documents);
        var vectors = Generate(count + Queries, Math.Max(1, count / VectorsPerCluster), Dimensions);
        var before = Heap.Used();
        var index = new EmbeddedVectorIndex(Dimensions);
        var started = Stopwatch.GetTimestamp();
        foreach (var batch in Enumerable.Range(0, count).Chunk(10_000))
        {
            cancellation.ThrowIfCancellationRequested();
            await index.WriteAsync([.. batch.Select(i => VectorWrite.Upsert(Document(i), vectors[i]))], cancellation);
        }
        var building = Stopwatch.GetElapsedTime(started);
        var bytes = Heap.Used() - before;

        var sought = vectors[count..];
        var (graph, scan) = await RaceAsync(index, sought, null, cancellation);
        var (filteredGraph, filteredScan) = await RaceAsync(index, sought, Tenth, cancellation);
        var (save, load) = SaveAndLoad(index);
        var figures = new VectorFigures(
            count, Dimensions, Queries, Math.Round(count / building.TotalSeconds), Math.Round(bytes / (double)count), Math.Round(graph.Microseconds, 1),
            Math.Round(scan.Microseconds, 1), Math.Round(filteredGraph.Microseconds, 1), Math.Round(filteredScan.Microseconds, 1),
            Math.Round(save, 2), Math.Round(load, 2));
        var (ratio, filteredRatio) = (Math.Round(scan.Microseconds / graph.Microseconds, 2), Math.Round(filteredScan.Microseconds / filteredGraph.Microseconds, 2));
        var (recall, filteredRecall) = (Math.Round(Recall(graph.Found, scan.Found), 4), Math.Round(Recall(filteredGraph.Found, filteredScan.Found), 4));
        return new(
            figures,
            new Dictionary<string, double>(StringComparer.Ordinal) { ["hnsw_vs_exact"] = ratio, ["hnsw_filtered_vs_exact"] = filteredRatio },
            $"""
             vector   {count:N0} of {Dimensions} dimensions, built at {figures.BuildVectorsPerSecond:N0}/s, {figures.BytesPerVector:N0} bytes each, saved in {figures.SaveSeconds} s, loaded in {figures.LoadSeconds} s
                      all: graph {figures.HnswMicroseconds} us, scan {figures.ExactMicroseconds} us, ratio {ratio}, recall@10 {recall}
                      a tenth by filter: graph {figures.HnswFilteredMicroseconds} us, scan {figures.ExactFilteredMicroseconds} us, ratio {filteredRatio}, recall@10 {filteredRecall}
             """)
        {
            Qualities = new Dictionary<string, double>(StringComparer.Ordinal) { ["recallAt10"] = recall, ["recallAt10Filtered"] = filteredRecall },
        };
    }

    private static SearchDocument Document(int i) => new()
    {
        Id = $"d{i}",
        Version = 1,
        Keywords = new Dictionary<string, IReadOnlyList<string>> { [FilterField] = [$"{new SplitMix64((ulong)i).Next() % 10}"] },
    };

    private static float[][] Generate(int count, int clusters, int dimensions)
    {
        var centres = new float[clusters][];
        Parallel.For(0, clusters, i => centres[i] = Gaussian((ulong)i, dimensions, 1));
        var vectors = new float[count][];
        Parallel.For(0, count, i =>
        {
            var random = new SplitMix64((ulong)i ^ 0xC1u);
            vectors[i] = Gaussian(random.Next(), dimensions, 0.6f);
            TensorPrimitives.Add(vectors[i], centres[random.Next() % (ulong)clusters], vectors[i]);
        });
        return vectors;
    }

    private static float[] Gaussian(ulong seed, int dimensions, float spread)
    {
        var random = new SplitMix64(seed);
        double Uniform() => ((random.Next() >> 11) + 1) * (1.0 / (1UL << 53));
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++) vector[i] = spread * (float)(Math.Sqrt(-2 * Math.Log(Uniform())) * Math.Cos(2 * Math.PI * Uniform()));
        return vector;
    }

    /// <summary>The two take turns, so that what else the machine does falls on both; medians of their queries.</summary>
    private static async Task<(Leg Graph, Leg Scan)> RaceAsync(
        EmbeddedVectorIndex index, float[][] queries, VectorFilter? filter, CancellationToken cancellation)
    {
        var (graph, scan) = (new Leg([], []), new Leg([], []));
        // Once for nothing: the programs are compiled, the rows are in memory.
        foreach (var query in queries) await index.SearchAsync(new(query, Limit, Filter: filter), cancellation);
        for (var i = 0; i < queries.Length; i++)
        {
            await AskAsync(scan, new(queries[i], Limit, Filter: filter, Exact: true));
            // The scan has swept the caches; a graph's query is measured among its own kind, as it would be in use.
            await index.SearchAsync(new(queries[(i + 1) % queries.Length], Limit, Filter: filter), cancellation);
            await AskAsync(graph, new(queries[i], Limit, Filter: filter));
        }
        return (graph, scan);

        async Task AskAsync(Leg leg, VectorQuery query)
        {
            var started = Stopwatch.GetTimestamp();
            var found = await index.SearchAsync(query, cancellation);
            leg.Times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
            leg.Found.Add([.. found.Select(hit => hit.Id)]);
        }
    }

    private static double Recall(List<string[]> found, List<string[]> truth) =>
        found.Zip(truth, (some, all) => some.Intersect(all, StringComparer.Ordinal).Count() / (double)all.Length).Average();

    private static (double Save, double Load) SaveAndLoad(EmbeddedVectorIndex index)
    {
        var path = Path.Combine(Path.GetTempPath(), $"vectors-{Guid.NewGuid():N}");
        try
        {
            var started = Stopwatch.GetTimestamp();
            index.Save(path, "bench");
            var saved = Stopwatch.GetElapsedTime(started).TotalSeconds;
            started = Stopwatch.GetTimestamp();
            EmbeddedVectorIndex.Load(path, "bench");
            return (saved, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private sealed record Leg(List<double> Times, List<string[]> Found)
    {
        public double Microseconds => Percentiles.Median(Times);
    }
}
