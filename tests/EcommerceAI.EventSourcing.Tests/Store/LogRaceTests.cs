using System.Collections.Concurrent;
using System.Globalization;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Npgsql;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Store;

/// <summary>
/// Readers that only ever read on, under writers of every kind. <c>ECOMMERCEAI_RACE_EVENTS</c> says how many events a run has (4,000 where
/// it is not set), <c>ECOMMERCEAI_SEEDS</c> how many runs.
/// </summary>
public sealed class LogRaceTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int OwnWriters = 48;
    private const int ForeignWriters = 15;
    private const int Readers = 8;

    [Theory]
    [Seeds]
    public async Task Eight_readers_miss_repeat_and_reorder_nothing_under_sixty_four_writers_of_which_some_are_foreign_stall_roll_back_or_die(int seed)
    {
        await using var race = await LogRace.CreateAsync(postgres, seed);
        using var written = new CancellationTokenSource();
        using var end = new CancellationTokenSource();
        var stores = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => race.Database.OpenAsync()));
        var readers = stores.Select(store => Task.Run(() => FollowAsync(store, end.Token))).ToArray();
        var killer = Task.Run(() => race.KillAsync(written.Token));
        await Task.WhenAll(
        [
            .. Enumerable.Range(0, OwnWriters).Select(writer => Task.Run(() => race.WriteAsync(writer))),
            .. Enumerable.Range(OwnWriters, ForeignWriters).Select(writer => Task.Run(() => race.WriteForeignAsync(writer))),
            Task.Run(() => race.DrawAndSleepAsync(OwnWriters + ForeignWriters)),
        ]);
        await written.CancelAsync();
        await killer;

        var log = (await race.Database.LinesAsync("select seq_id from events.mt_events order by seq_id")).ConvertAll(long.Parse);
        foreach (var store in stores) await Wait.UntilAsync(async () => await store.HighWater.ReadAsync() >= log[^1], "the marks to reach the end");
        await end.CancelAsync();
        foreach (var seen in await Task.WhenAll(readers)) (seen.SequenceEqual(log)).ShouldBeTrue($"seed {seed}: {Difference(seen, log)}");
        await race.CheckLogAsync(log.Count);
        output.WriteLine($"seed {seed}: {log.Count:N0} events, {log[^1] - log.Count:N0} holes, {race.Killed} server processes killed");
        foreach (var store in stores) await store.DisposeAsync();
    }

    private static async Task<List<long>> FollowAsync(EventStore store, CancellationToken end)
    {
        var seen = new List<long>();
        var isLast = false;
        while (!isLast)
        {
            isLast = end.IsCancellationRequested;
            try
            {
                await foreach (var @event in store.ReadAllAsync(seen.Count > 0 ? seen[^1] : 0, CancellationToken.None)) seen.Add(@event.Position);
            }
            catch (NpgsqlException)
            {
                // Its server process was ended: it reads on from where it stands.
                isLast = false;
            }
        }

        return seen;
    }

    private static string Difference(List<long> seen, List<long> log) =>
        $"missed {Short(log.Except(seen))}, not in the log {Short(seen.Except(log))}, {seen.Count - seen.Distinct().Count()} repeated, "
        + $"out of order after {Short(seen.Zip(seen.Skip(1)).Where(pair => pair.Second <= pair.First).Select(pair => pair.First))}";

    private static string Short(IEnumerable<long> positions) => $"[{string.Join(", ", positions.Take(10))}]";
}

/// <summary>The writers of one run, and what each of them was told.</summary>
internal sealed class LogRace : IAsyncDisposable
{
    private const int Streams = 60;

    private static readonly int Events =
        int.TryParse(Environment.GetEnvironmentVariable("ECOMMERCEAI_RACE_EVENTS"), CultureInfo.InvariantCulture, out var events) ? events : 4000;

    private readonly ConcurrentBag<Guid> _acknowledged = [];
    private readonly ConcurrentBag<Guid> _unknown = [];
    private readonly NpgsqlDataSource _plain;
    private readonly EventStore _second;
    private readonly int _seed;
    private int _written;

    private LogRace(TestDatabase database, EventStore second, int seed)
    {
        (Database, _second, _seed) = (database, second, seed);
        _plain = NpgsqlDataSource.Create(database.ConnectionString + ";Application Name=plain");
    }

    public TestDatabase Database { get; }

    public int Killed { get; private set; }

    private bool IsDone => Volatile.Read(ref _written) >= Events;

