using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Tests.Projections;
using EcommerceAI.EventSourcing.Tests.Store;
using EcommerceAI.EventSourcing.Tests.Subscriptions;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Nodes;

/// <summary>Random histories of nodes that come and go; <c>ECOMMERCEAI_SEEDS</c> says how many.</summary>
public sealed class NodeHistoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [Seeds]
    public async Task While_nodes_come_and_go_and_lose_their_connections_rows_count_each_event_once_and_deliveries_keep_their_order(int seed)
    {
        var random = new Random(seed);
        await using var database = await TestDatabase.CreateAsync(postgres);
        var projection = new CountProjection();
        var subscription = new RecordingSubscription { BatchSize = 20 };
        var nodes = new List<Node>();
        var appended = 0;
        for (var step = 0; step < 12; step++)
        {
            if (nodes.Count > 0 && random.Next(3) == 0)
            {
                var leaving = nodes[random.Next(nodes.Count)];
                nodes.Remove(leaving);
                await leaving.DisposeAsync();
            }

            if (nodes.Count < 3 && random.Next(2) == 0) nodes.Add(await Node.StartAsync(await database.OpenAsync(), projection, subscription));
            if (random.Next(4) == 0) await database.KillBackendsAsync("application_name = 'EcommerceAI'");
            await AppendAsync(database, 25);
            appended += 25;
        }

        if (nodes.Count == 0) nodes.Add(await Node.StartAsync(await database.OpenAsync(), projection, subscription));
        await Wait.UntilAsync(async () => await IsCaughtUpAsync(database, appended), $"everything to be followed, seed {seed}");
        foreach (var node in nodes) await node.DisposeAsync();
        await using var reader = await database.OpenAsync();
        (await projection.ReadAsync(new ReadModels(reader.Source))).ShouldBe((appended, appended, appended), $"seed {seed}");
        subscription.Positions.Distinct().ShouldBe(Enumerable.Range(1, appended).Select(i => (long)i), $"seed {seed}");
    }

    private static async Task AppendAsync(TestDatabase database, int events)
    {
        for (var i = 0; i < events; i++)
            await database.ExecuteAsync(ForeignWrites.NewStream($"n-{Guid.NewGuid():N}"));
    }

    private static async Task<bool> IsCaughtUpAsync(TestDatabase database, long position) => await database.ScalarAsync<bool>(
        $"select coalesce((select min(checkpoint) from bookkeeping.generations where state = 'live'), 0) = {position} and coalesce((select max(position) from bookkeeping.checkpoints), 0) = {position}");

    private sealed record Node(EventStore Store, RunningHost Projections, RunningSubscriptions Subscriptions) : IAsyncDisposable
    {
        public static async Task<Node> StartAsync(EventStore store, IProjection projection, RecordingSubscription subscription) =>
            new(store, await RunningHost.StartAsync(store, projection), await RunningSubscriptions.StartAsync(store, subscription));

        public async ValueTask DisposeAsync()
        {
            await Projections.DisposeAsync();
            await Subscriptions.DisposeAsync();
            await Store.DisposeAsync();
        }
    }
}
