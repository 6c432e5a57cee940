namespace EcommerceAI.Search.Tests;

/// <summary>The embedded text index against a ranking by brute force.</summary>
public sealed class TextIndexRankingTests
{
    private static readonly TextIndexOptions Options = new() { Fields = [new("title", 3, 0.5), new("description", 1, 0.75)] };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Totals_order_and_scores_are_those_of_the_formula_after_any_history_of_writes(int seed)
    {
        var random = new Random(seed);
        var index = new EmbeddedTextIndex(Options);
        var held = new Dictionary<string, SearchDocument>();
        for (var step = 1; step <= 60; step++)
        {
            var writes = new List<DocumentWrite>();
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                var document = Documents.Random(random, random.Next(150), step * 100 - i);
                var delete = random.Next(4) == 0;
                writes.Add(delete ? DocumentWrite.Delete(document.Id, document.Version) : DocumentWrite.Upsert(document));
                held.Remove(document.Id);
                if (!delete) held[document.Id] = document;
            }
            await index.WriteAsync(writes);
            if (step % 6 == 0) await ShouldRankAsTheFormulaAsync(index, held.Values, random);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task A_limit_cuts_the_list_and_not_the_total(int limit)
    {
        var random = new Random(11);
        var index = new EmbeddedTextIndex(Options);
        await index.PutAsync([.. Enumerable.Range(0, 300).Select(i => Documents.Random(random, i, 1))]);
        var query = Documents.Words(random, 3, 3);

        var all = await index.SearchAsync(new(query));
        var some = await index.SearchAsync(new(query, limit));

        some.Total.ShouldBe(all.Total);
        some.Hits.Select(h => (h.Id, h.Score)).ShouldBe(all.Hits.Take(limit).Select(h => (h.Id, h.Score)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_is_passed_over_would_not_have_been_among_the_best(int seed)
    {
        var random = new Random(seed);
        var index = new EmbeddedTextIndex(Options);
        // Several segments of several blocks, the later ones of shorter documents, so that the average lengths move away from the first's.
        for (var batch = 0; batch < 5; batch++)
            await index.PutAsync([.. Enumerable.Range(0, 900 - 150 * batch).Select(i => batch < 3
                ? Documents.Random(random, batch * 1000 + i, 1)
                : Documents.Titled($"s{batch}-{i}", Documents.Words(random, 1, 2)))]);
        await index.WriteAsync([.. Enumerable.Range(0, 300).Select(i => DocumentWrite.Delete($"d{random.Next(2500):000}", 2))]);
        for (var i = 0; i < 60; i++)
        {
            var query = Documents.Words(random, 1, 5);
            var all = await index.SearchAsync(new(query));
            foreach (var limit in new[] { 1, 5, 20, 100 })
            {
                var best = await index.SearchAsync(new(query, limit));
                best.Total.ShouldBe(all.Hits.Count);
                best.Hits.Select(h => (h.Id, h.Score, h.Coverage)).ShouldBe(all.Hits.Take(limit).Select(h => (h.Id, h.Score, h.Coverage)));
            }
        }
    }

    [Fact]
    public async Task Equal_scores_are_ordered_by_id()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync([.. new[] { "c", "a", "B", "b" }.Select(id => Documents.Titled(id, "red lamp"))]);

        (await index.IdsAsync("lamp")).ShouldBe(["B", "a", "b", "c"]);
    }

    [Fact]
    public async Task A_document_with_more_of_the_words_comes_first()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(
            Documents.Titled("1", "pink pink pink"), Documents.Titled("2", "pink lamp with a long name and a shade"),
            Documents.Titled("3", "lamp"), Documents.Titled("4", "pink bowl"), Documents.Titled("5", "green lamp"));

        (await index.IdsAsync("pink lamp"))[0].ShouldBe("2");
    }

    [Fact]
    public async Task Each_hit_names_the_words_that_it_matches()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", "Candles of the café"), Documents.Titled("2", "a café"));

        var hits = (await index.SearchAsync(new("the candle CAFÉ"))).Hits;

        hits.ToDictionary(h => h.Id, h => string.Join(' ', h.MatchedWords)).ShouldBe(
            new Dictionary<string, string> { ["1"] = "candle cafe", ["2"] = "cafe" }, ignoreOrder: true);
    }

    private static async Task ShouldRankAsTheFormulaAsync(EmbeddedTextIndex index, Dictionary<string, SearchDocument>.ValueCollection held, Random random)
    {
        (await index.CountAsync()).ShouldBe(held.Count);
        var naive = new NaiveRanking(held, Options);
        for (var i = 0; i < 5; i++)
        {
            var query = Documents.Words(random, 1, 5);
            var found = await index.SearchAsync(new(query));
            var expected = naive.Rank(query);
            found.Total.ShouldBe(expected.Count);
            found.Hits.Count.ShouldBe(expected.Count);
            var scores = expected.ToDictionary(e => e.Id, e => e.Score);
            foreach (var hit in found.Hits) hit.Score.ShouldBe(scores[hit.Id], 1e-9);
            found.Hits.Select(h => h.Score).ShouldBe(expected.Select(e => e.Score), 1e-9);
        }
    }
}
