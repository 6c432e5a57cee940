namespace EcommerceAI.Search.Tests.Engines;

/// <summary>What every text engine does, whichever it is, on an empty index of titles with codes.</summary>
internal static class TextBehaviours
{
    private static readonly Dictionary<string, Func<ITextIndex, Task>> All = new()
    {
        ["finds words by their stems and says which"] = FindAsync,
        ["puts a code that the query names first"] = CodeAsync,
        ["replaces, deletes and refuses what is older"] = VersionsAsync,
        ["gives documents back as they were"] = RoundTripAsync,
        ["counts all that match and gives as many as asked"] = CountAsync,
        ["fails one write alone"] = FailsAloneAsync,
        ["finds nothing for nothing"] = NothingAsync,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static Task RunAsync(string name, ITextIndex index) => All[name](index);

    private static async Task FindAsync(ITextIndex index)
    {
        await PutAsync(index, Documents.Titled("1", "Red paper lanterns"), Documents.Titled("2", "Red lamp"), Documents.Titled("3", "Garden spade"));

        var found = await index.SearchAsync(new("red LANTERN"));
        found.Total.ShouldBe(2);
        found.Hits.Select(hit => hit.Id).ShouldBe(["1", "2"]);
        found.Hits[0].MatchedWords.ShouldBe(["red", "lantern"]);
        found.Hits[1].MatchedWords.ShouldBe(["red"]);
        found.Hits.ShouldAllBe(hit => hit.Score > 0 && !hit.IsCode);
    }

    private static async Task CodeAsync(ITextIndex index)
    {
        await PutAsync(index, Documents.Titled("1", "lamp"), Documents.Titled("2", "spade", code: "22423A"));

        var found = await index.SearchAsync(new("22423a lamp"));
        found.Hits.Select(hit => (hit.Id, hit.IsCode)).ShouldBe([("2", true), ("1", false)]);
        found.Hits[0].MatchedWords.ShouldContain("22423a");
        found.Hits[0].Score.ShouldBeGreaterThan(0);
    }

    private static async Task VersionsAsync(ITextIndex index)
    {
        await PutAsync(index, Documents.Titled("a", "lamp", 5), Documents.Titled("b", "lamp", 5));
        (await index.WriteAsync([DocumentWrite.Upsert(Documents.Titled("a", "spade", 6)), DocumentWrite.Delete("b", 6)])).ShouldAllBe(r => r.Status == WriteStatus.Applied);

        var results = await index.WriteAsync(
            [DocumentWrite.Upsert(Documents.Titled("a", "lamp", 5)), DocumentWrite.Upsert(Documents.Titled("b", "lamp", 5)), DocumentWrite.Delete("a", 5), DocumentWrite.Upsert(Documents.Titled("a", "spade", 6))]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Applied]);
        (await index.IdsAsync("lamp")).ShouldBeEmpty();
        (await index.IdsAsync("spade")).ShouldBe(["a"]);
        (await index.CountAsync()).ShouldBe(1);
        (await index.FindAsync(["a", "b"])).Select(d => d.Id).ShouldBe(["a"]);
    }

    private static async Task RoundTripAsync(ITextIndex index)
    {
        var document = new SearchDocument
        {
            Id = "x/1",
            Version = 7,
            Text = new Dictionary<string, string> { ["title"] = "Häuschen \"rot\"", ["note"] = "not searched" },
            Keywords = new Dictionary<string, IReadOnlyList<string>> { ["code"] = ["A1", "B2"], ["colour"] = ["red"] },
            Numbers = new Dictionary<string, double> { ["price"] = 12.5 },
        };
        await PutAsync(index, document, Documents.Titled("y", "lamp"));
        await index.WriteAsync([DocumentWrite.Delete("y", 2)]);

        var all = new List<SearchDocument>();
        await foreach (var each in index.ReadAllAsync()) all.Add(each);
        foreach (var read in new[] { all.Single(), (await index.FindAsync(["x/1", "y", "nobody"])).Single() })
        {
            (read.Id, read.Version).ShouldBe(("x/1", 7));
            read.Text["title"].ShouldBe("Häuschen \"rot\"");
            read.Keywords["code"].ShouldBe(["A1", "B2"]);
            read.Numbers["price"].ShouldBe(12.5);
        }
        (await index.IdsAsync("hauschen")).ShouldBe(["x/1"]);
    }

    private static async Task CountAsync(ITextIndex index)
    {
        await PutAsync(index, [.. Enumerable.Range(0, 1500).Select(i => Documents.Titled($"d{i:0000}", i % 3 == 0 ? "lamp" : "spade"))]);

        var some = await index.SearchAsync(new("lamp", 7));
        (some.Total, some.Hits.Count).ShouldBe((500, 7));
        (await index.SearchAsync(new("lamp", 0))).Total.ShouldBe(500);
        var all = await index.SearchAsync(new("lamp spade"));
        (all.Total, all.Hits.Select(hit => hit.Id).Distinct().Count()).ShouldBe((1500, 1500));
        var read = 0;
        await foreach (var _ in index.ReadAllAsync()) read++;
        read.ShouldBe(1500);
    }

    private static async Task FailsAloneAsync(ITextIndex index)
    {
        var results = await index.WriteAsync([DocumentWrite.Upsert(Documents.Titled("", "lamp")), DocumentWrite.Upsert(Documents.Titled("a", "lamp"))]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Failed, WriteStatus.Applied]);
        (await index.CountAsync()).ShouldBe(1);
    }

    private static async Task NothingAsync(ITextIndex index)
    {
        (await index.SearchAsync(new("lamp"))).Total.ShouldBe(0);
        (await index.SearchAsync(new("  ?! "))).Hits.ShouldBeEmpty();
        (await index.FindAsync([])).ShouldBeEmpty();
    }

    private static async Task PutAsync(ITextIndex index, params SearchDocument[] documents) =>
        (await index.WriteAsync([.. documents.Select(DocumentWrite.Upsert)])).ShouldAllBe(r => r.Status == WriteStatus.Applied);
}
