using System.Diagnostics;
using System.Globalization;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Timers;
using EcommerceAI.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Nodes;

/// <summary>The owner is a process that is frozen in the middle of its work; this process is the node that takes over.</summary>
public sealed class TwoNodesTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Takeover = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task When_the_owner_is_frozen_mid_batch_another_node_takes_over_within_5_s_and_the_woken_one_writes_nothing()
    {
        await using var database = await StartAsync();
        using var frozen = NodeProcess.Start(database.ConnectionString, "frozen");
        await CountProjection(database, 100);
        await frozen.UntilSaidAsync(NodeProgram.MidWork);
        await using var other = await OtherNodeAsync(database);

        await FreezeAndMeasureAsync(frozen, async () => await new ReadModels(other.Store.Source).ReadPositionAsync("taken") == 100);
        await frozen.WakeAsync();
        await frozen.UntilSaidAsync(NodeProgram.Lost + "projection:taken:v1");
        await CountProjection(database, 50);
        await Wait.UntilAsync(async () => await new ReadModels(other.Store.Source).ReadPositionAsync("taken") == 150, "the later events");
        (await database.LinesAsync("select node, count(*), count(distinct position), max(position) from taken_g1.events group by node")).ShouldBe(["other 150 150 150"]);
    }

    [Fact]
    public async Task A_subscription_of_a_frozen_owner_is_delivered_by_another_node_within_5_s_and_the_woken_one_does_not_move_it()
    {
        await using var database = await StartAsync();
        using var frozen = NodeProcess.Start(database.ConnectionString, "frozen");
        await AppendAsync(database, 10);
        await frozen.UntilSaidAsync(NodeProgram.MidWork);
        await using var other = await OtherNodeAsync(database);

        await FreezeAndMeasureAsync(frozen, async () => await ReadCheckpointAsync(database) >= 10);
        await AppendAsync(database, 10);
        await Wait.UntilAsync(async () => await ReadCheckpointAsync(database) == 20, "the later events");
        var before = await database.LinesAsync("select position, changed from bookkeeping.checkpoints");
        await frozen.WakeAsync();
        await frozen.UntilSaidAsync(NodeProgram.Lost + "subscription:telling");
        (await database.LinesAsync("select position, changed from bookkeeping.checkpoints")).ShouldBe(before);
        // In order by the other node; what the frozen one had told before it was frozen cannot be taken back, so that is told twice.
        (await database.LinesAsync("select position from delivered where node = 'other'")).ShouldBe(Enumerable.Range(1, 20).Select(i => i.ToString(CultureInfo.InvariantCulture)));
        (await database.ScalarAsync<long>("select coalesce(max(position), 0) from delivered where node = 'frozen'")).ShouldBeInRange(1, 10);
    }

    [Fact]
    public async Task A_timer_of_a_frozen_owner_is_fired_by_another_node_within_5_s_under_the_same_idempotency_key()
    {
        await using var database = await StartAsync();
        using var frozen = NodeProcess.Start(database.ConnectionString, "frozen");
        var timers = new DurableTimers(database.Store.Source);
        await timers.ScheduleAsync(new TimerRequest("t", "telling", DateTimeOffset.UtcNow, new { }));
        await frozen.UntilSaidAsync(NodeProgram.MidWork);
        await using var other = await OtherNodeAsync(database);

        await FreezeAndMeasureAsync(frozen, async () => (await timers.ListAsync()).Count == 0);
        // The woken one would remove the timer that it fired: the new one under its key must stay.
        await timers.ScheduleAsync(new TimerRequest("t", "telling", DateTimeOffset.UtcNow.AddHours(1), new { }));
        await frozen.WakeAsync();
        await frozen.UntilSaidAsync(NodeProgram.Lost + "timers:telling");
        (await timers.ListAsync()).ShouldHaveSingleItem().Attempts.ShouldBe(0);
        (await database.LinesAsync("select node from fired order by node")).ShouldBe(["frozen", "other"]);
        (await database.ScalarAsync<long>("select count(distinct id) from fired")).ShouldBe(1);
    }

    private async Task<TestDatabase> StartAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync(RunningNode.Sinks);
        return database;
    }

    private static async Task<OtherNode> OtherNodeAsync(TestDatabase database)
    {
        var store = await database.OpenAsync();
        return new OtherNode(store, await RunningNode.StartAsync(store, "other", NullLoggerFactory.Instance, () => Task.CompletedTask));
    }

    private async Task FreezeAndMeasureAsync(NodeProcess owner, Func<Task<bool>> takenOver)
    {
        (await takenOver()).ShouldBeFalse();
        await owner.FreezeAsync();
        var started = Stopwatch.GetTimestamp();
        await Wait.UntilAsync(takenOver, "the takeover");
        var took = Stopwatch.GetElapsedTime(started);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"taken over after {took.TotalSeconds:0.0} s"));
        took.ShouldBeLessThan(Takeover);
    }

    private static Task CountProjection(TestDatabase database, int events) => Projections.CountProjection.AppendAsync(database.Store, events);

    private static async Task AppendAsync(TestDatabase database, int events)
    {
        for (var i = 0; i < events; i++) await database.Store.AppendAsync($"r-{i % 3}", ExpectedVersion.Any, [new Renamed("x")]);
    }

    private static Task<long> ReadCheckpointAsync(TestDatabase database) =>
        database.ScalarAsync<long>("select coalesce(max(position), 0) from bookkeeping.checkpoints where name = 'subscription:telling'");

    private sealed record OtherNode(EventStore Store, RunningNode Node) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await Store.DisposeAsync();
        }
    }
}
