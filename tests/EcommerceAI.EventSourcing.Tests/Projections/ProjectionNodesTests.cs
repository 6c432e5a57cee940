using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Projections;

/// <summary>What holds when several nodes run the same projections, and what a projection that stops tells.</summary>
public sealed class ProjectionNodesTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_poison_event_is_named_and_everything_before_it_is_applied()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        await CountProjection.AppendAsync(database.Store, 700);
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted(1, "poison")]);
        await CountProjection.AppendAsync(database.Store, 500);
        projection.BeforeCommit = Refuse("poison");
        var batches = 0;
        await using (var host = await RunningHost.StartAsync(database.Store, projection))
        {
            await host.UntilAsync(statuses => statuses[0].FailedEvent is { Position: 701, StreamId: "poisoned", Type: "counted" });
            var status = (await host.ReadStatusAsync())[0];
            status.Checkpoint.ShouldBe(700);
            status.Error!.ShouldContain("planted");
            (await projection.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((700, 700, 700));
            var failures = new ShardFailures(database.Store.Source);
            await Wait.UntilAsync(async () => await failures.FindAsync("projection:counts") is { Event.Position: 701, Attempts: > 1 }, "the second attempt");

            // A node that stands by says the same, though the failure happened elsewhere.
            await using var other = await database.OpenAsync();
            await using var standby = await RunningHost.StartAsync(other, new CountProjection());
            (await standby.ReadStatusAsync())[0].FailedEvent!.Position.ShouldBe(701);
        }

        projection.BeforeCommit = _ =>
        {
            batches++;
            return Task.CompletedTask;
        };
        await using var repaired = await RunningHost.StartAsync(database.Store, projection);
        await repaired.UntilAsync(statuses => statuses[0] is { Checkpoint: 1201, Error: null, FailedEvent: null });
        (await projection.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((1201, 1201, 1201));
        batches.ShouldBe(2);
        (await new ShardFailures(database.Store.Source).ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_event_that_does_not_fit_its_record_is_named_and_everything_before_it_is_applied()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 30);
        await database.ExecuteAsync("update events.mt_events set data = '{\"by\": \"many\"}' where seq_id = 21");
        var projection = new CountProjection();
        await using var host = await RunningHost.StartAsync(database.Store, projection);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 20, FailedEvent.Position: 21 });
        await database.ExecuteAsync("update events.mt_events set data = '{\"by\": 1}' where seq_id = 21");
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 30, Error: null });
        (await projection.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((30, 30, 30));
    }

    [Fact]
    public async Task One_node_runs_a_projection_and_another_takes_over_when_it_stops()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var (first, second) = (new CountProjection(), new CountProjection());
        var takenBySecond = 0;
        second.BeforeCommit = batch =>
        {
            Interlocked.Add(ref takenBySecond, batch.Events.Count);
            return Task.CompletedTask;
        };
        var one = await RunningHost.StartAsync(database.Store, "one", first);
        await one.UntilAsync(statuses => statuses[0].Owner == "one");
        await using var two = await RunningHost.StartAsync(other, "two", second);
        await CountProjection.AppendAsync(database.Store, 100);
        await two.UntilAsync(statuses => statuses[0] is { Owner: "one", Checkpoint: 100 });
        takenBySecond.ShouldBe(0);
        await one.DisposeAsync();
        await CountProjection.AppendAsync(database.Store, 50);
        await two.UntilAsync(statuses => statuses[0] is { Owner: "two", Checkpoint: 150 });
        takenBySecond.ShouldBe(50);
        (await second.ReadAsync(new ReadModels(other.Source))).ShouldBe((150, 150, 150));
    }

    [Fact]
    public async Task While_a_newer_version_is_built_the_older_is_followed_and_the_newer_node_is_not_ready()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var (older, newer) = (new CountProjection(), new CountProjection(2));
        await CountProjection.AppendAsync(database.Store, 40);
        await using var oldNode = await RunningHost.StartAsync(database.Store, older);
        await oldNode.UntilAsync(statuses => statuses[0].Checkpoint == 40);
        var building = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        newer.BeforeCommit = _ =>
        {
            building.TrySetResult();
            return goOn.Task;
        };
        await using var newNode = await RunningHost.StartAsync(other, newer);
        await building.Task;
        await CountProjection.AppendAsync(database.Store, 20);
        await oldNode.UntilAsync(statuses => statuses[0] is { Checkpoint: 60, Error: null, IsSwappedIn: true });
        (await older.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((60, 60, 60));
        (await newNode.ReadStatusAsync())[0].ShouldSatisfyAllConditions(
            status => status.IsSwappedIn.ShouldBeFalse(), status => status.Version.ShouldBe(2), status => status.LiveVersion.ShouldBe(1));
        goOn.SetResult();
        await newNode.UntilAsync(statuses => statuses[0] is { IsSwappedIn: true, Lag: 0, Error: null });
        await CountProjection.AppendAsync(database.Store, 5);
        await newNode.UntilAsync(statuses => statuses[0].Checkpoint == 65);
        (await newer.ReadAsync(new ReadModels(other.Source))).ShouldBe((65, 65, 65));
    }

    [Theory]
    [InlineData(false, 20)]
    [InlineData(true, 30)]
    public async Task Events_of_archived_streams_are_kept_or_left_out_by_choice(bool includes, long total)
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 30, streams: 3);
        await database.ExecuteAsync(
            "update events.mt_events set is_archived = true where stream_id = 'c-1'; update events.mt_streams set is_archived = true where id = 'c-1'");
        var projection = new CountProjection { IncludesArchived = includes };
        await using var host = await RunningHost.StartAsync(database.Store, projection);
        await host.UntilAsync(statuses => statuses[0].Checkpoint == 30);
        (await projection.ReadAsync(new ReadModels(database.Store.Source))).ShouldBe((total, total, 30));
    }

    [Fact]
    public async Task Metrics_tell_lag_state_events_and_failures_of_each_projection()
    {
        var seen = new System.Collections.Concurrent.ConcurrentDictionary<(string, string), long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, asked) =>
        {
            if (instrument.Meter.Name == "EcommerceAI.EventSourcing") asked.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = tags.Length > 0 ? tags[0].Value as string ?? "" : "";
            seen.AddOrUpdate((instrument.Name, name), value, (_, before) => instrument.IsObservable ? value : before + value);
        });
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen[(instrument.Name, tags[0].Value as string ?? "")] = value);
        listener.Start();
        await using var database = await TestDatabase.CreateAsync(postgres);
        // Names of their own: instruments of other tests in this process report under the same meter.
        var (sound, broken) = (new CountProjection(name: "metered_sound"), new CountProjection(name: "metered_broken") { BeforeCommit = Refuse("poison") });
        await using var host = await RunningHost.StartAsync(database.Store, sound, broken);
        await CountProjection.AppendAsync(database.Store, 10);
        await host.UntilAsync(statuses => statuses.All(status => status.Checkpoint == 10));
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted(1, "poison")]);
        await host.UntilAsync(statuses => statuses[0].Checkpoint == 11 && statuses[1].FailedEvent is not null);
        listener.RecordObservableInstruments();
        long Of(string instrument, string name) => seen.GetValueOrDefault(($"ecommerceai.projection.{instrument}", name), -1);
        (Of("events", "metered_sound"), Of("lag", "metered_sound"), Of("up", "metered_sound"), Of("failures", "metered_sound")).ShouldBe((11, 0, 1, -1));
        (Of("events", "metered_broken"), Of("lag", "metered_broken"), Of("up", "metered_broken")).ShouldBe((10, 1, 0));
        Of("failures", "metered_broken").ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_projection_at_rest_hears_of_an_append_in_milliseconds()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var models = new ReadModels(database.Store.Source);
        await using var host = await RunningHost.StartAsync(database.Store, new CountProjection());
        await CountProjection.AppendAsync(database.Store, 10);
        await host.UntilAsync(statuses => statuses[0].Lag == 0);
        var latencies = new List<double>();
        for (var i = 11; i <= 41; i++)
        {
            await CountProjection.AppendAsync(database.Store, 1);
            var committed = Stopwatch.GetTimestamp();
            while (await models.ReadPositionAsync("counts") < i) await Task.Yield();
            latencies.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }

        latencies.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"from commit to projection: median {latencies[15]:0.0} ms, slowest of 31 {latencies[^1]:0.0} ms"));
        // Polling alone would take 250 ms on average; the bar of 50 ms is for a machine at rest, which a test cannot ask for.
        latencies[15].ShouldBeLessThan(200);
    }

    private static Func<ProjectionBatch, Task> Refuse(string mark) => batch =>
        batch.Events.Any(@event => @event.Data is Counted { Mark: { } found } && found == mark) ? throw new InvalidTimeZoneException("planted") : Task.CompletedTask;
}