    public static async Task<LogRace> CreateAsync(PostgresFixture postgres, int seed)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        return new LogRace(database, await database.OpenAsync(), seed);
    }

    /// <summary>A client of ours, on one of two nodes.</summary>
    public async Task WriteAsync(int writer)
    {
        var random = Random(writer);
        var store = writer % 2 == 0 ? Database.Store : _second;
        while (!IsDone)
        {
            if (random.Next(8) == 0) await Task.Delay(random.Next(15));
            var streams = Enumerable.Range(0, random.Next(1, 3)).Select(_ => random.Next(Streams)).Distinct()
                .Select(stream => new StreamAppend(
                    $"s-{stream}", ExpectedVersion.Any, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => new NewEvent(new Counted(), Guid.NewGuid()))]))
                .ToArray();
            Guid[] ids = [.. streams.SelectMany(stream => stream.Events.Select(@event => @event.Id!.Value))];
            try
            {
                await store.AppendAsync(new AppendRequest(streams)).WaitAsync(TimeSpan.FromSeconds(60));
                Note(_acknowledged, ids);
            }
            catch (AppendOutcomeUnknownException)
            {
                Note(_unknown, ids);
            }
            catch (NpgsqlException)
            {
                // Told that nothing was written; the check of the log holds us to it.
            }
        }
    }

    /// <summary>Another program that keeps the layout: it locks the stream, draws and inserts, waits, and commits or does not.</summary>
    public async Task WriteForeignAsync(int writer)
    {
        var random = Random(writer);
        while (!IsDone)
        {
            var id = Guid.NewGuid();
            var isSent = false;
            try
            {
                await using var connection = await _plain.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                await RunAsync(connection, InsertNext($"s-{random.Next(Streams)}", "nextval('events.mt_events_sequence')", id));
                if (random.Next(3) == 0) await Task.Delay(random.Next(40));
                if (random.Next(8) == 0) continue;
                isSent = true;
                await transaction.CommitAsync();
                Note(_acknowledged, [id]);
            }
            catch (NpgsqlException)
            {
                if (isSent) Note(_unknown, [id]);
            }
        }
    }

    /// <summary>Draws several numbers first, sleeps long while others go on above them, and then uses all, some or none.</summary>
    public async Task DrawAndSleepAsync(int writer)
    {
        var random = Random(writer);
        while (!IsDone)
        {
            var ids = new List<Guid>();
            var isSent = false;
            try
            {
                await using var connection = await _plain.OpenConnectionAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                var drawn = new List<long>();
                for (var i = random.Next(1, 6); i > 0; i--)
                {
                    await using var draw = new NpgsqlCommand("select nextval('events.mt_events_sequence')", connection);
                    drawn.Add((long)(await draw.ExecuteScalarAsync())!);
                }

                await Task.Delay(random.Next(30, 250));
                foreach (var number in drawn.Where(_ => random.Next(3) > 0))
                {
                    ids.Add(Guid.NewGuid());
                    await RunAsync(connection, InsertNext("sleeper", number.ToString(CultureInfo.InvariantCulture), ids[^1]));
                }

                if (random.Next(4) == 0) continue;
                isSent = true;
                await transaction.CommitAsync();
                Note(_acknowledged, [.. ids]);
            }
            catch (NpgsqlException)
            {
                if (isSent) Note(_unknown, [.. ids]);
            }
        }
    }

    /// <summary>Ends a server process of a writer or reader now and then.</summary>
    public async Task KillAsync(CancellationToken done)
    {
        var random = Random(999);
        while (!done.IsCancellationRequested)
        {
            await Task.Delay(random.Next(20, 200), CancellationToken.None);
            Killed += (int)await Database.ScalarAsync<long>(
                """
                select count(pg_terminate_backend(pid)) from (
                    select pid from pg_stat_activity where datname = current_database() and application_name <> 'foreign' and backend_type = 'client backend'
                    order by random() limit 1) victim
                """);
        }
    }

    public async Task CheckLogAsync(int count)
    {
        count.ShouldBeGreaterThanOrEqualTo(Events);
        var ids = (await Database.LinesAsync("select id from events.mt_events")).ConvertAll(Guid.Parse);
        ids.Distinct().Count().ShouldBe(ids.Count, "an event is there twice");
        _acknowledged.Except(ids).ShouldBeEmpty("an acknowledged event is missing");
        ids.Except(_acknowledged).Except(_unknown).ShouldBeEmpty("an event is there of which the writer was told that it is not");
        (await Database.LinesAsync(
            """
            select s.id from events.mt_streams s left join events.mt_events e on e.stream_id = s.id group by s.id, s.version
            having s.version <> count(e.id) or min(e.version) <> 1 or max(e.version) <> s.version
            """)).ShouldBeEmpty("a stream's versions have a hole");
        // A reader that sees the log in order of position sees each stream in order of version.
        (await Database.LinesAsync(
            "select 1 from (select version, lag(version) over (partition by stream_id order by seq_id) as before from events.mt_events) o where version <> before + 1"))
            .ShouldBeEmpty("positions and versions of a stream disagree in their order");
    }

    public async ValueTask DisposeAsync()
    {
        await _second.DisposeAsync();
        await _plain.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Locking the stream before the number is drawn keeps positions and versions in step; the sleeper has a stream to itself.</summary>
    private static string InsertNext(string stream, string number, Guid id) =>
        $"""
        insert into events.mt_streams (id, version) values ('{stream}', 0) on conflict do nothing;
        select version from events.mt_streams where id = '{stream}' for update;
        insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        select {number}, '{id}', id, version + 1, '{"{\"by\": 1}"}', 'counted', now() from events.mt_streams where id = '{stream}';
        update events.mt_streams set version = version + 1 where id = '{stream}'
        """;

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private Random Random(int writer) => new((_seed * 1000) + writer);

    private void Note(ConcurrentBag<Guid> told, Guid[] ids)
    {
        foreach (var id in ids) told.Add(id);
        Interlocked.Add(ref _written, ReferenceEquals(told, _acknowledged) ? ids.Length : 0);
    }
}
