using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Subscriptions;

public sealed class ParkedEventsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_poison_event_is_parked_with_what_follows_in_its_stream_while_other_streams_go_on()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var subscription = Parking();
        await using var host = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await PoisonAsync(database);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 13, Parked: 3, Error: null });
        // Later ones of the stream are parked as well, also after a new start.
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted(5)]);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 14, Parked: 4 });
        subscription.Taken.Select(@event => @event.StreamId).ShouldNotContain("poisoned");
        subscription.Positions.Distinct().Count().ShouldBe(10);
        (await new ParkedEvents(database.Store).ListAsync("recording"))
            .Select(parked => (parked.Event.Position, parked.Event.StreamId, parked.Event.Type, parked.Reason, parked.Attempts)).ShouldBe(
            [
                (6, "poisoned", "counted", "planted", 1),
                (7, "poisoned", "counted", null, 0),
                (13, "poisoned", "counted", null, 0),
                (14, "poisoned", "counted", null, 0),
            ]);
    }

    [Fact]
    public async Task Parked_events_are_replayed_in_order_and_those_that_fail_stay_with_their_reason()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var subscription = Parking();
        await using (var host = await RunningSubscriptions.StartAsync(database.Store, subscription))
        {
            await PoisonAsync(database);
            await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 13, Parked: 3 });
        }

        var parked = new ParkedEvents(database.Store);
        (await parked.ReplayAsync(subscription)).ShouldBe(new ReplayResult(0, 3));
        (await parked.ListAsync())[0].ShouldSatisfyAllConditions(one => one.Attempts.ShouldBe(2), one => one.Reason.ShouldBe("planted"));

        var repaired = new RecordingSubscription { Before = @event => @event.Position == 13 ? throw new InvalidTimeZoneException("another") : Task.CompletedTask };
        (await parked.ReplayAsync(repaired, "poisoned")).ShouldBe(new ReplayResult(2, 1));
        repaired.Positions.ShouldBe([6, 7]);
        (await parked.ListAsync()).ShouldHaveSingleItem().Reason.ShouldBe("another");
        (await parked.DiscardAsync("recording", 13)).ShouldBeTrue();
        (await parked.DiscardAsync("recording", 13)).ShouldBeFalse();
        (await parked.ReplayAsync(repaired)).ShouldBe(new ReplayResult(0, 0));

        // The stream is free again.
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted()]);
        await using var again = await RunningSubscriptions.StartAsync(database.Store, repaired);
        await again.UntilAsync(statuses => statuses[0] is { Checkpoint: 14, Parked: 0 });
        repaired.Positions.ShouldBe([6, 7, 14]);
    }

    [Fact]
    public async Task An_event_that_does_not_fit_its_record_is_parked_and_replayed_once_it_does()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 6, streams: 2);
        await database.ExecuteAsync("update events.mt_events set data = '{\"by\": \"many\"}' where seq_id = 3");
        var subscription = Parking();
        await using var host = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 6, Parked: 2, Error: null });
        subscription.Positions.Distinct().Count().ShouldBe(4);
        var parked = new ParkedEvents(database.Store);
        (await parked.ListAsync())[0].ShouldSatisfyAllConditions(one => one.Event.Position.ShouldBe(3), one => one.Reason.ShouldNotBeNull());
        (await parked.ReplayAsync(subscription)).ShouldBe(new ReplayResult(0, 2));
        await database.ExecuteAsync("update events.mt_events set data = '{\"by\": 1}' where seq_id = 3");
        (await parked.ReplayAsync(subscription)).ShouldBe(new ReplayResult(2, 0));
        subscription.Positions.Distinct().Order().ShouldBe([1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public async Task Nothing_overtakes_in_a_stream_that_is_replayed_while_events_come_in()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var random = new Random(11);
        var subscription = new RecordingSubscription { Policy = DeliveryPolicy.Park, BatchSize = 5 };
        // Every event fails once in five, each time it is tried.
        subscription.Before = _ =>
        {
            lock (random) return random.Next(5) == 0 ? throw new InvalidTimeZoneException("planted") : Task.CompletedTask;
        };
        await using var host = await RunningSubscriptions.StartAsync(database.Store, subscription);
        using var done = new CancellationTokenSource();
        var parked = new ParkedEvents(database.Store);
        var replays = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested) await parked.ReplayAsync(subscription);
        })).ToArray();
        for (var i = 0; i < 40; i++) await CountProjection.AppendAsync(database.Store, 10, streams: 3);
        await Wait.UntilAsync(async () => (await host.ReadStatusAsync())[0] is { Checkpoint: 400, Parked: 0 }, "everything to be delivered");
        await done.CancelAsync();
        await Task.WhenAll(replays);
        subscription.Positions.Distinct().Count().ShouldBe(400);
        foreach (var stream in subscription.Taken.GroupBy(@event => @event.StreamId, StringComparer.Ordinal))
        {
            // Delivered again is fine; delivered for the first time before its predecessor is not.
            var first = stream.Select(@event => @event.Version).Distinct().ToList();
            first.ShouldBe(Enumerable.Range(1, first.Count).Select(i => (long)i), stream.Key);
        }
    }

    private static RecordingSubscription Parking()
    {
        var subscription = new RecordingSubscription { Policy = DeliveryPolicy.Park };
        subscription.Refuse("poison");
        return subscription;
    }

    /// <summary>Positions 6, 7 and 13 are of the poisoned stream, 6 is the poison.</summary>
    private static async Task PoisonAsync(TestDatabase database)
    {
        await CountProjection.AppendAsync(database.Store, 5);
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted(1, "poison"), new Counted()]);
        await CountProjection.AppendAsync(database.Store, 5);
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted()]);
    }
}
