namespace EcommerceAI.Search.Tests;

/// <summary>The vector index where it is large enough for its graph; small indexes stand in <see cref="VectorIndexTests"/>.</summary>
public sealed class VectorGraphTests
{
    private const int Dimensions = 32;

    // Small enough that a few thousand vectors are many.
    private static readonly VectorIndexOptions Graphed = new() { ScanUpTo = 100, BuildBreadth = 64 };

    // One index for every share: the number is drawn evenly from 0 to 1.
    private static readonly Lazy<Task<(EmbeddedVectorIndex Index, Dictionary<string, Tag> Vectors, ClusteredVectors Source)>> Shared =
        new(() => FilledAsync(4000, 40, cluster => $"c{cluster % 12}"));

    [Fact]
    public async Task The_graph_finds_what_a_scan_finds()
    {
        var (index, vectors, source) = await Shared.Value;

        (await RecallAsync(index, vectors.Values, source, null)).ShouldBeGreaterThan(0.98);
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(1)]
    public async Task A_filter_that_keeps_any_share_keeps_recall(double share)
    {
        var (index, vectors, source) = await Shared.Value;
        var kept = vectors.Values.Where(v => v.Number < share);

        (await RecallAsync(index, kept, source, new(new VectorCondition.Between("n", 0, share)))).ShouldBeGreaterThan(0.97);
    }

    [Fact]
    public async Task A_filter_that_keeps_nothing_near_the_query_keeps_recall()
    {
        // The clusters are the values: what a filter keeps lies all in one place, and most queries come from elsewhere.
        var (index, vectors, source) = await Shared.Value;
        var kept = vectors.Values.Where(v => v.Keyword is "c3" or "c7");

        (await RecallAsync(index, kept, source, new(new VectorCondition.AnyOf("k", "c3", "c7")))).ShouldBeGreaterThan(0.97);
    }

