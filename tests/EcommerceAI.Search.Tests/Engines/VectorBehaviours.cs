namespace EcommerceAI.Search.Tests.Engines;

/// <summary>What every vector engine does, whichever it is, on an empty index of two dimensions with the fields "k" and "n".</summary>
internal static class VectorBehaviours
{
    private static readonly Dictionary<string, Func<IVectorIndex, Task>> All = new()
    {
        ["finds the nearest first and a tie by id"] = NearestFirstAsync,
        ["puts a newer vector in the place of an older"] = UpdateAsync,
        ["refuses what is older than it has, deletions too"] = StaleAsync,
        ["fails one write alone"] = FailsAloneAsync,
        ["knows a vector of noughts and never finds it"] = NoughtsAsync,
        ["lets through what a filter says"] = FilterAsync,
        ["takes the same batch twice"] = TwiceAsync,
        ["takes thousands"] = ThousandsAsync,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static Task RunAsync(string name, IVectorIndex index) => All[name](index);

    private static async Task NearestFirstAsync(IVectorIndex index)
    {
        await PutAsync(index, ("c", 1, [2, 0]), ("a", 1, [1, 0]), ("near", 1, [1, 0.1f]), ("far", 1, [0, 1]), ("opposite", 1, [-1, 0]));

        var found = await index.SearchAsync(new(new float[] { 3, 0 }, 10));
        found.Select(hit => hit.Id).ShouldBe(["a", "c", "near", "far", "opposite"]);
        found.Select(hit => (double)hit.Similarity).ShouldBe([1, 1, 0.995, 0, -1], 1e-3);
        (await index.SearchAsync(new(new float[] { 3, 0 }, 10, 0.5f))).Count.ShouldBe(3);
        (await index.SearchAsync(new(new float[] { 3, 0.05f }, 3, Exact: true))).Count.ShouldBe(3);
        (await index.SearchAsync(new(new float[] { 0, 0 }, 10))).ShouldBeEmpty();
        (await index.SearchAsync(new(new float[] { 3, 0 }, 0))).ShouldBeEmpty();
        (await index.CountAsync()).ShouldBe(5);
        await Should.ThrowAsync<ArgumentException>(async () => await index.SearchAsync(new(new float[3], 1)));
    }

    private static async Task UpdateAsync(IVectorIndex index)
    {
        await PutAsync(index, ("a", 1, [1, 0]), ("b", 1, [1, 0.5f]));
        await PutAsync(index, ("a", 2, [0, 1]));

        (await FirstAsync(index, [1, 0])).ShouldBe("b");
        (await FirstAsync(index, [0, 1])).ShouldBe("a");
        (await index.CountAsync()).ShouldBe(2);
    }

    private static async Task StaleAsync(IVectorIndex index)
    {
        float[] vector = [1, 0];
        await index.WriteAsync([VectorWrite.Upsert("a", 5, vector), VectorWrite.Delete("b", 5), VectorWrite.Upsert("c", 9, vector), VectorWrite.Delete("c", 8)]);

        var results = await index.WriteAsync(
            [VectorWrite.Upsert("a", 4, vector), VectorWrite.Delete("a", 4), VectorWrite.Upsert("b", 4, vector), VectorWrite.Upsert("b", 5, vector), VectorWrite.Delete("c", 9)]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Applied, WriteStatus.Applied]);
        (await index.CountAsync()).ShouldBe(2);
        (await index.SearchAsync(new(vector, 10))).Select(hit => hit.Id).ShouldBe(["a", "b"]);
    }

