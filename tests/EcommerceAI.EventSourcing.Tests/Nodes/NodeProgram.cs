using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcommerceAI.EventSourcing.Tests.Nodes;

/// <summary>A node as a process of its own: the test assembly run as a program.</summary>
internal static class NodeProgram
{
    /// <summary>What a process says when it is in the middle of its work and waits for a line.</summary>
    public const string MidWork = "in the middle of the work";

    /// <summary>What a process says, before the name of the shard, when it has lost a lease.</summary>
    public const string Lost = "Lost the lease of ";

    /// <summary>Runs a node until the process ends.</summary>
    public static async Task RunAsync(string connectionString, string name)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        await using var store = await EventStore.OpenAsync(connectionString, TestEvents.Types);
        var paused = 0;
        await using var node = await RunningNode.StartAsync(store, name, loggers, async () =>
        {
            if (Interlocked.Exchange(ref paused, 1) == 1) return;
            await Console.Out.WriteLineAsync(MidWork);
            await Console.In.ReadLineAsync();
        });
        await Task.Delay(Timeout.Infinite);
    }
}

/// <summary>A node with one projection, one subscription and one type of timer, which all tell which node did what.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    public const string Sinks = """
        create table delivered (position bigint not null, node text not null);
        create table fired (key text not null, id uuid not null, node text not null)
        """;

    private readonly List<BackgroundService> _services = [];

    public static async Task<RunningNode> StartAsync(EventStore store, string name, ILoggerFactory loggers, Func<Task> midWork)
    {
        var node = new RunningNode();
        var options = new LeaseOptions { Owner = name };
        var watch = new LogWatch(store, loggers.CreateLogger<LogWatch>());
        node._services.Add(watch);
        node._services.Add(new ProjectionHost(store, watch, [new TakenProjection(name, midWork)], loggers.CreateLogger<ProjectionHost>(), options));
        node._services.Add(new SubscriptionHost(store, watch, [new TellingSubscription(store, name, midWork)], loggers.CreateLogger<SubscriptionHost>(), options));
        node._services.Add(new TimerHost(store, [new TellingHandler(store, name, midWork)], loggers.CreateLogger<TimerHost>(), options));
        foreach (var service in node._services) await service.StartAsync(CancellationToken.None);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services)
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }
    }

    private static async Task TellAsync(EventStore store, string sql, params object[] values)
    {
        await using var command = store.Source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Handles <see cref="Counted"/>: one row an event.</summary>
    private sealed class TakenProjection(string node, Func<Task> midWork) : IProjection
    {
        public string Name => "taken";

        public int Version => 1;

        public IReadOnlyList<Type> Handles => [typeof(Counted)];

        public string Tables => "create table {schema}.events (position bigint primary key, node text not null)";

        public async Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation)
        {
            await batch.ExecuteAsync(
                "insert into {schema}.events select position, $2 from unnest($1::bigint[]) position", batch.Events.Select(@event => @event.Position).ToArray(), node);
            await midWork();
        }
    }

    /// <summary>Handles <see cref="Renamed"/>: tells first, as a sink that cannot be rolled back, and then is slow.</summary>
    private sealed class TellingSubscription(EventStore store, string node, Func<Task> midWork) : ISubscription
    {
        public string Name => "telling";

        public IReadOnlyList<Type> Handles => [typeof(Renamed)];

        public async Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation)
        {
            foreach (var @event in batch.Events) await TellAsync(store, "insert into delivered values ($1, $2)", @event.Position, node);
            await midWork();
        }
    }

    private sealed class TellingHandler(EventStore store, string node, Func<Task> midWork) : ITimerHandler
    {
        public string Type => "telling";

        public async Task FireAsync(DurableTimer timer, CancellationToken cancellation)
        {
            await TellAsync(store, "insert into fired values ($1, $2, $3)", timer.Key, timer.Id, node);
            await midWork();
        }
    }
}
