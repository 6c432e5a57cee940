using System.Numerics.Tensors;

namespace EcommerceAI.Search.Tests;

public sealed class VectorIndexTests
{
    private const int Dimensions = 7;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Neighbours_are_those_of_a_scan_by_hand_after_any_history_of_writes(int seed)
    {
        var random = new Random(seed);
        var index = new EmbeddedVectorIndex(Dimensions);
        var held = new Dictionary<string, float[]>();
        for (var step = 1; step <= 120; step++)
        {
            var writes = new List<VectorWrite>();
            for (var i = 0; i < 40; i++)
            {
                var (id, version, vector) = ($"v{random.Next(1500)}", step * 100 + i, RandomVector(random));
                var delete = random.Next(3) == 0;
                writes.Add(delete ? VectorWrite.Delete(id, version) : VectorWrite.Upsert(id, version, vector));
                held.Remove(id);
                if (!delete) held[id] = vector;
            }
            (await index.WriteAsync(writes)).ShouldAllBe(r => r.Status == WriteStatus.Applied);
            if (step % 20 == 0) await ShouldFindAsByHandAsync(index, held, RandomVector(random));
        }
    }

    [Fact]
    public async Task Stale_writes_are_refused_and_deletions_remembered()
    {
        var index = new EmbeddedVectorIndex(2);
        float[] vector = [1, 0];
        await index.WriteAsync([VectorWrite.Upsert("a", 5, vector), VectorWrite.Delete("b", 5)]);

        var results = await index.WriteAsync(
            [VectorWrite.Upsert("a", 4, vector), VectorWrite.Delete("a", 4), VectorWrite.Upsert("b", 4, vector), VectorWrite.Upsert("b", 5, vector)]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Applied]);
        (await index.CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_vector_that_cannot_be_taken_fails_alone()
    {
        var index = new EmbeddedVectorIndex(2);

        var results = await index.WriteAsync(
        [
            VectorWrite.Upsert("a", 1, new float[] { 1, 2, 3 }),
            VectorWrite.Upsert("b", 1, new float[] { 1, float.NaN }),
            VectorWrite.Upsert("", 1, new float[] { 1, 2 }),
            VectorWrite.Upsert("c", 1, new float[] { 1, 2 }),
        ]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Failed, WriteStatus.Failed, WriteStatus.Failed, WriteStatus.Applied]);
        results[0].Error.ShouldBe("The vector of 'a' has 3 dimensions, the index 2.");
        (await index.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_vector_of_noughts_is_known_and_never_found()
    {
        var index = new EmbeddedVectorIndex(2);
        await index.WriteAsync([VectorWrite.Upsert("a", 1, new float[2]), VectorWrite.Upsert("b", 1, new float[] { 0, 3 })]);

        (await index.SearchAsync(new(new float[] { 1, 1 }, 10))).Select(h => h.Id).ShouldBe(["b"]);
        (await index.SearchAsync(new(new float[2], 10))).ShouldBeEmpty();
        (await index.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_near_enough_is_left_out_and_a_tie_goes_by_id()
    {
        var index = new EmbeddedVectorIndex(2);
        await index.WriteAsync([.. new[] { "c", "a", "b" }.Select(id => VectorWrite.Upsert(id, 1, new float[] { 2, 0 }))]);
        await index.WriteAsync([VectorWrite.Upsert("far", 1, new float[] { 0, 1 })]);

        (await index.SearchAsync(new(new float[] { 1, 0 }, 10, 0.5f))).ShouldBe([new("a", 1), new("b", 1), new("c", 1)]);
        (await index.SearchAsync(new(new float[] { 1, 0 }, 2))).Select(h => h.Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_query_of_other_dimensions_is_an_error() =>
        Should.Throw<ArgumentException>(async () => await new EmbeddedVectorIndex(2).SearchAsync(new(new float[3], 1)));

    private static async Task ShouldFindAsByHandAsync(EmbeddedVectorIndex index, Dictionary<string, float[]> held, float[] query)
    {
        (await index.CountAsync()).ShouldBe(held.Count);
        var expected = held.Select(h => (Id: h.Key, Cosine: TensorPrimitives.CosineSimilarity(h.Value, query)))
            .OrderByDescending(h => h.Cosine).Take(25).ToList();
        var found = await index.SearchAsync(new(query, 25));
        found.Select(h => h.Id).ShouldBe(expected.Select(e => e.Id));
        found.Select(h => (double)h.Similarity).ShouldBe(expected.Select(e => (double)e.Cosine), 1e-5);
    }

    private static float[] RandomVector(Random random) => [.. Enumerable.Range(0, Dimensions).Select(_ => (float)(random.NextDouble() - 0.5))];
}
