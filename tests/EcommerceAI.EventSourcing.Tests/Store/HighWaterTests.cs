using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Postgres;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

public sealed class HighWaterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_number_that_was_drawn_is_waited_for_until_its_transaction_ends()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.Store.AppendAsync("before", ExpectedVersion.NoStream, [new Counted()]);
        await using var slow = await BeginAsync(database, ForeignWrites.NewStream("slow"));
        await database.Store.AppendAsync("after", ExpectedVersion.NoStream, [new Counted()]);
        for (var i = 0; i < 5; i++)
        {
            (await database.Store.HighWater.ReadAsync()).ShouldBe(1);
            database.Store.HighWater.IsHeldBack.ShouldBeTrue();
        }

        (await ReadStreamsAsync(database.Store)).ShouldBe(["before"]);
        await RunAsync(slow, "commit");
        (await database.Store.HighWater.ReadAsync()).ShouldBe(3);
        (await ReadStreamsAsync(database.Store)).ShouldBe(["before", "slow", "after"]);
    }

    [Fact]
    public async Task A_number_that_was_rolled_back_is_passed()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var slow = await BeginAsync(database, ForeignWrites.NewStream("slow"));
        await database.Store.AppendAsync("after", ExpectedVersion.NoStream, [new Counted()]);
        (await database.Store.HighWater.ReadAsync()).ShouldBe(0);
        await RunAsync(slow, "rollback");
        (await database.Store.HighWater.ReadAsync()).ShouldBe(2);
        database.Store.HighWater.IsHeldBack.ShouldBeFalse();
        (await ReadStreamsAsync(database.Store)).ShouldBe(["after"]);
    }

    [Fact]
    public async Task A_gap_that_was_filled_holds_nobody_back_any_more()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var slow = await BeginAsync(database, ForeignWrites.NewStream("slow"));
        await database.Store.AppendAsync("after", ExpectedVersion.NoStream, [new Counted()]);
        await database.Store.HighWater.ReadAsync();
        await RunAsync(slow, "commit");
        await database.Store.HighWater.ReadAsync();
        database.Store.HighWater.IsHeldBack.ShouldBeFalse();
    }

    [Fact]
    public async Task Who_began_after_the_gap_was_seen_holds_nobody_back()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var slow = await BeginAsync(database, ForeignWrites.NewStream("slow"));
        await database.Store.AppendAsync("after", ExpectedVersion.NoStream, [new Counted()]);
        (await database.Store.HighWater.ReadAsync()).ShouldBe(0);
        await using var later = await BeginAsync(database, ForeignWrites.NewStream("later"));
        await RunAsync(slow, "rollback");
        (await database.Store.HighWater.ReadAsync()).ShouldBe(2);
        await database.Store.AppendAsync("last", ExpectedVersion.NoStream, [new Counted()]);
        (await database.Store.HighWater.ReadAsync()).ShouldBe(2);
        await RunAsync(later, "commit");
        (await ReadStreamsAsync(database.Store)).ShouldBe(["after", "later", "last"]);
    }

    [Fact]
    public async Task A_prepared_transaction_is_waited_for_though_its_session_has_gone_on()
    {
        using var directory = new ClusterDirectory();
        await using var server = await EmbeddedPostgres.StartAsync(new EmbeddedPostgresOptions
        {
            DataDirectory = directory.DataDirectory,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["max_prepared_transactions"] = "4", ["fsync"] = "off" },
        });
        await server.CreateDatabaseIfMissingAsync("prepared");
        await using var database = await TestDatabase.AttachAsync(server.ConnectionString("prepared"));
        await using (var slow = await BeginAsync(database, ForeignWrites.NewStream("slow")))
        {
            await database.Store.AppendAsync("after", ExpectedVersion.NoStream, [new Counted()]);
            (await database.Store.HighWater.ReadAsync()).ShouldBe(0);
            await RunAsync(slow, "prepare transaction 'p'");
        }

        (await database.Store.HighWater.ReadAsync()).ShouldBe(0);
        await using var another = await database.OpenAsync();
        (await another.HighWater.ReadAsync()).ShouldBe(0);
        await database.ExecuteAsync("commit prepared 'p'");
        (await ReadStreamsAsync(database.Store)).ShouldBe(["slow", "after"]);
        (await ReadStreamsAsync(another)).ShouldBe(["slow", "after"]);
    }

    [Fact]
    public async Task Tombstones_and_archived_events_are_passed_over()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(ForeignWrites.NewStream("mt_tombstone", EventTypes.Tombstone, "{}"));
        await database.ExecuteAsync(ForeignWrites.NewStream("old") + ";update events.mt_events set is_archived = true where stream_id = 'old'");
        await database.ExecuteAsync(ForeignWrites.NewStream("null") + ";update events.mt_events set is_archived = null where stream_id = 'null'");
        await database.Store.AppendAsync("new", ExpectedVersion.NoStream, [new Counted()]);
        (await ReadStreamsAsync(database.Store)).ShouldBe(["null", "new"]);
        (await database.Store.Reader.ReadStreamAsync("mt_tombstone").CountAsync()).ShouldBe(0);
        (await database.Store.Reader.ReadStreamAsync("old").CountAsync()).ShouldBe(1);
    }

    [Theory]
    [Seeds]
    public async Task A_reader_misses_repeats_and_reorders_nothing_under_writers_that_stall_roll_back_and_die(int seed)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        using var done = new CancellationTokenSource();
        var readers = new[] { database.Store, other }.Select(store => Task.Run(() => FollowAsync(store, done.Token))).ToArray();
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, 16).Select(writer => Task.Run(() => WriteForeignAsync(database, new Random((seed * 100) + writer), writer))),
            .. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                for (var i = 0; i < 60; i++) await database.Store.AppendAsync($"ours-{writer}", ExpectedVersion.Any, [new Counted(), new Counted()]);
            })),
        ]);
        var all = (await database.LinesAsync("select seq_id from events.mt_events order by seq_id")).ConvertAll(long.Parse);
        await Wait.UntilAsync(async () => await other.HighWater.ReadAsync() >= all[^1] && await database.Store.HighWater.ReadAsync() >= all[^1], "the marks");
        await done.CancelAsync();
        all.Count.ShouldBeGreaterThan(600);
        foreach (var seen in await Task.WhenAll(readers)) seen.ShouldBe(all);
    }

    /// <summary>A reader that only ever reads on from where it stands.</summary>
    private static async Task<List<long>> FollowAsync(EventStore store, CancellationToken done)
    {
        var seen = new List<long>();
        var isLast = false;
        while (!isLast)
        {
            isLast = done.IsCancellationRequested;
            await foreach (var @event in store.ReadAllAsync(seen.Count > 0 ? seen[^1] : 0, CancellationToken.None)) seen.Add(@event.Position);
        }

        return seen;
    }

    private static async Task WriteForeignAsync(TestDatabase database, Random random, int writer)
    {
        var version = 0;
        await database.ExecuteAsync($"insert into events.mt_streams (id, version) values ('foreign-{writer}', 0)");
        for (var i = 0; i < 30; i++)
        {
            await using var session = await BeginAsync(database, ForeignWrites.Insert($"foreign-{writer}", version + 1));
            if (random.Next(3) == 0) await Task.Delay(random.Next(40));
            switch (random.Next(10))
            {
                case 0:
                    await RunAsync(session, "rollback");
                    break;
                case 1:
                    await database.ExecuteAsync($"select pg_terminate_backend({session.ProcessID})");
                    await Should.ThrowAsync<NpgsqlException>(() => RunAsync(session, "commit"));
                    break;
                default:
                    await RunAsync(session, "commit");
                    version++;
                    break;
            }
        }
    }

    private static async Task<NpgsqlConnection> BeginAsync(TestDatabase database, string sql)
    {
        while (true)
        {
            var session = await database.ConnectAsync();
            try
            {
                await RunAsync(session, "begin;" + sql);
                return session;
            }
            catch (NpgsqlException)
            {
                // The pool handed out a session whose server process had been ended.
                await session.DisposeAsync();
            }
        }
    }

    private static async Task RunAsync(NpgsqlConnection session, string sql)
    {
        await using var command = new NpgsqlCommand(sql, session);
        await command.ExecuteNonQueryAsync();
    }

    private static Task<List<string>> ReadStreamsAsync(EventStore store) => store.ReadAllAsync(0).Select(@event => @event.StreamId).ToListAsync().AsTask();
}
