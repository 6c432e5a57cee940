using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Timers;
using EcommerceAI.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Timers;

public sealed class TimerTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Timers_fire_when_due_and_not_before_and_an_earlier_one_wakes_the_sleeper()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var timers = new DurableTimers(database.Store.Source);
        var handler = new RecordingHandler();
        await using var host = await RunningTimers.StartAsync(database.Store, handler);
        await timers.ScheduleAsync(new TimerRequest("far", "ring", DateTimeOffset.UtcNow.AddHours(1), new { }));
        // The sleeper is on its way to the far one; the near ones come in falling order, each waking it again.
        var now = DateTimeOffset.UtcNow;
        foreach (var after in (int[])[900, 600, 300])
            await timers.ScheduleAsync(new TimerRequest($"in-{after}", "ring", now.AddMilliseconds(after), new Bell(after)));
        await Wait.UntilAsync(() => Task.FromResult(handler.Fired.Count == 3), "the timers");
        handler.Fired.Select(fired => fired.Timer.Key).ShouldBe(["in-300", "in-600", "in-900"]);
        foreach (var (timer, at) in handler.Fired)
        {
            (at - timer.Due).ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{timer.Key}: {(at - timer.Due).TotalMilliseconds:0.0} ms late"));
        }

        handler.Fired[0].Timer.ReadPayload<Bell>().ShouldBe(new Bell(300));
        await Wait.UntilAsync(async () => (await timers.ListAsync()) is [{ Timer.Key: "far" }], "the fired ones to be gone");
    }

    [Fact]
    public async Task A_timer_is_scheduled_in_the_transaction_of_the_caller_or_not_at_all()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var connection = await database.Store.Source.OpenConnectionAsync();
        foreach (var (key, commits) in (IEnumerable<(string, bool)>)[("rolled-back", false), ("committed", true)])
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await DurableTimers.ScheduleAsync(connection, [new TimerRequest(key, "ring", DateTimeOffset.UtcNow, new { })]);
            if (commits) await transaction.CommitAsync();
            else await transaction.RollbackAsync();
        }

        (await new DurableTimers(database.Store.Source).ListAsync()).ShouldHaveSingleItem().Timer.Key.ShouldBe("committed");
    }

    [Fact]
    public async Task Scheduling_the_same_again_changes_nothing_and_another_moment_is_another_occurrence()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var timers = new DurableTimers(database.Store.Source);
        var due = DateTimeOffset.UtcNow.AddHours(1);
        async Task<(Guid Id, DateTimeOffset Due)> ScheduleAsync(DateTimeOffset moment, int payload)
        {
            await timers.ScheduleAsync(new TimerRequest("k", "ring", moment, new Bell(payload)));
            var timer = (await timers.ListAsync()).ShouldHaveSingleItem().Timer;
            return (timer.Id, timer.Due);
        }

        var first = await ScheduleAsync(due, 1);
        (await ScheduleAsync(due, 1)).ShouldBe(first);
        var moved = await ScheduleAsync(due.AddMinutes(1), 1);
        moved.Id.ShouldNotBe(first.Id);
        (moved.Due - first.Due).ShouldBe(TimeSpan.FromMinutes(1));
        (await ScheduleAsync(due.AddMinutes(1), 2)).Id.ShouldNotBe(moved.Id);
        (await timers.CancelAsync("k")).ShouldBeTrue();
        (await timers.CancelAsync("k")).ShouldBeFalse();
        (await timers.ListAsync()).ShouldBeEmpty();
        await Should.ThrowAsync<ArgumentException>(() => timers.ScheduleAsync([new TimerRequest("a", "ring", due, 1), new TimerRequest("a", "ring", due, 2)]));
        await Should.ThrowAsync<ArgumentException>(() => timers.ScheduleAsync(new TimerRequest("a\0b", "ring", due, 1)));
    }

    [Fact]
    public async Task A_cancelled_timer_does_not_fire_and_a_rescheduled_one_fires_at_its_new_moment_alone()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var timers = new DurableTimers(database.Store.Source);
        var handler = new RecordingHandler();
        await using var host = await RunningTimers.StartAsync(database.Store, handler);
        var soon = DateTimeOffset.UtcNow.AddMilliseconds(300);
        await timers.ScheduleAsync([
            new TimerRequest("cancelled", "ring", soon, new { }), new TimerRequest("moved", "ring", soon, new { }), new TimerRequest("last", "ring", soon.AddMilliseconds(100), new { })]);
        await timers.CancelAsync("cancelled");
        await timers.ScheduleAsync(new TimerRequest("moved", "ring", soon.AddHours(1), new { }));
        await Wait.UntilAsync(() => Task.FromResult(handler.Fired.Count == 1), "the last timer");
        handler.Fired[0].Timer.Key.ShouldBe("last");
    }

    [Fact]
    public async Task A_handler_that_schedules_its_own_timer_anew_keeps_the_new_one()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var timers = new DurableTimers(database.Store.Source);
        var ids = new ConcurrentQueue<Guid>();
        var handler = new RecordingHandler();
        handler.Before = async timer =>
        {
            ids.Enqueue(timer.Id);
            if (ids.Count < 5) await timers.ScheduleAsync(new TimerRequest(timer.Key, timer.Type, DateTimeOffset.UtcNow, new Bell(ids.Count)));
        };
        await using var host = await RunningTimers.StartAsync(database.Store, handler);
        await timers.ScheduleAsync(new TimerRequest("tick", "ring", DateTimeOffset.UtcNow, new Bell(0)));
        await Wait.UntilAsync(async () => (await timers.ListAsync()).Count == 0, "the last tick");
        ids.Distinct().Count().ShouldBe(5);
        handler.Fired.Select(fired => fired.Timer.ReadPayload<Bell>().Tone).ShouldBe([0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task A_timer_that_fails_is_tried_again_with_growing_waits_then_parked_and_replayed()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var timers = new DurableTimers(database.Store.Source);
        var handler = new RecordingHandler { MostAttempts = 3, Before = _ => throw new InvalidTimeZoneException("planted") };
        await using var host = await RunningTimers.StartAsync(database.Store, handler);
        await timers.ScheduleAsync([
            new TimerRequest("bad", "ring", DateTimeOffset.UtcNow, new { }), new TimerRequest("unhandled", "unknown", DateTimeOffset.UtcNow, new { })]);
        await Wait.UntilAsync(async () => (await timers.ListAsync(parkedOnly: true)).Count == 1, "the timer to be parked");
        var parked = (await timers.ListAsync())[0];
        (parked.Timer.Key, parked.Attempts, parked.Error).ShouldBe(("bad", 3, "planted"));
        handler.Before = null;
        (await timers.ReplayAsync("nothing")).ShouldBe(0);
        (await timers.ReplayAsync("bad")).ShouldBe(1);
        await Wait.UntilAsync(async () => await timers.ListAsync() is [{ Timer.Key: "unhandled", Attempts: 0 }], "the replayed timer");
        handler.Fired.ShouldHaveSingleItem().Timer.Id.ShouldBe(parked.Timer.Id);
    }

    [Fact]
    public async Task Ten_thousand_timers_that_came_due_during_a_stop_fire_once_each_on_start()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var timers = new DurableTimers(database.Store.Source);
        var due = DateTimeOffset.UtcNow.AddMinutes(-1);
        await timers.ScheduleAsync([.. Enumerable.Range(0, 10_000).Select(i => new TimerRequest($"t-{i}", "ring", due.AddMilliseconds(i), new Bell(i)))]);
        var (mine, theirs) = (new RecordingHandler(), new RecordingHandler());
        var started = Stopwatch.GetTimestamp();
        await using var one = await RunningTimers.StartAsync(database.Store, mine);
        await using var two = await RunningTimers.StartAsync(other, theirs);
        await Wait.UntilAsync(async () => await database.ScalarAsync<long>("select count(*) from bookkeeping.timers") == 0, "the timers");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"10,000 overdue timers fired in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        var fired = mine.Fired.Concat(theirs.Fired).ToList();
        fired.Count.ShouldBe(10_000);
        fired.Select(one => one.Timer.Key).Distinct(StringComparer.Ordinal).Count().ShouldBe(10_000);
    }

    [Fact]
    public async Task Timers_survive_the_loss_of_every_connection()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var timers = new DurableTimers(database.Store.Source);
        var handler = new RecordingHandler();
        await using var host = await RunningTimers.StartAsync(database.Store, handler);
        for (var i = 1; i <= 3; i++)
        {
            var key = $"k{i}";
            await Wait.UntilAsync(() => TryScheduleAsync(timers, key), "a connection");
            await database.KillBackendsAsync();
            await Wait.UntilAsync(async () => await database.ScalarAsync<long>("select count(*) from bookkeeping.timers") == 0, "the timer");
        }

        handler.Fired.Select(fired => fired.Timer.Key).Distinct(StringComparer.Ordinal).ShouldBe(["k1", "k2", "k3"]);
    }

    private static async Task<bool> TryScheduleAsync(DurableTimers timers, string key)
    {
        try
        {
            await timers.ScheduleAsync(new TimerRequest(key, "ring", DateTimeOffset.UtcNow, new { }));
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private sealed record Bell(int Tone);

    private sealed class RecordingHandler : ITimerHandler
    {
        private readonly ConcurrentQueue<(DurableTimer Timer, DateTimeOffset At)> _fired = new();

        public Func<DurableTimer, Task>? Before { get; set; }

        public IReadOnlyList<(DurableTimer Timer, DateTimeOffset At)> Fired => [.. _fired];

        public string Type => "ring";

        public int MostAttempts { get; init; } = 10;

        public TimeSpan Backoff => TimeSpan.FromMilliseconds(20);

        public async Task FireAsync(DurableTimer timer, CancellationToken cancellation)
        {
            var at = DateTimeOffset.UtcNow;
            if (Before is { } hook) await hook(timer);
            _fired.Enqueue((timer, at));
        }
    }

    private sealed class RunningTimers(TimerHost host) : IAsyncDisposable
    {
        public static async Task<RunningTimers> StartAsync(EventStore store, ITimerHandler handler)
        {
            var host = new TimerHost(store, [handler], NullLogger<TimerHost>.Instance, new LeaseOptions());
            await host.StartAsync(CancellationToken.None);
            return new RunningTimers(host);
        }

        public async ValueTask DisposeAsync()
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }
    }
}
