namespace EcommerceAI.Search.Tests;

public sealed class HybridSearcherTests
{
    [Fact]
    public async Task The_result_set_is_every_keyword_match_and_the_nearest_vectors()
    {
        using var shop = await FilledAsync(500);

        var page = await shop.SearchAsync("baxa");
        var all = await AllHitsAsync(shop, page);

        var matches = await shop.Text.IdsAsync("baxa");
        var leg = shop.Index.Vectors!;
        var near = await leg.Index.SearchAsync(
            new(leg.Embedder.Embed("baxa"), Shop.Patient.VectorLimit, Shop.Patient.MinimumSimilarity));
        all.Select(h => h.Id).Order().ShouldBe(matches.Union(near.Select(n => n.Id)).Order());
        page.Total.ShouldBe(all.Count);
        foreach (var hit in all)
        {
            (hit.Text?.Rank ?? 0).ShouldBe(matches.ToList().IndexOf(hit.Id) + 1);
            (hit.Vector?.Rank ?? 0).ShouldBe(near.Select(n => n.Id).ToList().IndexOf(hit.Id) + 1);
            (hit.MatchedWords.Count > 0).ShouldBe(hit.Text is not null);
        }
        page.Degraded.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_only_resembles_the_query_is_found_by_its_vector()
    {
        using var shop = new Shop();
        await shop.PutAsync(
            Documents.Titled("1", "advent calendar"), Documents.Titled("2", "calendar of wood"), Documents.Titled("3", "garden spade"));
        await shop.Index.TrainAsync();

        var page = await shop.SearchAsync("calendarium");

        page.Hits.Select(h => h.Id).Order().ShouldBe(["1", "2"]);
        page.Hits.ShouldAllBe(h => h.Text == null && h.Vector != null && h.MatchedWords.Count == 0);
    }

    [Fact]
    public async Task A_code_comes_first_whatever_the_legs_say()
    {
        using var shop = new Shop();
        await shop.PutAsync(
            Documents.Titled("1", "white lamp"), Documents.Titled("2", "blue bowl", code: "47591D"), Documents.Titled("3", "white lamp shade"));
        await shop.Index.TrainAsync();

        var page = await shop.SearchAsync("white lamp 47591d");

        page.Hits[0].Id.ShouldBe("2");
        page.Hits[0].IsCode.ShouldBeTrue();
        page.Hits.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("zzzzzzzz")]
    public async Task A_query_that_means_nothing_has_an_empty_result(string query)
    {
        using var shop = await FilledAsync(50);

        var page = await shop.SearchAsync(query);

        page.Total.ShouldBe(0);
        page.Hits.ShouldBeEmpty();
        page.NextCursor.ShouldBeNull();
    }

    [Fact]
    public async Task A_page_never_repeats_or_loses_a_hit_while_documents_change()
    {
        using var shop = await FilledAsync(400);
        var random = new Random(12);
        for (var walk = 0; walk < 15; walk++)
        {
            var page = await shop.SearchAsync(Documents.Words(random, 1, 3), random.Next(1, 40));
            var expected = page.Total;
            var seen = page.Hits.Select(h => h.Id).ToList();
            while (page.NextCursor is { } cursor)
            {
                await shop.Index.WriteAsync([.. Enumerable.Range(0, 20).Select(i =>
                    i % 2 == 0
                        ? DocumentWrite.Upsert(Documents.Random(random, random.Next(400), long.MaxValue - 1))
                        : DocumentWrite.Delete($"d{random.Next(400):000}", long.MaxValue - 1))]);
                page = await shop.GoOnAsync(cursor, random.Next(1, 40));
                page.Total.ShouldBe(expected);
                seen.AddRange(page.Hits.Select(h => h.Id));
            }
            seen.Count.ShouldBe(expected);
            seen.Distinct().Count().ShouldBe(expected);
        }
    }

    [Fact]
    public async Task A_cursor_gives_the_same_page_each_time()
    {
        using var shop = await FilledAsync(100);
        var cursor = (await shop.SearchAsync("baxa", 2)).NextCursor.ShouldNotBeNull();

        var once = await shop.GoOnAsync(cursor, 3);
        var again = await shop.GoOnAsync(cursor, 3);

        again.Hits.ShouldBe(once.Hits);
    }

    [Fact]
    public async Task A_cursor_that_is_not_ours_is_refused()
    {
        using var shop = await FilledAsync(100);
        var cursor = (await shop.SearchAsync("baxa", 2)).NextCursor.ShouldNotBeNull();
        var random = new Random(1);
        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = cursor[..i] + (cursor[i] == 'A' ? 'Q' : 'A') + cursor[(i + 1)..];
            var outcome = await shop.Searcher.SearchAsync(new() { Cursor = changed });
            // The last letter has bits that say nothing.
            if (i < cursor.Length - 1) outcome.ShouldBeOfType<SearchRefused>().Code.ShouldBe(SearchRefusalCodes.CursorInvalid);
        }
        string[] made = ["", " ", "x", cursor + "A", cursor[1..], "%%%", "é", new string('A', cursor.Length), new string('=', cursor.Length),
            .. Enumerable.Range(0, 200).Select(_ => new string([.. Enumerable.Range(0, cursor.Length).Select(_ => (char)random.Next(32, 300))]))];
        foreach (var wrong in made)
            (await shop.RefusalAsync(new() { Cursor = wrong })).Code.ShouldBe(SearchRefusalCodes.CursorInvalid, wrong);
    }