    private static async Task FailsAloneAsync(IVectorIndex index)
    {
        var results = await index.WriteAsync(
            [VectorWrite.Upsert("a", 1, new float[3]), VectorWrite.Upsert("b", 1, new[] { 1, float.NaN }), VectorWrite.Upsert("", 1, new float[] { 1, 2 }), VectorWrite.Upsert("c", 1, new float[] { 1, 2 })]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Failed, WriteStatus.Failed, WriteStatus.Failed, WriteStatus.Applied]);
        results[0].Error.ShouldBe("The vector of 'a' has 3 dimensions, the index 2.");
        (await index.CountAsync()).ShouldBe(1);
    }

    private static async Task NoughtsAsync(IVectorIndex index)
    {
        await PutAsync(index, ("a", 1, [0, 0]), ("b", 1, [0, 3]));

        (await index.SearchAsync(new(new float[] { 1, 1 }, 10))).Select(h => h.Id).ShouldBe(["b"]);
        (await index.CountAsync()).ShouldBe(1);
        await PutAsync(index, ("a", 2, [1, 1]));
        (await FirstAsync(index, [1, 1])).ShouldBe("a");
    }

    private static async Task FilterAsync(IVectorIndex index)
    {
        await index.WriteAsync([.. Enumerable.Range(0, 20).Select(i => VectorWrite.Upsert(VectorGraphTests.Tagged($"d{i}", 1, i % 2 == 0 ? "even" : "odd", i), new float[] { 1, i }))]);
        await index.WriteAsync([VectorWrite.Upsert("bare", 1, new float[] { 1, 1 }), VectorWrite.Delete("d4", 2)]);
        async Task<string> FoundAsync(params VectorCondition[] conditions) =>
            string.Join(' ', (await index.SearchAsync(new(new float[] { 1, 0 }, 100, Filter: new(conditions)))).Select(hit => hit.Id));

        (await FoundAsync(new VectorCondition.Between("n", 2, 8), new VectorCondition.AnyOf("k", "even", "none"))).ShouldBe("d2 d6 d8");
        (await FoundAsync(new VectorCondition.Between("n", 17, null), new VectorCondition.NoneOf("k", "even"))).ShouldBe("d17 d19");
        (await FoundAsync(new VectorCondition.NoneOf("k", "even", "odd"))).ShouldBe("bare");
        (await FoundAsync(new VectorCondition.IdIn(["d7", "d4", "nobody", "bare"]))).ShouldBe("bare d7");
        (await FoundAsync(new VectorCondition.AnyOf("k"))).ShouldBeEmpty();
        (await FoundAsync(new VectorCondition.IdIn([]))).ShouldBeEmpty();
        (await FoundAsync(new VectorCondition.AnyOf("other", "even"))).ShouldBeEmpty();
        (await FoundAsync()).Split(' ').Length.ShouldBe(20);
    }

    private static async Task TwiceAsync(IVectorIndex index)
    {
        (string, long, float[])[] batch = [("a", 1, [1, 0]), ("b", 1, [0, 1])];
        await PutAsync(index, batch);
        await PutAsync(index, batch);

        (await index.CountAsync()).ShouldBe(2);
    }

    private static async Task ThousandsAsync(IVectorIndex index)
    {
        await PutAsync(index, [.. Enumerable.Range(0, 2500).Select(i => ($"d{i:0000}", 1L, new[] { MathF.Cos(i / 1000f), MathF.Sin(i / 1000f) }))]);

        (await index.CountAsync()).ShouldBe(2500);
        (await index.SearchAsync(new(new[] { MathF.Cos(1.5f), MathF.Sin(1.5f) }, 3))).Select(hit => hit.Id).Order(StringComparer.Ordinal).ShouldBe(["d1499", "d1500", "d1501"]);
    }

    private static async Task PutAsync(IVectorIndex index, params (string Id, long Version, float[] Vector)[] vectors) =>
        (await index.WriteAsync([.. vectors.Select(v => VectorWrite.Upsert(v.Id, v.Version, v.Vector))])).ShouldAllBe(r => r.Status == WriteStatus.Applied);

    private static async Task<string> FirstAsync(IVectorIndex index, float[] query) => (await index.SearchAsync(new(query, 1))).Single().Id;
}