    [Fact]
    public async Task Each_condition_lets_through_what_it_says_and_all_must_hold()
    {
        var index = new EmbeddedVectorIndex(2);
        await index.WriteAsync([.. Enumerable.Range(0, 5000).Select(i => VectorWrite.Upsert(Tagged($"d{i}", 1, i % 2 == 0 ? "even" : "odd", i), new[] { 1f, i }))]);
        async Task<int[]> FoundAsync(params VectorCondition[] conditions) =>
            [.. (await index.SearchAsync(new(new[] { 1f, 1f }, 5000, Filter: new(conditions)))).Select(hit => int.Parse(hit.Id[1..], null)).Order()];

        (await FoundAsync(new VectorCondition.Between("n", 4090, 4100), new VectorCondition.AnyOf("k", "even")))
            .ShouldBe([4090, 4092, 4094, 4096, 4098, 4100]);
        (await FoundAsync(new VectorCondition.Between("n", null, 4), new VectorCondition.NoneOf("k", "even"))).ShouldBe([1, 3]);
        (await FoundAsync(new VectorCondition.IdIn(["d7", "d4999", "nobody"]))).ShouldBe([7, 4999]);
        (await FoundAsync(new VectorCondition.AnyOf("k"))).ShouldBeEmpty();
        (await FoundAsync(new VectorCondition.Between("other", 0, null))).ShouldBeEmpty();
        (await FoundAsync(new VectorCondition.NoneOf("other", "even"), new VectorCondition.Between("n", 4999, null))).ShouldBe([4999]);
        (await FoundAsync()).Length.ShouldBe(5000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_any_history_of_writes_it_finds_what_a_scan_finds(int seed)
    {
        var random = new Random(seed);
        var source = new ClusteredVectors(seed, Dimensions, 20);
        var index = new EmbeddedVectorIndex(Dimensions, Graphed);
        var held = new Dictionary<string, Tag>();
        for (var step = 1; step <= 40; step++)
        {
            var writes = new List<VectorWrite>();
            // Now many are added, now most are deleted, so that places move and the graph is repaired.
            for (var i = 0; i < 200; i++)
            {
                var (id, version, vector) = ($"v{random.Next(3000)}", step * 1000 + i, source.Next().Vector);
                held.Remove(id);
                if (random.Next(20) < step % 20) writes.Add(VectorWrite.Delete(id, version));
                else
                {
                    var keyword = random.Next(3) == 0 ? "in" : "out";
                    writes.Add(VectorWrite.Upsert(Tagged(id, version, keyword, i), vector));
                    held[id] = new(vector, keyword, i);
                }
            }
            (await index.WriteAsync(writes)).ShouldAllBe(r => r.Status == WriteStatus.Applied);
            (await index.CountAsync()).ShouldBe(held.Count);
            if (step % 10 != 0) continue;
            (await RecallAsync(index, held.Values, source, null, 20)).ShouldBeGreaterThan(0.96);
            var kept = held.Values.Where(v => v.Keyword == "in");
            (await RecallAsync(index, kept, source, new(new VectorCondition.AnyOf("k", "in")), 20)).ShouldBeGreaterThan(0.96);
            var found = await index.SearchAsync(new(source.Next().Vector, 50));
            found.ShouldAllBe(hit => held.ContainsKey(hit.Id));
            found.Select(hit => hit.Id).ShouldBeUnique();
        }
    }

    [Fact]
    public async Task An_index_that_lost_everything_begins_anew_and_knows_the_versions()
    {
        var (index, vectors, source) = await FilledAsync(500, 5);
        await index.WriteAsync([.. vectors.Keys.Select(id => VectorWrite.Delete(id, 2))]);
        (await index.SearchAsync(new(source.Next().Vector, 10))).ShouldBeEmpty();

        (await index.WriteAsync([VectorWrite.Upsert("d1", 1, source.Next().Vector)])).Single().Status.ShouldBe(WriteStatus.Stale);
        await index.WriteAsync([.. vectors.Select(v => VectorWrite.Upsert(v.Key, 3, v.Value.Vector))]);
        (await RecallAsync(index, vectors.Values, source, null)).ShouldBeGreaterThan(0.98);
    }

    [Fact]
    public async Task Many_equal_vectors_stay_one_graph()
    {
        var source = new ClusteredVectors(4, Dimensions, 10);
        var index = new EmbeddedVectorIndex(Dimensions, Graphed);
        var same = source.Next().Vector;
        await index.WriteAsync([.. Enumerable.Range(0, 2000).Select(i =>
            VectorWrite.Upsert(Tagged($"d{i}", 1, $"k{i % 4}", i), i % 2 == 0 ? same : source.Next().Vector))]);

        // Half of them are equal; each value of the keyword keeps some of those or none at all.
        foreach (var value in new[] { "k0", "k2" })
            (await index.SearchAsync(new(same, 40, 0.999f, new(new VectorCondition.AnyOf("k", value))))).Count.ShouldBe(40);
        (await index.SearchAsync(new(same, 40, 0.999f, new(new VectorCondition.AnyOf("k", "k1"))))).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_writes_give_the_same_graph_on_one_thread_and_on_many()
    {
        var one = await FilledAsync(3000, 20, options: new() { ScanUpTo = 100, BuildBreadth = 32, BuildThreads = 1 });
        var many = await FilledAsync(3000, 20, options: new() { ScanUpTo = 100, BuildBreadth = 32, BuildThreads = 8 });

        var links = many.Index.Links();
        foreach (var (id, neighbours) in one.Index.Links()) links[id].ShouldBe(neighbours);
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_a_writer_writes()
    {
        var source = new ClusteredVectors(3, Dimensions, 10);
        var index = new EmbeddedVectorIndex(Dimensions, Graphed);
        string[] ids = [.. Enumerable.Range(0, 600).Select(i => $"d{i}")];
        var vectors = ids.ToDictionary(id => id, _ => source.Next().Vector);
        async Task WriteAllAsync(int version) => await index.WriteAsync(
            [.. ids.Select(id => VectorWrite.Upsert(Tagged(id, version, $"v{version}", version), vectors[id]))]);
        await WriteAllAsync(1);
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            var searches = 0;
            while (!stop.IsCancellationRequested || searches == 0)
            {
                var id = ids[(searches++ * 7 + reader) % ids.Length];
                // Each write replaces every vector by its equal: none may be missing or there twice at any moment.
                var found = await index.SearchAsync(new(vectors[id], 600, Exact: searches % 2 == 0));
                found.Select(hit => hit.Id).Distinct().Count().ShouldBe(600);
                (await index.SearchAsync(new(vectors[id], 5, Filter: new(new VectorCondition.IdIn([id]))))).Select(hit => hit.Id).ShouldBe([id]);
                found = await index.SearchAsync(new(vectors[id], 1));
                found.Single().Similarity.ShouldBe(1, 1e-4);
            }
        })).ToArray();
        for (var version = 2; version <= 12; version++) await WriteAllAsync(version);
        await stop.CancelAsync();

        await Task.WhenAll(readers);
    }

    [Fact]
    public void Every_way_to_multiply_codes_gives_the_same_number()
    {
        var random = new Random(1);
        foreach (var length in new[] { 1, 7, 16, 31, 64, 100, 384, 1000 })
        {
            short[] wide = [.. Enumerable.Range(0, length).Select(_ => (short)random.Next(-127, 128))];
            sbyte[] codes = [.. Enumerable.Range(0, length).Select(_ => (sbyte)random.Next(-127, 128))];
            var expected = wide.Zip(codes, (w, c) => w * c).Sum();

            Int8Dot.Of(ref wide[0], ref codes[0], length).ShouldBe(expected);
            Int8Dot.With256Bits(ref wide[0], ref codes[0], length).ShouldBe(expected);
            Int8Dot.Portable(ref wide[0], ref codes[0], length).ShouldBe(expected);
        }
    }

    internal static SearchDocument Tagged(string id, long version, string keyword, double number) => new()
    {
        Id = id,
        Version = version,
        Keywords = new Dictionary<string, IReadOnlyList<string>> { ["k"] = [keyword] },
        Numbers = new Dictionary<string, double> { ["n"] = number },
    };

    internal static async Task<(EmbeddedVectorIndex Index, Dictionary<string, Tag> Vectors, ClusteredVectors Source)> FilledAsync(
        int count, int clusters, Func<int, string>? keyword = null, VectorIndexOptions? options = null)
    {
        var source = new ClusteredVectors(1, Dimensions, clusters);
        var index = new EmbeddedVectorIndex(Dimensions, options ?? Graphed);
        var random = new Random(5);
        var vectors = new Dictionary<string, Tag>();
        for (var i = 0; i < count; i++)
        {
            var (vector, cluster) = source.Next();
            vectors[$"d{i}"] = new(vector, keyword?.Invoke(cluster) ?? "", random.NextDouble());
        }
        foreach (var batch in vectors.Chunk(1000))
            await index.WriteAsync([.. batch.Select(v => VectorWrite.Upsert(Tagged(v.Key, 1, v.Value.Keyword, v.Value.Number), v.Value.Vector))]);
        return (index, vectors, source);
    }

    private static async Task<double> RecallAsync(
        EmbeddedVectorIndex index, IEnumerable<Tag> among, ClusteredVectors source, VectorFilter? filter, int queries = 60)
    {
        float[][] vectors = [.. among.Select(tag => tag.Vector)];
        var sum = 0.0;
        for (var i = 0; i < queries; i++)
        {
            var query = source.Next().Vector;
            sum += ClusteredVectors.Recall(vectors, query, await index.SearchAsync(new(query, 10, Filter: filter)), 10);
        }
        return sum / queries;
    }

    /// <summary>A vector, and the keyword and the number it is filtered by.</summary>
    internal sealed record Tag(float[] Vector, string Keyword, double Number);
}
