using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

/// <summary>Tables that another program made: read and appended to where they are of the layout, refused by name where they are not.</summary>
public sealed class LayoutOptionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    public static TheoryData<string> Options { get; } = new(ForeignTables.Options.Keys);

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Tables_made_and_filled_by_another_program_are_read_in_every_option_of_the_layout(string option)
    {
        await using var database = await OpenAsync(option);
        var store = database.Store;
        (await store.ReadAllAsync(0).Select(e => $"{e.StreamId} {e.Version} {e.Data}").ToListAsync()).ShouldBe(
            [$"count-1 1 {new Counted(4)}", $"count-2 1 {new Counted(7)}", $"count-1 2 {new Counted(5)}"]);
        (await store.ReadAllAsync(0).Select(e => e.Position).ToListAsync()).ShouldBe([1, 3, 5]);
        (await store.LoadAsync("count-1", 0, TestEvents.Count)).ShouldBe(new StreamState<int>(9, 2));
        (await store.LoadAsync("mt_tombstone", 0, TestEvents.Count)).Version.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task Tables_made_by_another_program_take_bulk_appends_in_every_option_of_the_layout(string option)
    {
        await using var database = await OpenAsync(option);
        await new BulkAppend(database.Store).AppendAsync(BulkChunk.Prepare(
            [Bulk("count-1", 1), Bulk("count-3", 10), Bulk("count-3", 20)], TestEvents.Types));
        (await database.Store.LoadAsync("count-1", 0, TestEvents.Count)).ShouldBe(new StreamState<int>(10, 3));
        (await database.Store.LoadAsync("count-3", 0, TestEvents.Count)).ShouldBe(new StreamState<int>(30, 2));
        (await database.LinesAsync("select distinct is_archived from events.mt_events where seq_id > 5")).ShouldBe(["False"]);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public async Task A_database_of_another_program_keeps_its_tables_as_they_were(string option)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync(ForeignTables.Options[option] + ForeignTables.Fill);
        var before = (await database.ScalarAsync<string>(ForeignTables.Fingerprint)).Split('\n');
        await (await database.OpenAsync()).DisposeAsync();
        var after = (await database.ScalarAsync<string>(ForeignTables.Fingerprint)).Split('\n');
        before.Except(after).ShouldBeEmpty();
        // What is new is a table that was not there, or ours in a schema of our own.
        after.Except(before).Where(line => !line.Contains("bookkeeping") && !line.Contains("mt_high_water_skips")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Headers_of_another_program_are_read_whatever_JSON_they_hold()
    {
        await using var database = await OpenAsync("all columns");
        await database.ExecuteAsync("""update events.mt_events set headers = '{"who": "me", "deep": {"a": 1}}', correlation_id = 'c', causation_id = 'd' where seq_id = 1""");
        var first = await database.Store.Reader.ReadStreamAsync("count-1").FirstAsync();
        first.Metadata.Headers!["who"].ShouldBe("me");
        first.Metadata.Headers["deep"].ShouldBe("{\"a\": 1}");
        (first.Metadata.CorrelationId, first.Metadata.CausationId).ShouldBe(("c", "d"));
    }

    [Theory]
    [InlineData("alter table events.mt_events alter column headers type text", "mt_events.headers should be jsonb and is text")]
    [InlineData("alter table events.mt_events drop column seq_id cascade", "mt_events.seq_id should be bigint and is missing")]
    [InlineData("alter table events.mt_streams alter column version type integer", "mt_streams.version should be bigint and is integer")]
    [InlineData("alter table events.mt_events drop column is_archived", "mt_events.is_archived should be boolean and is missing")]
    [InlineData("drop index events.pk_mt_events_stream_and_version; alter table events.mt_events drop column version", "mt_events.version should be bigint and is missing")]
    [InlineData("drop index events.pk_mt_events_stream_and_version", "mt_events should have the unique index pk_mt_events_stream_and_version (stream_id, version)")]
    [InlineData("drop index events.pk_mt_events_stream_and_version; create unique index i on events.mt_events (stream_id, version) where not is_archived", "mt_events should have the unique index")]
    [InlineData("alter table events.mt_events drop constraint pkey_mt_events_seq_id", "mt_events should have the primary key pkey_mt_events_seq_id (seq_id)")]
    [InlineData("alter table events.mt_streams drop constraint pkey_mt_streams_id cascade", "mt_streams should have the primary key pkey_mt_streams_id (id)")]
    [InlineData("alter table events.mt_events drop constraint fkey_mt_events_stream_id", "mt_events should have the foreign key fkey_mt_events_stream_id")]
    [InlineData("alter table events.mt_events add shard varchar not null default ''; alter table events.mt_events alter shard drop default", "mt_events.shard may not be left empty")]
    [InlineData("alter sequence events.mt_events_sequence cache 20", "CACHE 1 and has 20")]
    [InlineData("alter sequence events.mt_events_sequence increment by -1", "INCREMENT 1 and has -1")]
    [InlineData("alter sequence events.mt_events_sequence cycle", "NO CYCLE and has CYCLE")]
    [InlineData("select setval('events.mt_events_sequence', 1)", "stands at 1, below the highest seq_id, 5")]
    [InlineData("drop sequence events.mt_events_sequence", "events.mt_events_sequence is missing")]
    public async Task A_database_of_another_shape_is_refused_by_name_and_nothing_in_it_is_altered(string change, string finding)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync(ForeignTables.Options["all columns"] + ForeignTables.Fill);
        await database.ExecuteAsync(change);
        var before = await database.ScalarAsync<string>(ForeignTables.Fingerprint);
        var refusal = await Should.ThrowAsync<EventStoreLayoutException>(database.OpenAsync);
        refusal.Drift.ShouldContain(drift => drift.Contains(finding));
        refusal.Message.ShouldContain(finding);
        (await database.ScalarAsync<string>(ForeignTables.Fingerprint)).ShouldBe(before);
    }

    [Fact]
    public async Task Everything_that_differs_is_told_at_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(postgres);
        await database.ExecuteAsync(ForeignTables.Options["all columns"]);
        await database.ExecuteAsync(
            """
            alter table events.mt_streams drop column created; alter table events.mt_events alter column headers type text;
            alter table events.mt_events drop constraint fkey_mt_events_stream_id; alter sequence events.mt_events_sequence cache 5
            """);
        (await Should.ThrowAsync<EventStoreLayoutException>(database.OpenAsync)).Drift.Count.ShouldBe(4);
    }

    private async Task<TestDatabase> OpenAsync(string option)
    {
        var empty = await TestDatabase.CreateEmptyAsync(postgres);
        await empty.ExecuteAsync(ForeignTables.Options[option] + ForeignTables.Fill);
        await empty.DisposeAsync();
        return await TestDatabase.AttachAsync(empty.ConnectionString);
    }

    private static BulkEvent Bulk(string streamId, int by) => new(streamId, new NewEvent(new Counted(by), Guid.CreateVersion7(), DateTimeOffset.UnixEpoch));
}
