using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class BulkAppendTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Start = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_chunk_goes_to_the_end_of_its_streams_in_its_order()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("a", ExpectedVersion.NoStream, [new Counted()]);
        await new BulkAppend(database.Store).AppendAsync(Chunk(("b", true), ("a", false), ("b", false), ("a", false)));
        (await database.LinesAsync("select stream_id, version from events.mt_events order by seq_id")).ShouldBe(["a 1", "b 1", "a 2", "b 2", "a 3"]);
        (await database.LinesAsync("select id, version from events.mt_streams order by id")).ShouldBe(["a 3", "b 2"]);
        (await database.Store.AppendAsync("a", ExpectedVersion.Exactly(3), [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
        (await database.LinesAsync("select created at time zone 'UTC' = '2011-01-01', timestamp at time zone 'UTC' = '2011-01-01 00:00:02' from events.mt_streams where id = 'b'"))
            .ShouldBe(["True True"]);
    }

    [Fact]
    public async Task A_chunk_that_may_not_be_written_is_written_in_no_part()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var bulk = new BulkAppend(database.Store);
        await database.Store.AppendAsync("there", ExpectedVersion.NoStream, [new Counted()]);
        (await Should.ThrowAsync<StreamExistsException>(() => bulk.AppendAsync(Chunk(("new", true), ("there", true))))).StreamId.ShouldBe("there");
        await database.ExecuteAsync("update events.mt_streams set is_archived = true");
        (await Should.ThrowAsync<StreamArchivedException>(() => bulk.AppendAsync(Chunk(("new", true), ("there", false))))).StreamId.ShouldBe("there");
        await Should.ThrowAsync<InvalidTimeZoneException>(() => bulk.AppendAsync(Chunk(("new", true)), (_, _) => throw new InvalidTimeZoneException("planted")));
        Should.Throw<ArgumentException>(() => Chunk(("twice", true), ("twice", true))).Message.ShouldContain("earlier event");
        Should.Throw<ArgumentException>(() => Chunk(("", true)));
        Should.Throw<ArgumentException>(() => BulkChunk.Prepare([new BulkEvent("a", new NewEvent(new Counted()))], TestEvents.Types));
        (await database.CountEventsAsync()).ShouldBe(1);
        (await database.ScalarAsync<long>("select count(*) from events.mt_streams")).ShouldBe(1);
    }

    [Fact]
    public async Task What_is_done_alongside_is_there_exactly_when_the_events_are()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var bulk = new BulkAppend(database.Store);
        static async Task NoteAsync(NpgsqlConnection connection, CancellationToken cancellation)
        {
            await using var command = new NpgsqlCommand("insert into bookkeeping.checkpoints (name, position) values ('import', 1)", connection);
            await command.ExecuteNonQueryAsync(cancellation);
        }

        await Should.ThrowAsync<InvalidTimeZoneException>(() => bulk.AppendAsync(Chunk(("a", true)), async (connection, cancellation) =>
        {
            await NoteAsync(connection, cancellation);
            throw new InvalidTimeZoneException("planted");
        }));
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.checkpoints")).ShouldBe(0);
        await bulk.AppendAsync(Chunk(), NoteAsync);
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.checkpoints")).ShouldBe(1);
        (await database.CountEventsAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Chunks_and_appends_at_once_lose_nothing_for_a_reader()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var bulk = new BulkAppend(database.Store);
        using var done = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            var seen = new List<long>();
            for (var isLast = false; !isLast;)
            {
                isLast = done.IsCancellationRequested;
                await foreach (var @event in database.Store.ReadAllAsync(seen.Count > 0 ? seen[^1] : 0, CancellationToken.None)) seen.Add(@event.Position);
            }

            return seen;
        });
        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < 15; i++) await bulk.AppendAsync(Chunk([.. Enumerable.Range(0, 300).Select(n => ($"s-{n % 40}", false))]));
            }),
            Task.Run(async () =>
            {
                for (var i = 0; i < 15; i++) await bulk.AppendAsync(Chunk([.. Enumerable.Range(0, 200).Select(n => ($"only-{n % 40}", false))]));
            }),
            Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < 50; i++)
                    (await database.Store.AppendAsync($"s-{(writer * 5) + (i % 5)}", ExpectedVersion.Any, [new Counted()])).ShouldBeOfType<AppendResult.Appended>();
            }))));
        await done.CancelAsync();
        var all = (await database.LinesAsync("select seq_id from events.mt_events order by seq_id")).ConvertAll(long.Parse);
        all.Count.ShouldBe((15 * 500) + 400);
        (await reader).ShouldBe(all);
        (await database.LinesAsync(
            "select s.id from events.mt_streams s join events.mt_events e on e.stream_id = s.id group by s.id, s.version having s.version <> count(*) or max(e.version) <> count(*)"))
            .ShouldBeEmpty();
    }

    private static BulkChunk Chunk(params (string StreamId, bool Starts)[] events) => BulkChunk.Prepare(
        [.. events.Select((e, i) => new BulkEvent(e.StreamId, new NewEvent(new Counted(), Guid.CreateVersion7(), Start.AddSeconds(i)), e.Starts))], TestEvents.Types);
}
