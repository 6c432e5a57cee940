using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class AppendTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Versions_start_at_1_and_the_expected_version_decides()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var store = database.Store;
        (await store.AppendAsync("count-1", ExpectedVersion.Exactly(1), [new Counted()]))
            .ShouldBe(new AppendResult.VersionConflict("count-1", ExpectedVersion.Exactly(1), 0));
        (await store.AppendAsync("count-1", ExpectedVersion.NoStream, [new Counted(), new Counted()])).ShouldBeOfType<AppendResult.Appended>().Versions.ShouldBe([2]);
        (await store.AppendAsync("count-1", ExpectedVersion.NoStream, [new Counted()]))
            .ShouldBe(new AppendResult.VersionConflict("count-1", ExpectedVersion.NoStream, 2));
        (await store.AppendAsync("count-1", ExpectedVersion.Exactly(2), [new Counted()])).ShouldBeOfType<AppendResult.Appended>().Versions.ShouldBe([3]);
        var last = (await store.AppendAsync("count-1", ExpectedVersion.Any, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
        last.Versions.ShouldBe([4]);
        var events = await store.Reader.ReadStreamAsync("count-1").ToListAsync();
        events.Select(@event => @event.Version).ShouldBe([1, 2, 3, 4]);
        events[^1].Position.ShouldBe(last.Position);
        (await database.ScalarAsync<long>("select version from events.mt_streams")).ShouldBe(4);
    }

    [Fact]
    public async Task An_append_to_several_streams_is_written_whole_or_not_at_all()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("b", ExpectedVersion.NoStream, [new Counted()]);
        static StreamAppend To(string streamId, long expected) => new(streamId, new ExpectedVersion(expected), [new NewEvent(new Counted()), new NewEvent(new Counted())]);
        (await database.Store.AppendAsync(new AppendRequest([To("a", 0), To("b", 7), To("c", 0)])))
            .ShouldBe(new AppendResult.VersionConflict("b", new ExpectedVersion(7), 1));
        (await database.CountEventsAsync()).ShouldBe(1);
        (await database.ScalarAsync<long>("select count(*) from events.mt_streams")).ShouldBe(1);

        var appended = (await database.Store.AppendAsync(new AppendRequest([To("c", 0), To("b", 1), To("a", -1)]))).ShouldBeOfType<AppendResult.Appended>();
        appended.Versions.ShouldBe([2, 3, 2]);
        (await database.LinesAsync("select stream_id, version from events.mt_events order by seq_id"))
            .ShouldBe(["b 1", "c 1", "c 2", "b 2", "b 3", "a 1", "a 2"]);
        appended.Position.ShouldBe(await database.LastDrawnAsync());
    }

    [Fact]
    public async Task An_archived_stream_takes_no_more_events()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted()]);
        await database.ExecuteAsync("update events.mt_streams set is_archived = true");
        foreach (var expected in new[] { ExpectedVersion.Any, ExpectedVersion.Exactly(1), ExpectedVersion.NoStream })
            (await database.Store.AppendAsync("a", expected, [new Counted()])).ShouldBe(new AppendResult.StreamArchived("a"));
        (await database.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_receipt_is_there_exactly_when_its_events_are()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var request = TestEvents.Request("a", new NewEvent(new Counted())) with { Receipt = TestEvents.Receipt("k") };
        var appended = (await database.Store.AppendAsync(request)).ShouldBeOfType<AppendResult.Appended>();
        (await database.ScalarAsync<long>("select position from bookkeeping.receipts")).ShouldBe(appended.Position);
        (await database.Store.AppendAsync(request)).ShouldBe(new AppendResult.ReceiptExists("someone", "k"));
        var conflicting = new AppendRequest([new StreamAppend("a", ExpectedVersion.NoStream, [new NewEvent(new Counted())])], null, TestEvents.Receipt("k2"));
        (await database.Store.AppendAsync(conflicting)).ShouldBeOfType<AppendResult.VersionConflict>();
        (await database.Store.AppendAsync(new AppendRequest([], null, TestEvents.Receipt("alone")))).ShouldBeOfType<AppendResult.Appended>().Position.ShouldBe(0);
        (await database.LinesAsync("select key, position from bookkeeping.receipts order by key")).ShouldBe(["alone 0", $"k {appended.Position}"]);
        (await database.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Losers_draw_no_number_so_the_log_has_no_hole()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        // Two nodes race for the same new streams, the same existing ones and the same receipts.
        var results = await Task.WhenAll(Enumerable.Range(0, 600).Select(i =>
        {
            var stream = new StreamAppend($"s-{i / 2 % 100}", ExpectedVersion.Exactly(i / 200), [new NewEvent(new Counted()), new NewEvent(new Counted())]);
            return (i % 2 == 0 ? database.Store : other).AppendAsync(new AppendRequest([stream], null, TestEvents.Receipt($"k-{i / 2}")));
        }));
        var won = results.Count(result => result is AppendResult.Appended);
        won.ShouldBeGreaterThanOrEqualTo(100);
        (await database.CountEventsAsync()).ShouldBe(2 * won);
        (await database.LastDrawnAsync()).ShouldBe(2 * won);
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.receipts")).ShouldBe(won);
    }

    [Fact]
    public async Task A_race_for_one_receipt_has_one_winner_and_every_loser_is_told_so()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? database.Store : other).AppendAsync(
            TestEvents.Request($"s-{i}", new NewEvent(new Counted())) with { Receipt = TestEvents.Receipt($"k-{i % 10}") })));
        results.Count(result => result is AppendResult.Appended).ShouldBe(10);
        results.Count(result => result is AppendResult.ReceiptExists).ShouldBe(190);
        (await database.CountEventsAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task A_race_for_one_new_stream_without_expected_version_is_won_by_all()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? database.Store : other).AppendAsync($"s-{i / 4}", ExpectedVersion.Any, [new Counted()])));
        results.ShouldAllBe(result => result is AppendResult.Appended);
        (await database.LinesAsync("select distinct version from events.mt_streams")).ShouldBe(["4"]);
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("Pacific/Auckland")]
    public async Task A_moment_is_the_one_given_or_that_of_the_database_wherever_its_server_stands(string timeZone)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync($"do $$ begin execute format('alter database %I set timezone = ''{timeZone}''', current_database()); end $$");
        await using var store = await database.OpenAsync();
        var given = new DateTimeOffset(2011, 6, 1, 12, 30, 0, TimeSpan.FromHours(1)).AddTicks(10);
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        await store.AppendAsync(TestEvents.Request("a", new NewEvent(new Counted(), null, given), new NewEvent(new Counted())));
        var events = await store.Reader.ReadStreamAsync("a").ToListAsync();
        events[0].Timestamp.ShouldBe(given);
        events[1].Timestamp.ShouldBeInRange(before, DateTimeOffset.UtcNow.AddSeconds(2));
    }

    [Fact]
    public async Task What_is_written_is_what_is_read_to_the_letter()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        const string text = "zażółć 木 \U0001F6D2 \u0001\u001f\" \\ \\u0000 </script> \u2028 ﬀ é";
        using var json = JsonDocument.Parse("""{"a":[1,2.50,-0.001,true,null,{"b":"\u00e9"}],"n":12345678901234567890123456789.123456789}""");
        var written = new Anything(
            json.RootElement.Clone(), new Dictionary<string, string>(StringComparer.Ordinal) { [text] = text }, '木', decimal.MaxValue, double.MaxValue, long.MinValue, text);
        var id = Guid.NewGuid();
        var metadata = new EventMetadata(text, "cause", new Dictionary<string, string>(StringComparer.Ordinal) { ["h"] = text });
        await database.Store.AppendAsync(TestEvents.Request("a " + text, new NewEvent(written, id)) with { Metadata = metadata });
        var @event = await database.Store.Reader.ReadStreamAsync("a " + text).SingleAsync();
        var read = @event.Data.ShouldBeOfType<Anything>();
        read.Text.ShouldBe(text);
        read.Map.ShouldBe(written.Map);
        (read.Letter, read.Amount, read.Real, read.Big).ShouldBe(('木', decimal.MaxValue, double.MaxValue, long.MinValue));
        JsonElement.DeepEquals(read.Json!.Value, json.RootElement).ShouldBeTrue();
        read.Json.Value.GetProperty("a")[1].GetRawText().ShouldBe("2.50");
        (@event.Id, @event.Type, @event.Metadata.CorrelationId, @event.Metadata.Headers!["h"]).ShouldBe((id, "anything", text, text));
        (await database.ScalarAsync<string>("select mt_dotnet_type from events.mt_events")).ShouldBe("EcommerceAI.EventSourcing.Tests.Anything, EcommerceAI.EventSourcing.Tests");
    }

    [Fact]
    public async Task An_append_that_makes_no_sense_is_refused_before_it_is_sent()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var one = new StreamAppend("a", ExpectedVersion.Any, [new NewEvent(new Counted())]);
        Should.Throw<ArgumentException>(() => database.Store.AppendAsync(new AppendRequest([one, one]))).Message.ShouldContain("named twice");
        Should.Throw<ArgumentException>(() => database.Store.AppendAsync(new AppendRequest([one with { Events = [] }]))).Message.ShouldContain("No event");
        Should.Throw<ArgumentException>(() => database.Store.AppendAsync(new AppendRequest([one with { StreamId = "" }])));
        Should.Throw<ArgumentException>(() => database.Store.AppendAsync(new AppendRequest([one with { StreamId = new string('x', 501) }])));
        Should.Throw<InvalidOperationException>(() => database.Store.AppendAsync("a", ExpectedVersion.Any, ["unregistered"])).Message.ShouldContain("not a registered event");
        (await database.LastDrawnAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task What_an_append_reads_does_not_grow_with_the_streams_that_there_are()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("s", ExpectedVersion.NoStream, [new Counted()]);
        await database.ExecuteAsync(
            """
            insert into events.mt_streams (id, version, timestamp, created, is_archived) select 'old-' || n, 1, now(), now(), false from generate_series(1, 5000) n;
            analyze events.mt_streams
            """);
        for (var i = 0; i < 50; i++)
        {
            var added = new StreamAppend($"n-{i}", ExpectedVersion.NoStream, [new NewEvent(new Counted())]);
            await database.Store.AppendAsync(new AppendRequest([added, new StreamAppend("s", ExpectedVersion.Any, [new NewEvent(new Counted())])]));
            // One that does not fit has its reasons looked for.
            (await database.Store.AppendAsync(new AppendRequest(
                [added with { StreamId = $"m-{i}" }, new StreamAppend("s", ExpectedVersion.Exactly(99), [new NewEvent(new Counted())])])))
                .ShouldBeOfType<AppendResult.VersionConflict>();
        }

        // Each session tells what it has read a second later.
        await Wait.UntilAsync(
            () => database.ScalarAsync<bool>("select n_tup_ins >= 5051 from pg_stat_user_tables where relname = 'mt_streams'"), "the statistics");
        (await database.ScalarAsync<long>("select idx_tup_fetch + seq_tup_read from pg_stat_user_tables where relname = 'mt_streams'"))
            .ShouldBeLessThan(5_000);
    }
}
