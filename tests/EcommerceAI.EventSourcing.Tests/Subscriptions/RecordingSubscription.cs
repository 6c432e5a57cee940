using System.Collections.Concurrent;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Subscriptions;

/// <summary>Remembers what it was given; a hook may refuse an event before it is taken.</summary>
internal sealed class RecordingSubscription(string name = "recording") : ISubscription
{
    private readonly ConcurrentQueue<RecordedEvent> _taken = new();

    public Func<RecordedEvent, Task>? Before { get; set; }

    /// <summary>What was taken, in order.</summary>
    public IReadOnlyList<RecordedEvent> Taken => [.. _taken];

    public IReadOnlyList<long> Positions => [.. _taken.Select(@event => @event.Position)];

    /// <summary>How many effects were carried out.</summary>
    public int Effects { get; private set; }

    public string Name => name;

    public IReadOnlyList<Type> Handles => [typeof(Counted), typeof(Picky)];

    public SubscriptionStart Start { get; init; }

    public DeliveryPolicy Policy { get; init; } = DeliveryPolicy.Stop;

    public int BatchSize { get; init; } = 100;

    public bool SuppressesEffectsWhileCatchingUp { get; init; }

    public void Refuse(string mark) => Before = @event =>
        @event.Data is Counted { Mark: { } found } && found == mark ? throw new InvalidTimeZoneException("planted") : Task.CompletedTask;

    public async Task DeliverAsync(SubscriptionBatch batch, CancellationToken cancellation)
    {
        foreach (var @event in batch.Events)
        {
            if (Before is { } hook) await hook(@event);
            _taken.Enqueue(@event);
            await batch.EffectAsync(() =>
            {
                Effects++;
                return Task.CompletedTask;
            });
        }
    }
}

/// <summary>A node that runs subscriptions.</summary>
internal sealed class RunningSubscriptions : IAsyncDisposable
{
    private readonly LogWatch _watch;
    private readonly SubscriptionHost _host;

    private RunningSubscriptions(EventStore store, string? owner, ISubscription[] subscriptions)
    {
        _watch = new LogWatch(store, NullLogger<LogWatch>.Instance);
        _host = new SubscriptionHost(
            store, _watch, subscriptions, NullLogger<SubscriptionHost>.Instance, owner is null ? null : new LeaseOptions { Owner = owner });
    }

    public static Task<RunningSubscriptions> StartAsync(EventStore store, params ISubscription[] subscriptions) => StartAsync(store, null, subscriptions);

    public static async Task<RunningSubscriptions> StartAsync(EventStore store, string? owner, params ISubscription[] subscriptions)
    {
        var running = new RunningSubscriptions(store, owner, subscriptions);
        await running._watch.StartAsync(CancellationToken.None);
        await running._host.StartAsync(CancellationToken.None);
        return running;
    }

    public Task<IReadOnlyList<SubscriptionStatus>> ReadStatusAsync() => _host.ReadStatusAsync();

    public Task UntilAsync(Func<IReadOnlyList<SubscriptionStatus>, bool> condition) =>
        Wait.UntilAsync(async () => condition(await _host.ReadStatusAsync()), "the subscriptions");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _watch.StopAsync(CancellationToken.None);
        _host.Dispose();
        _watch.Dispose();
    }
}
