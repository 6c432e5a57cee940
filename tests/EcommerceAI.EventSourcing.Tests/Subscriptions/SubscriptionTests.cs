using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Subscriptions;

public sealed class SubscriptionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Events_are_delivered_in_order_and_a_new_start_goes_on_where_the_last_one_ended()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 250);
        var subscription = new RecordingSubscription();
        await using (var first = await RunningSubscriptions.StartAsync(database.Store, subscription))
        {
            await first.UntilAsync(statuses => statuses[0] is { Lag: 0, Checkpoint: 250 });
            await CountProjection.AppendAsync(database.Store, 50);
            await first.UntilAsync(statuses => statuses[0].Checkpoint == 300);
        }

        await CountProjection.AppendAsync(database.Store, 20);
        await using var second = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await second.UntilAsync(statuses => statuses[0].Checkpoint == 320);
        subscription.Positions.ShouldBe(Enumerable.Range(1, 320).Select(i => (long)i));
    }

    [Fact]
    public async Task A_subscription_that_starts_now_leaves_the_history_out_and_misses_nothing_after_it()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 30);
        var subscription = new RecordingSubscription { Start = SubscriptionStart.Now };
        await using (var first = await RunningSubscriptions.StartAsync(database.Store, subscription))
            await first.UntilAsync(statuses => statuses[0].Checkpoint == 30);
        await CountProjection.AppendAsync(database.Store, 10);
        await using var second = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await second.UntilAsync(statuses => statuses[0].Checkpoint == 40);
        subscription.Positions.ShouldBe(Enumerable.Range(31, 10).Select(i => (long)i));
    }

    [Fact]
    public async Task Effects_are_suppressed_up_to_where_the_log_ended_at_the_first_start()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await CountProjection.AppendAsync(database.Store, 30);
        var subscription = new RecordingSubscription { SuppressesEffectsWhileCatchingUp = true, Policy = DeliveryPolicy.Stop, BatchSize = 7 };
        var broken = new RecordingSubscription { SuppressesEffectsWhileCatchingUp = true, Before = _ => throw new InvalidTimeZoneException("planted") };
        // Stopped at its first event, so that it has its whole history still before it when new events have come.
        await using (var first = await RunningSubscriptions.StartAsync(database.Store, broken))
            await first.UntilAsync(statuses => statuses[0].FailedEvent is { Position: 1 });
        await CountProjection.AppendAsync(database.Store, 5);
        await using var second = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await second.UntilAsync(statuses => statuses[0] is { Checkpoint: 35, Error: null });
        subscription.Taken.Count.ShouldBe(35);
        subscription.Effects.ShouldBe(5);
    }

    [Fact]
    public async Task Stop_keeps_the_place_names_the_event_and_leaves_the_others_alone_until_it_is_resumed()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var (stopping, sound) = (new RecordingSubscription("stopping"), new RecordingSubscription("sound"));
        stopping.Refuse("poison");
        await using var host = await RunningSubscriptions.StartAsync(database.Store, stopping, sound);
        await CountProjection.AppendAsync(database.Store, 20);
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted(1, "poison")]);
        await CountProjection.AppendAsync(database.Store, 20);
        await host.UntilAsync(statuses => statuses[1] is { Checkpoint: 41, Error: null }
            && statuses[0] is { Checkpoint: 20, FailedEvent: { Position: 21, StreamId: "poisoned" }, Error: not null });
        stopping.Positions.ShouldNotContain(position => position > 21);
        stopping.Before = null;
        (await SubscriptionHost.ResumeAsync(new ShardFailures(database.Store.Source), "stopping")).ShouldBeTrue();
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 41, Error: null, FailedEvent: null });
        stopping.Positions.Distinct().Order().ShouldBe(Enumerable.Range(1, 41).Select(i => (long)i));
    }

    [Fact]
    public async Task Retry_waits_longer_each_time_and_goes_on_once_it_succeeds()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var attempts = new List<long>();
        var policy = new DeliveryPolicy(5, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(60), false);
        new[] { 1, 2, 3, 9 }.Select(attempt => policy.WaitAfter(attempt).TotalMilliseconds).ShouldBe([20, 40, 60, 60]);
        var subscription = new RecordingSubscription { Policy = policy };
        subscription.Before = @event =>
        {
            if (@event.Position != 2) return Task.CompletedTask;
            attempts.Add(Environment.TickCount64);
            return attempts.Count < 4 ? throw new InvalidTimeZoneException("planted") : Task.CompletedTask;
        };
        await using var host = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await CountProjection.AppendAsync(database.Store, 3, streams: 1);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 3, Error: null });
        attempts.Count.ShouldBe(4);
        (attempts[^1] - attempts[0]).ShouldBeGreaterThanOrEqualTo(55);
        subscription.Positions.Distinct().ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Retry_that_is_used_up_parks_where_the_policy_says_so()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var subscription = new RecordingSubscription { Policy = new DeliveryPolicy(2, TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(5), true) };
        subscription.Refuse("poison");
        await using var host = await RunningSubscriptions.StartAsync(database.Store, subscription);
        await database.Store.AppendAsync("poisoned", ExpectedVersion.Any, [new Counted(1, "poison")]);
        await host.UntilAsync(statuses => statuses[0] is { Checkpoint: 1, Parked: 1, Error: null });
        (await new ParkedEvents(database.Store).ListAsync()).ShouldHaveSingleItem().Attempts.ShouldBe(3);
    }

    [Fact]
    public async Task One_node_runs_a_subscription_and_another_goes_on_when_it_stops()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        await using var other = await database.OpenAsync();
        var (mine, theirs) = (new RecordingSubscription(), new RecordingSubscription());
        var one = await RunningSubscriptions.StartAsync(database.Store, "one", mine);
        await one.UntilAsync(statuses => statuses[0].Owner == "one");
        await using var two = await RunningSubscriptions.StartAsync(other, "two", theirs);
        await CountProjection.AppendAsync(database.Store, 40);
        await two.UntilAsync(statuses => statuses[0] is { Owner: "one", Checkpoint: 40 });
        await one.DisposeAsync();
        await CountProjection.AppendAsync(database.Store, 10);
        await two.UntilAsync(statuses => statuses[0] is { Owner: "two", Checkpoint: 50 });
        mine.Positions.ShouldBe(Enumerable.Range(1, 40).Select(i => (long)i));
        theirs.Positions.ShouldBe(Enumerable.Range(41, 10).Select(i => (long)i));
    }

    [Fact]
    public async Task Subscriptions_survive_the_loss_of_every_connection_and_deliver_everything()
    {
        await using var database = await TestDatabase.CreateAsync(postgres);
        var subscription = new RecordingSubscription { Policy = DeliveryPolicy.Park };
        await using var host = await RunningSubscriptions.StartAsync(database.Store, subscription);
        for (var i = 1; i <= 3; i++)
        {
            await CountProjection.AppendAsync(database.Store, 20);
            await database.KillBackendsAsync();
            await Wait.UntilAsync(() => Task.FromResult(subscription.Positions.Distinct().Count() == 20 * i), "the events");
        }

        await Wait.UntilAsync(
            async () => await database.ScalarAsync<long>("select max(position) from bookkeeping.checkpoints") == 60, "the checkpoint");
        (await database.ScalarAsync<long>("select count(*) from bookkeeping.parked_events")).ShouldBe(0);
    }
}
