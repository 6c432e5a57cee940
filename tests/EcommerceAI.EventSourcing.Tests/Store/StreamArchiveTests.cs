using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class StreamArchiveTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Marks =
        "select s.id, s.is_archived, count(e.*) filter (where e.is_archived), count(e.*) from events.mt_streams s join events.mt_events e on e.stream_id = s.id group by s.id order by s.id";

    [Fact]
    public async Task An_archived_stream_is_marked_with_all_its_events_takes_no_more_and_is_read_as_before()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, archive) = (database.Store, new StreamArchive(database.Store));
        await store.AppendAsync("count-1", ExpectedVersion.NoStream, [new Counted(2), new Counted(3)]);
        await store.AppendAsync("count-2", ExpectedVersion.NoStream, [new Counted(4)]);

        (await archive.ArchiveAsync("count-1", ExpectedVersion.Exactly(2))).ShouldBe(new ArchiveOutcome.Done("count-1", 2));
        (await database.LinesAsync(Marks)).ShouldBe(["count-1 True 2 2", "count-2 False 0 1"]);
        (await store.AppendAsync("count-1", ExpectedVersion.Any, [new Counted()])).ShouldBe(new AppendResult.StreamArchived("count-1"));
        await Should.ThrowAsync<StreamArchivedException>(() => new BulkAppend(store).AppendAsync(BulkChunk.Prepare(
            [new BulkEvent("count-1", new NewEvent(new Counted(), Guid.NewGuid(), DateTimeOffset.UnixEpoch))], TestEvents.Types)));
        (await store.LoadAsync("count-1", 0, TestEvents.Count)).ShouldBe(new StreamState<int>(5, 2));
        (await store.ReadAllAsync(0).Select(e => e.StreamId).ToListAsync()).ShouldBe(["count-2"]);
        (await archive.ArchiveAsync("count-1", ExpectedVersion.Any)).ShouldBe(new ArchiveOutcome.Already("count-1"));

        (await archive.UnarchiveAsync(["count-1", "none"]).ToListAsync()).ShouldBe([new ArchiveOutcome.Done("count-1", 2), new ArchiveOutcome.NotFound("none")]);
        (await database.LinesAsync(Marks)).ShouldBe(["count-1 False 0 2", "count-2 False 0 1"]);
        (await store.AppendAsync("count-1", ExpectedVersion.Exactly(2), [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
    }

    [Fact]
    public async Task A_stream_that_has_moved_meanwhile_is_not_archived_and_the_others_are()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        foreach (var id in new[] { "a", "b", "c" }) await database.Store.AppendAsync(id, ExpectedVersion.NoStream, [new Counted()]);
        await database.Store.AppendAsync("b", ExpectedVersion.Any, [new Counted()]);
        var outcomes = await new StreamArchive(database.Store).ArchiveAsync(
            [.. new[] { "c", "b", "none", "a" }.Select(id => new ArchiveRequest(id, ExpectedVersion.Exactly(1)))]).ToListAsync();
        outcomes.ShouldBe(
        [
            new ArchiveOutcome.Done("c", 1), new ArchiveOutcome.Moved("b", ExpectedVersion.Exactly(1), 2), new ArchiveOutcome.NotFound("none"),
            new ArchiveOutcome.Done("a", 1),
        ]);
        (await database.LinesAsync(Marks)).ShouldBe(["a True 1 1", "b False 0 2", "c True 1 1"]);
    }

    [Fact]
    public async Task Writers_and_an_archiver_at_once_leave_no_event_behind_an_archived_stream()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var ids = Enumerable.Range(0, 12).Select(i => $"count-{i}").ToArray();
        foreach (var id in ids) await database.Store.AppendAsync(id, ExpectedVersion.NoStream, [new Counted()]);
        var refused = 0;
        var writers = ids.Select(id => Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++)
            {
                if (await database.Store.AppendAsync(id, ExpectedVersion.Any, [new Counted()]) is AppendResult.StreamArchived) Interlocked.Increment(ref refused);
            }
        }));
        var archiver = Task.Run(async () =>
        {
            foreach (var id in ids) (await new StreamArchive(database.Store).ArchiveAsync(id, ExpectedVersion.Any)).ShouldBeOfType<ArchiveOutcome.Done>();
        });
        await Task.WhenAll(writers.Append(archiver));
        (await database.ScalarAsync<long>("select count(*) from events.mt_events where not is_archived")).ShouldBe(0);
        (await database.ScalarAsync<long>("select count(*) from events.mt_events")).ShouldBe(12 + (12 * 30) - refused);
        (await database.LinesAsync("select s.id from events.mt_streams s where s.version <> (select max(version) from events.mt_events e where e.stream_id = s.id)")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_is_archived_only_once_every_projection_has_read_it_so_that_none_loses_an_event()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (store, archive) = (database.Store, new StreamArchive(database.Store));
        await store.AppendAsync("count-1", ExpectedVersion.NoStream, [new Counted(), new Counted()]);
        var projection = new CountProjection();
        var live = await new Generations(store.Source).EnsureLiveAsync(projection);
        (await archive.ArchiveAsync("count-1", ExpectedVersion.Any)).ShouldBe(new ArchiveOutcome.Unread("count-1", "projection:counts", 0, 2));
        (await database.LinesAsync(Marks)).ShouldBe(["count-1 False 0 2"]);

        await new ProjectionRunner(store, projection).RunAsync(live, 2);
        var building = (await new Generations(store.Source).CreateAsync(projection, Generation.Building))!;
        (await archive.ArchiveAsync("count-1", ExpectedVersion.Any)).ShouldBeOfType<ArchiveOutcome.Unread>().Checkpoint.ShouldBe(0);
        await new ProjectionRunner(store, projection).RunAsync(building, 2);
        await database.ExecuteAsync("insert into bookkeeping.checkpoints (name, position) values ('subscription:mail', 1)");
        (await archive.ArchiveAsync("count-1", ExpectedVersion.Any)).ShouldBe(new ArchiveOutcome.Unread("count-1", "subscription:mail", 1, 2));
        await database.ExecuteAsync("update bookkeeping.checkpoints set position = 2");
        (await archive.ArchiveAsync("count-1", ExpectedVersion.Any)).ShouldBe(new ArchiveOutcome.Done("count-1", 2));
    }

    [Fact]
    public async Task Thousands_of_streams_and_a_long_one_are_archived_in_chunks_that_are_each_whole()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(
            """
            insert into events.mt_streams (id, version) select 'count-' || i, case i when 7 then 60000 else 1 end from generate_series(1, 1200) i;
            insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('events.mt_events_sequence'), gen_random_uuid(), s.id, v, '{}', 'counted', now() from events.mt_streams s, generate_series(1, s.version) v
            """);
        var outcomes = await new StreamArchive(database.Store).ArchiveAsync(
            [.. Enumerable.Range(1, 1200).Select(i => new ArchiveRequest($"count-{i}", ExpectedVersion.Any))]).ToListAsync();
        outcomes.Select(outcome => outcome.StreamId).ShouldBe(Enumerable.Range(1, 1200).Select(i => $"count-{i}"));
        outcomes.ShouldAllBe(outcome => outcome is ArchiveOutcome.Done);
        (await database.ScalarAsync<long>("select count(distinct xmin::text) from events.mt_streams")).ShouldBeGreaterThan(2);
        (await database.LinesAsync("select s.id from events.mt_streams s join events.mt_events e on e.stream_id = s.id where e.xmin <> s.xmin")).ShouldBeEmpty();
        (await database.ScalarAsync<long>("select count(*) from events.mt_events where not is_archived")).ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_that_a_session_holds_is_waited_for_and_then_archived_with_what_that_session_wrote()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("count-1", ExpectedVersion.NoStream, [new Counted()]);
        await using var writer = await database.ConnectAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(ForeignWrites.Insert("count-1", 2), writer)) await insert.ExecuteNonQueryAsync();
        var archiving = new StreamArchive(database.Store).ArchiveAsync("count-1", ExpectedVersion.Any);
        await Wait.UntilAsync(
            async () => await database.ScalarAsync<long>("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()") > 0,
            "the archive to wait for the writer");
        await transaction.CommitAsync();
        (await archiving).ShouldBe(new ArchiveOutcome.Done("count-1", 2));
        (await database.LinesAsync(Marks)).ShouldBe(["count-1 True 2 2"]);
    }
}
