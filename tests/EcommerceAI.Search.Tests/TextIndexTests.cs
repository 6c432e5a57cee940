namespace EcommerceAI.Search.Tests;

public sealed class TextIndexTests
{
    [Fact]
    public async Task A_write_older_than_what_is_held_is_refused_and_one_of_the_same_version_is_not()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", "lamp", version: 5));

        var results = await index.WriteAsync(
        [
            DocumentWrite.Upsert(Documents.Titled("1", "bowl", version: 4)),
            DocumentWrite.Delete("1", 3),
            DocumentWrite.Upsert(Documents.Titled("1", "lamp", version: 5)),
        ]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Stale, WriteStatus.Stale, WriteStatus.Applied]);
        (await index.IdsAsync("lamp")).ShouldBe(["1"]);
        (await index.IdsAsync("bowl")).ShouldBeEmpty();
        (await index.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_document_is_not_brought_back_by_an_older_write()
    {
        var index = Documents.TitleIndex();
        await index.WriteAsync([DocumentWrite.Delete("1", 9)]);

        (await index.WriteAsync([DocumentWrite.Upsert(Documents.Titled("1", "lamp", version: 8))]))[0].Status.ShouldBe(WriteStatus.Stale);
        (await index.CountAsync()).ShouldBe(0);
        await index.PutAsync(Documents.Titled("1", "lamp", version: 10));
        (await index.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Within_a_batch_the_newest_write_of_an_id_wins()
    {
        var index = Documents.TitleIndex();

        var results = await index.WriteAsync(
        [
            DocumentWrite.Upsert(Documents.Titled("1", "lamp", version: 1)),
            DocumentWrite.Upsert(Documents.Titled("1", "bowl", version: 3)),
            DocumentWrite.Upsert(Documents.Titled("1", "mug", version: 2)),
            DocumentWrite.Upsert(Documents.Titled("", "no id")),
        ]);

        results.Select(r => r.Status).ShouldBe([WriteStatus.Applied, WriteStatus.Applied, WriteStatus.Stale, WriteStatus.Failed]);
        (await index.FindAsync(["1", "2"])).Single().Text["title"].ShouldBe("bowl");
        (await index.IdsAsync("lamp bowl mug")).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData("85123a")]
    [InlineData("85123A")]
    [InlineData(" 85123A ")]
    [InlineData("white lamp 85123a")]
    public async Task A_code_puts_its_document_first(string query)
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(
            Documents.Titled("1", "white lamp white lamp 85123A"), Documents.Titled("2", "a thing", code: "85123A"),
            Documents.Titled("3", "another", code: "85123B"), Documents.Titled("4", "white lamp"));

        var best = (await index.SearchAsync(new(query))).Hits[0];

        best.Id.ShouldBe("2");
        best.IsCode.ShouldBeTrue();
        best.MatchedWords.ShouldContain("85123a");
    }

    [Fact]
    public async Task A_code_is_found_however_it_is_punctuated_and_not_by_a_part_of_it()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", "thing", code: "AB-12 C"), Documents.Titled("2", "thing", code: "AB-12"));

        (await index.IdsAsync("ab12c")).ShouldBe(["1"]);
        (await index.IdsAsync("AB-12-C")).ShouldBe(["1"]);
        (await index.IdsAsync("ab-12")).ShouldBe(["2"]);
        (await index.IdsAsync("ab-1")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("tea towel", "teatowels")]
    [InlineData("doormat", "door mats")]
    public async Task A_compound_is_found_written_as_one_or_as_two(string title, string query)
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", title), Documents.Titled("2", "lamp"));

        (await index.IdsAsync(query)).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Stop_words_are_left_out_unless_there_is_nothing_else()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", "the who"), Documents.Titled("2", "the lamp"));

        (await index.IdsAsync("the lamp")).ShouldBe(["2"]);
        (await index.IdsAsync("the who")).ShouldBe(["1", "2"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("?!… — '")]
    [InlineData("\ud800")]
    public async Task A_query_without_words_finds_nothing(string query)
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", "lamp"));

        (await index.SearchAsync(new(query))).Total.ShouldBe(0);
    }

    [Fact]
    public async Task A_query_of_ten_thousand_characters_is_answered_by_its_first_words()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync(Documents.Titled("1", "lamp"), Documents.Titled("2", "w1999"));
        var query = "lamp " + string.Join(' ', Enumerable.Range(0, 2000).Select(i => $"w{i}"));
        query.Length.ShouldBeGreaterThan(10_000);

        (await index.IdsAsync(query)).ShouldBe(["1"]);
        (await index.IdsAsync(new string('x', 10_000))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Readers_see_whole_batches_while_a_writer_writes()
    {
        const int Width = 10;
        const int Rounds = 400;
        var index = Documents.TitleIndex();
        await WriteRoundAsync(0);
        var done = false;
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
        {
            var searches = 0;
            while (!Volatile.Read(ref done) || searches == 0)
            {
                var hits = (await index.SearchAsync(new("lamp round"))).Hits;
                hits.Count.ShouldBe(Width);
                // All documents of a round have the same words, so one score; a mixture of two rounds would have two.
                hits.Select(h => h.Score).Distinct().Count().ShouldBe(1);
                searches++;
            }
            return searches;
        })).ToList();

        for (var round = 1; round <= Rounds; round++) await WriteRoundAsync(round);
        Volatile.Write(ref done, true);

        (await Task.WhenAll(readers)).ShouldAllBe(searches => searches > 0);

        async Task WriteRoundAsync(int round) => await index.PutAsync(
            [.. Enumerable.Range(0, Width).Select(i => Documents.Titled($"d{i}", string.Join(' ', Enumerable.Repeat("lamp", 1 + round % 3)), round))]);
    }

    [Fact]
    public async Task Reading_all_gives_what_was_there_at_the_call()
    {
        var index = Documents.TitleIndex();
        await index.PutAsync([.. Enumerable.Range(0, 50).Select(i => Documents.Titled($"d{i}", "lamp"))]);
        await index.WriteAsync([DocumentWrite.Delete("d7", 2)]);

        var read = new List<string>();
        await foreach (var document in index.ReadAllAsync())
        {
            if (read.Count == 0) await index.WriteAsync([.. Enumerable.Range(0, 50).Select(i => DocumentWrite.Delete($"d{i}", 3))]);
            read.Add(document.Id);
        }

        read.Order().ShouldBe(Enumerable.Range(0, 50).Where(i => i != 7).Select(i => $"d{i}").Order());
        (await index.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public void Options_out_of_range_are_refused_by_name()
    {
        Should.Throw<ArgumentException>(() => new EmbeddedTextIndex(new() { Fields = [] })).Message.ShouldContain("1 to 16 fields");
        Should.Throw<ArgumentException>(() => new EmbeddedTextIndex(new() { Fields = [new("title", 0)] })).Message.ShouldContain("'title'");
        Should.Throw<ArgumentException>(() => new EmbeddedTextIndex(new() { Fields = [new("title", 1, 2)] })).Message.ShouldContain("0 to 1");
        Should.Throw<ArgumentException>(() => new EmbeddedTextIndex(new() { Fields = [new("title")], Saturation = double.NaN }))
            .Message.ShouldContain("saturation");
    }
}
