namespace EcommerceAI.Search.Tests;

public sealed class VectorFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"vectors-{Guid.NewGuid():N}");

    [Fact]
    public async Task What_was_saved_is_loaded_and_goes_on_as_if_it_had_never_stopped()
    {
        var options = new VectorIndexOptions { ScanUpTo = 100, BuildBreadth = 32 };
        var (index, vectors, source) = await VectorGraphTests.FilledAsync(1500, 10, cluster => $"c{cluster}", options);
        await index.WriteAsync([VectorWrite.Delete("d1", 7), VectorWrite.Upsert("d2", 7, new float[32])]);
        index.Save(_path, "model");

        var loaded = EmbeddedVectorIndex.Load(_path, "model", options);

        var more = vectors.Take(200).Select((v, i) => VectorWrite.Upsert(VectorGraphTests.Tagged($"more{i}", 1, "c1", i), source.Next().Vector)).ToList();
        foreach (var each in new[] { index, loaded })
        {
            await each.WriteAsync(more);
            (await each.WriteAsync([VectorWrite.Upsert("d1", 6, source.Next().Vector)])).Single().Status.ShouldBe(WriteStatus.Stale);
        }
        (await loaded.CountAsync()).ShouldBe(await index.CountAsync());
        for (var i = 0; i < 20; i++)
        {
            var query = source.Next().Vector;
            VectorQuery[] queries = [new(query, 10), new(query, 10, Filter: new(new VectorCondition.AnyOf("k", "c1"), new VectorCondition.Between("n", 0.1, 0.9)))];
            foreach (var each in queries) (await loaded.SearchAsync(each)).ShouldBe(await index.SearchAsync(each));
        }
    }

    [Fact]
    public async Task An_empty_index_is_saved_and_loaded()
    {
        new EmbeddedVectorIndex(3).Save(_path, "");

        (await EmbeddedVectorIndex.Load(_path, "").CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_damaged_file_is_refused_wherever_the_damage_is()
    {
        var (index, _, _) = await VectorGraphTests.FilledAsync(150, 3);
        index.Save(_path, "model");
        var whole = await File.ReadAllBytesAsync(_path);
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[i < 10 ? i : random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(_path, damaged);
            Should.Throw<VectorFileException>(() => EmbeddedVectorIndex.Load(_path, "model", new() { ScanUpTo = 100 })).Message.ShouldContain(_path);
        }
        foreach (var length in new[] { 0, 5, 40, whole.Length / 2, whole.Length - 1 })
        {
            await File.WriteAllBytesAsync(_path, whole[..length]);
            Should.Throw<VectorFileException>(() => EmbeddedVectorIndex.Load(_path, "model"));
        }
    }

    [Fact]
    public void Vectors_of_another_model_or_graph_are_refused_by_name()
    {
        new EmbeddedVectorIndex(3).Save(_path, "words 1");

        Should.Throw<VectorFileException>(() => EmbeddedVectorIndex.Load(_path, "words 2")).Message
            .ShouldContain("they are of the model 'words 1', not 'words 2'");
        Should.Throw<VectorFileException>(() => EmbeddedVectorIndex.Load(_path, "words 1", new() { Links = 8 })).Message
            .ShouldContain("16 links each, not 8");
    }

    [Fact]
    public void A_save_that_fails_leaves_the_file_before_as_it_was()
    {
        var index = new EmbeddedVectorIndex(3);
        index.Save(_path, "first");
        Directory.CreateDirectory(_path + ".partial");

        Should.Throw<UnauthorizedAccessException>(() => index.Save(_path, "second"));

        Directory.Delete(_path + ".partial");
        EmbeddedVectorIndex.Load(_path, "first").Dimensions.ShouldBe(3);
    }

    public void Dispose() => File.Delete(_path);
}
