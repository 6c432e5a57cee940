using System.Text;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class LogImportTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Everything =
        """
        select row_to_json(e)::jsonb - 'tenant_id' - 'bdata' from events.mt_events e
        union all select row_to_json(s)::jsonb - 'tenant_id' from events.mt_streams s order by 1
        """;

    [Fact]
    public async Task A_view_brought_into_an_empty_store_is_that_store_to_the_letter_in_every_column()
    {
        await using var source = await SourceAsync();
        await using var target = await TestDatabase.CreateAsync(postgres);
        var (streams, events) = await ReadAsync(source.Store);
        var result = await ImportAsync(target.Store, LogImportMode.IntoEmpty, streams, events);
        result.ShouldBe(new LogImportResult(4, 6, 7));
        (await target.LinesAsync(Everything)).ShouldBe(await source.LinesAsync(Everything));
        // What comes next stands above what was brought in.
        (await target.Store.AppendAsync("count-2", ExpectedVersion.Exactly(2), [new Counted()])).ShouldBeOfType<AppendResult.Appended>().Position.ShouldBe(8);
        (await target.Store.AppendAsync("count-1", ExpectedVersion.Any, [new Counted()])).ShouldBeOfType<AppendResult.StreamArchived>();
    }

    [Fact]
    public async Task Positions_are_drawn_anew_beside_what_is_there_and_the_order_stays()
    {
        await using var source = await SourceAsync();
        await using var target = await TestDatabase.CreateAsync(postgres);
        await target.Store.AppendAsync("mine", ExpectedVersion.NoStream, [new Counted(), new Counted()]);
        var (streams, events) = await ReadAsync(source.Store);
        (await ImportAsync(target.Store, LogImportMode.Append, streams, events)).ShouldBe(new LogImportResult(4, 6, 8));
        const string order = "select stream_id, version, id from events.mt_events where stream_id <> 'mine' order by seq_id";
        (await target.LinesAsync(order)).ShouldBe(await source.LinesAsync(order));
        (await target.Store.ReadAllAsync(0).CountAsync()).ShouldBe(4);
    }

    [Fact]
    public async Task Streams_are_made_from_their_events_where_none_is_told()
    {
        await using var target = await TestDatabase.CreateAsync(postgres);
        await ImportAsync(target.Store, LogImportMode.IntoEmpty, [], [Event("a", 1, day: 3), Event("b", 1, day: 1), Event("a", 2, day: 9)]);
        (await target.LinesAsync("select id, version, extract(day from created at time zone 'UTC'), extract(day from timestamp at time zone 'UTC'), is_archived from events.mt_streams order by id"))
            .ShouldBe(["a 2 3 9 False", "b 1 1 1 False"]);
    }

    [Fact]
    public async Task What_does_not_hold_together_is_told_by_its_line_and_nothing_is_written()
    {
        await using var target = await TestDatabase.CreateAsync(postgres);
        async Task Refuse(long? line, string what, LogImportMode mode, List<StoredStream> streams, params List<StoredEvent> events)
        {
            var refusal = await Should.ThrowAsync<LogImportException>(() => ImportAsync(target.Store, mode, streams, events));
            refusal.Message.ShouldContain(what);
            refusal.Line.ShouldBe(line);
            (await target.CountEventsAsync()).ShouldBe(0);
            (await target.ScalarAsync<long>("select count(*) from events.mt_streams")).ShouldBe(0);
        }

        var stream = new StoredStream("a", null, 2, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, false);
        await Refuse(2, "version 3 of 'a' stands where version 2 should", LogImportMode.IntoEmpty, [], Event("a", 1), Event("a", 3));
        await Refuse(3, "version 1 of 'a' stands where version 2 should", LogImportMode.IntoEmpty, [], Event("a", 1), Event("b", 1), Event("a", 1));
        await Refuse(1, "should have 2 events and has 1; is the file cut off?", LogImportMode.IntoEmpty, [stream], Event("a", 1));
        await Refuse(1, "should have 2 events and has 0", LogImportMode.IntoEmpty, [stream]);
        await Refuse(2, "is told a second time", LogImportMode.IntoEmpty, [stream, stream], Event("a", 1), Event("a", 2));
        await Refuse(2, "has no position to keep", LogImportMode.KeepPositions, [], Event("a", 1, 5), Event("a", 2));
        await Refuse(2, "position 4 does not rise above 5", LogImportMode.KeepPositions, [], Event("a", 1, 5), Event("a", 2, 4));
        await Refuse(2, "invalid input syntax for type json", LogImportMode.IntoEmpty, [], Event("a", 1), Event("a", 2) with { Data = "{"u8.ToArray() });
        await Refuse(3, "overflow", LogImportMode.IntoEmpty, [stream], Event("a", 1), Event("a", 2) with { Data = Encoding.UTF8.GetBytes("{\"n\":1e200000}") });
    }

    [Fact]
    public async Task A_store_that_holds_anything_is_refused_and_so_is_a_stream_that_is_there()
    {
        await using var target = await TestDatabase.CreateAsync(postgres);
        await target.Store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted()]);
        (await Should.ThrowAsync<LogImportException>(() => ImportAsync(target.Store, LogImportMode.IntoEmpty, [], [Event("b", 1)]))).Message.ShouldContain("not empty");
        (await Should.ThrowAsync<LogImportException>(() => ImportAsync(target.Store, LogImportMode.KeepPositions, [], [Event("b", 1, 9)]))).Message.ShouldContain("not empty");
        var there = await Should.ThrowAsync<LogImportException>(() => ImportAsync(target.Store, LogImportMode.Append, [], [Event("b", 1), Event("a", 1)]));
        (there.Line, there.Message.Contains("'a' is there already")).ShouldBe((2, true));
        (await target.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_this_database_has_no_column_for_is_refused_instead_of_lost()
    {
        await using var empty = await TestDatabase.CreateEmptyAsync(postgres);
        await empty.ExecuteAsync(ForeignTables.Options["the least there can be"]);
        await using var store = await empty.OpenAsync();
        var refusal = await Should.ThrowAsync<LogImportException>(
            () => ImportAsync(store, LogImportMode.IntoEmpty, [], [Event("a", 1), Event("a", 2) with { CorrelationId = "c" }]));
        (refusal.Line, refusal.Message.Contains("correlation_id")).ShouldBe((2, true));
        await ImportAsync(store, LogImportMode.IntoEmpty, [], [Event("a", 1)]);
        (await empty.CountEventsAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_view_holds_what_lies_at_or_below_the_mark_though_a_later_event_is_there()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted()]);
        await using var writer = await database.ConnectAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var draw = new Npgsql.NpgsqlCommand("select nextval('events.mt_events_sequence')", writer)) await draw.ExecuteNonQueryAsync();
        await database.Store.AppendAsync("a", ExpectedVersion.Any, [new Counted(), new Counted()]);
        await database.Store.AppendAsync("b", ExpectedVersion.Any, [new Counted()]);
        var (streams, events) = await ReadAsync(database.Store);
        streams.Select(stream => $"{stream.Id} {stream.Version}").ShouldBe(["a 1"]);
        events.Count.ShouldBe(1);
    }

    private static StoredEvent Event(string stream, long version, long position = 0, int day = 1) =>
        new(position, Guid.CreateVersion7(), stream, version, "counted", new DateTimeOffset(2011, 1, day, 0, 0, 0, TimeSpan.Zero), "{}"u8.ToArray());

    private static async Task<(List<StoredStream> Streams, List<StoredEvent> Events)> ReadAsync(EventStore store)
    {
        await using var view = await LogView.OpenAsync(store);
        return (await view.ReadStreamsAsync().ToListAsync(), await view.ReadEventsAsync().ToListAsync());
    }

    /// <summary>Streams come on the first lines, events on those that follow.</summary>
    private static async Task<LogImportResult> ImportAsync(EventStore store, LogImportMode mode, List<StoredStream> streams, List<StoredEvent> events)
    {
        await using var import = await LogImport.BeginAsync(store);
        await import.AddAsync([.. streams.Select((stream, i) => (i + 1L, stream))]);
        await import.AddAsync([.. events.Select((@event, i) => (streams.Count + i + 1L, @event))]);
        return await import.CompleteAsync(mode);
    }

    /// <summary>A store with a hole, an archived stream, a stream without events, a foreign writer's mark, and every optional column in use.</summary>
    private async Task<TestDatabase> SourceAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var metadata = new EventMetadata("conversation", "cause", new Dictionary<string, string>(StringComparer.Ordinal) { ["who"] = "me", ["Straße"] = "\"\\\n" });
        await database.Store.AppendAsync(new AppendRequest([new StreamAppend("count-1", ExpectedVersion.NoStream, [new NewEvent(new Counted(1, "ä\t\"</>")), new NewEvent(new Counted(2))])], metadata));
        await database.ExecuteAsync("select nextval('events.mt_events_sequence')");
        await database.Store.AppendAsync("count-2", ExpectedVersion.NoStream, [new Anything(Amount: 1.10m, Real: 1e-7, Big: long.MaxValue, Text: "😀")]);
        await database.ExecuteAsync(
            ForeignWrites.NewStream("mt_tombstone", "tombstone", "{}").Replace("', 1, '{}'", "', -1, '{}'", StringComparison.Ordinal)
            + """; insert into events.mt_streams (id, type, version) values ('none-1', 'some.Type, Assembly', 0);"""
            + ForeignWrites.Insert("count-2", 2, "unknown_here", "{\"n\": 1.2300, \"e\": 1e400, \"deep\": {\"a\": [null, {}]}}") + ";"
            + ForeignWrites.Insert("count-1", 3));
        await new StreamArchive(database.Store).ArchiveAsync("count-1", ExpectedVersion.Exactly(3));
        return database;
    }
}
