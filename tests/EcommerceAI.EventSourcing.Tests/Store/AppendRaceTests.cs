using System.Collections.Concurrent;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Postgres;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Store;

/// <summary>Many writers, and servers that die under them: what was acknowledged is there once, and nothing is there twice.</summary>
public sealed class AppendRaceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [Seeds]
    public async Task Sixty_four_writers_on_overlapping_streams_leave_no_hole_in_a_version_and_lose_nothing(int seed)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var acknowledged = new ConcurrentBag<Guid>();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            var random = new Random((seed * 1000) + writer);
            for (var i = 0; i < 20; i++)
                await AppendAsync(writer % 2 == 0 ? database.Store : other, random, $"{writer}:{i:00}", acknowledged);
        })));

        acknowledged.Count.ShouldBeGreaterThan(500);
        await CheckLogAsync(database, acknowledged, []);
        // In each stream the events of one writer stand in the order in which it wrote them.
        (await database.ScalarAsync<long>(
            """
            select count(*) from (
                select data ->> 'mark' as mark, lag(data ->> 'mark') over (
                    partition by stream_id, split_part(data ->> 'mark', ':', 1) order by version) as before from events.mt_events) m
            where before > mark
            """)).ShouldBe(0);
        (await database.LastDrawnAsync()).ShouldBe(await database.CountEventsAsync());
    }

    [Theory]
    [Seeds]
    public async Task Server_processes_that_die_at_random_lose_and_repeat_no_append(int seed)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        using var done = new CancellationTokenSource();
        var random = new Random(seed);
        var killer = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await Task.Delay(random.Next(10, 120));
                await database.KillBackendsAsync("application_name <> 'foreign'");
            }
        });
        await WriteUnderFireAsync(database, seed, 30);
        await done.CancelAsync();
        await killer;
    }

    [Fact]
    public async Task A_server_that_is_killed_and_started_again_loses_and_repeats_no_append()
    {
        using var directory = new ClusterDirectory();
        var server = await directory.StartAsync();
        try
        {
            await server.CreateDatabaseIfMissingAsync("killed");
            await using var database = await TestDatabase.AttachAsync(server.ConnectionString("killed"));
            var acknowledged = new ConcurrentBag<Guid>();
            var writing = WriteUnderFireAsync(database, 7, 120, acknowledged);
            for (var i = 0; i < 2; i++)
            {
                var before = acknowledged.Count;
                await Wait.UntilAsync(() => Task.FromResult(acknowledged.Count >= before + 100), "the writers to be at work");
                writing.IsCompleted.ShouldBeFalse("the server must die while appends are under way");
                await directory.KillServerAsync();
                await server.DisposeAsync();
                server = await directory.StartAsync();
            }

            await writing.WaitAsync(TimeSpan.FromSeconds(90));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    /// <summary>Sixteen writers append until they have done their count, whatever happens to the server; then the log is checked.</summary>
    private static async Task WriteUnderFireAsync(TestDatabase database, int seed, int count, ConcurrentBag<Guid>? seen = null)
    {
        var acknowledged = seen ?? [];
        var unknown = new ConcurrentBag<Guid>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            var random = new Random((seed * 1000) + writer);
            for (var i = 0; i < count; i++)
            {
                await Task.Delay(random.Next(10));
                await AppendAsync(database.Store, random, $"{writer}:{i:00}", acknowledged, unknown);
            }
        })));
        acknowledged.Count.ShouldBeGreaterThan(16);
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    return await database.CountEventsAsync() >= 0;
                }
                catch (Npgsql.NpgsqlException)
                {
                    return false;
                }
            },
            "the server to be back");
        await CheckLogAsync(database, acknowledged, unknown);
    }

    private static async Task AppendAsync(
        EventStore store, Random random, string mark, ConcurrentBag<Guid> acknowledged, ConcurrentBag<Guid>? unknown = null)
    {
        StreamAppend[] streams =
        [
            .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(24)).Distinct().Select(stream => new StreamAppend(
                $"s-{stream}", ExpectedVersion.Any, [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new NewEvent(new Counted(1, mark), Guid.NewGuid()))])),
        ];
        var ids = streams.SelectMany(stream => stream.Events.Select(@event => @event.Id!.Value));
        try
        {
            if (await store.AppendAsync(new AppendRequest(streams)).WaitAsync(TimeSpan.FromSeconds(60)) is not AppendResult.Appended) return;
            foreach (var id in ids) acknowledged.Add(id);
        }
        catch (AppendOutcomeUnknownException) when (unknown is not null)
        {
            foreach (var id in ids) unknown.Add(id);
        }
        catch (Npgsql.NpgsqlException) when (unknown is not null)
        {
            // The caller was told that nothing was written: it must not turn up, which the check of the whole log finds.
        }
    }

    private static async Task CheckLogAsync(TestDatabase database, IReadOnlyCollection<Guid> acknowledged, IReadOnlyCollection<Guid> unknown)
    {
        var ids = (await database.LinesAsync("select id from events.mt_events")).ConvertAll(Guid.Parse);
        ids.Distinct().Count().ShouldBe(ids.Count, "an event is there twice");
        acknowledged.Except(ids).ShouldBeEmpty("an acknowledged event is missing");
        ids.Except(acknowledged).Except(unknown).ShouldBeEmpty("an event is there of which the caller was told that it is not");
        (await database.LinesAsync(
            """
            select s.id from events.mt_streams s left join events.mt_events e on e.stream_id = s.id group by s.id, s.version
            having s.version <> count(e.id) or min(e.version) <> 1 or max(e.version) <> s.version
            """)).ShouldBeEmpty("a stream's versions have a hole");
        (await database.LinesAsync(
            "select 1 from (select version, lag(version) over (partition by stream_id order by seq_id) as before from events.mt_events) o where version <> before + 1"))
            .ShouldBeEmpty("positions and versions of a stream disagree in their order");
    }
}