    [Fact]
    public async Task A_cursor_with_another_text_is_refused()
    {
        using var shop = await FilledAsync(100);
        var cursor = (await shop.SearchAsync("baxa", 2)).NextCursor;

        (await shop.RefusalAsync(new() { Text = "other", Cursor = cursor })).Code.ShouldBe(SearchRefusalCodes.CursorOfAnotherSearch);
        (await shop.Searcher.SearchAsync(new() { Text = "baxa", Cursor = cursor })).ShouldBeOfType<SearchPage>();
    }

    [Fact]
    public async Task A_cursor_expires_when_it_was_long_not_used()
    {
        var time = new SetTime();
        using var shop = await FilledAsync(100, new() { Deadline = TimeSpan.FromMinutes(1), PinLifetime = TimeSpan.FromMinutes(5) }, time);
        var cursor = (await shop.SearchAsync("baxa", 2)).NextCursor.ShouldNotBeNull();

        time.Advance(TimeSpan.FromMinutes(4));
        await shop.GoOnAsync(cursor);
        time.Advance(TimeSpan.FromMinutes(4));
        await shop.GoOnAsync(cursor);
        time.Advance(TimeSpan.FromMinutes(6));

        (await shop.RefusalAsync(new() { Cursor = cursor })).Code.ShouldBe(SearchRefusalCodes.CursorExpired);
    }

    [Fact]
    public async Task Kept_results_are_bounded_and_the_longest_unused_go_first()
    {
        using var shop = await FilledAsync(100, new() { Deadline = TimeSpan.FromMinutes(1), MostPinnedHits = 30 });
        var first = (await shop.SearchAsync("baxa", 1)).NextCursor;
        var newest = first;
        for (var i = 0; i < 20; i++) newest = (await shop.SearchAsync("baxa", 1)).NextCursor;

        (await shop.RefusalAsync(new() { Cursor = first })).Code.ShouldBe(SearchRefusalCodes.CursorExpired);
        await shop.GoOnAsync(newest.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_request_out_of_range_is_refused_by_field()
    {
        using var shop = new Shop();
        foreach (var size in new[] { int.MinValue, 0, 101 })
            (await shop.RefusalAsync(new() { Text = "lamp", PageSize = size })).ShouldSatisfyAllConditions(
                r => r.Code.ShouldBe(SearchRefusalCodes.PageSizeOutOfRange), r => r.Field.ShouldBe("pageSize"));
        (await shop.RefusalAsync(new())).Code.ShouldBe(SearchRefusalCodes.TextMissing);
        (await shop.RefusalAsync(new() { Text = new string('x', 100_001) })).Code.ShouldBe(SearchRefusalCodes.TextTooLong);
    }

    private static async Task<Shop> FilledAsync(int documents, HybridSearchOptions? options = null, TimeProvider? time = null)
    {
        var random = new Random(9);
        var shop = new Shop(options, time);
        await shop.PutAsync([.. Enumerable.Range(0, documents).Select(i => Documents.Random(random, i, 1)), Documents.Titled("x1", "baxa"),
            Documents.Titled("x2", "baxa baxa"), Documents.Titled("x3", "baxa lamp"), Documents.Titled("x4", "a baxa")]);
        await shop.Index.TrainAsync();
        return shop;
    }

    private static async Task<List<SearchHit>> AllHitsAsync(Shop shop, SearchPage page)
    {
        var hits = page.Hits.ToList();
        while (page.NextCursor is { } cursor)
        {
            page = await shop.GoOnAsync(cursor);
            hits.AddRange(page.Hits);
        }
        return hits;
    }

    /// <summary>A clock that is moved by hand for ages; its timers are the system's.</summary>
    private sealed class SetTime : TimeProvider
    {
        private TimeSpan _ahead;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(_ahead.TotalSeconds * TimestampFrequency);

        public void Advance(TimeSpan by) => _ahead += by;
    }
}
