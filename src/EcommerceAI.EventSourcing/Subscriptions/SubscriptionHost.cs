using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcommerceAI.EventSourcing.Subscriptions;

/// <summary>How a subscription is doing.</summary>
/// <param name="Subscription">Its name.</param>
/// <param name="Checkpoint">The position up to which everything was delivered or parked.</param>
/// <param name="Lag">Positions between it and the high-water mark.</param>
/// <param name="Error">Why it stopped or is being tried again, here or on the node that runs it; null while it runs.</param>
public sealed record SubscriptionStatus(string Subscription, long Checkpoint, long Lag, string? Error)
{
    /// <summary>How many events are parked.</summary>
    public long Parked { get; init; }

    /// <summary>The node that runs it, or null while none does.</summary>
    public string? Owner { get; init; }

    /// <summary>The event that it stands still at, or null.</summary>
    public FailedEvent? FailedEvent { get; init; }
}

/// <summary>
/// Keeps all subscriptions running, each on its own and on one node at a time. One whose policy says to stop keeps its place until it is
/// resumed or a host is started with what mends it.
/// </summary>
public sealed class SubscriptionHost : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly EventStore _store;
    private readonly LogWatch _watch;
    private readonly IReadOnlyDictionary<LogFollower, ISubscription> _subscriptions;
    private readonly LogFollowers _followers;

    /// <summary>Takes what it runs.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="watch">Tells when the log has moved.</param>
    /// <param name="subscriptions">The subscriptions.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="node">Who this node is; null for a name of its own and the ordinary times.</param>
    /// <exception cref="ArgumentException">Two subscriptions share a name.</exception>
    public SubscriptionHost(
        EventStore store, LogWatch watch, IEnumerable<ISubscription> subscriptions, ILogger<SubscriptionHost> logger, LeaseOptions? node = null)
    {
        (_store, _watch) = (store, watch);
        _subscriptions = subscriptions.ToDictionary(subscription =>
            new LogFollower(subscription.Name, ShardOf(subscription.Name), ShardOf(subscription.Name)));
        _followers = new LogFollowers("subscription", store, node, logger);
    }

    /// <summary>Lets a subscription that its policy has stopped go on, on whichever node runs it, with the event it stopped at.</summary>
    /// <param name="failures">What stands still.</param>
    /// <param name="subscription">Its name.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was stopped.</returns>
    public static Task<bool> ResumeAsync(ShardFailures failures, string subscription, CancellationToken cancellation = default) =>
        failures.ClearAsync(ShardOf(subscription), cancellation);

    /// <summary>Status of every subscription, from the database and this host.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<SubscriptionStatus>> ReadStatusAsync(CancellationToken cancellation = default)
    {
        var mark = await _store.HighWater.ReadAsync(cancellation);
        var checkpoints = await SubscriptionCheckpoint.ReadAllAsync(_store.Source, cancellation);
        var parked = await new ParkedEvents(_store).CountAsync(cancellation);
        var report = await _followers.ReadAsync(cancellation);
        return
        [
            .. _subscriptions.Keys.Select(follower =>
            {
                var position = checkpoints.GetValueOrDefault(follower.Name)?.Position ?? 0;
                return new SubscriptionStatus(follower.Name, position, Math.Max(0, mark - position), report.ErrorOf(follower))
                {
                    Parked = parked.GetValueOrDefault(follower.Name),
                    Owner = report.OwnerOf(follower),
                    FailedEvent = report.EventOf(follower),
                };
            }),
        ];
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _followers.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _followers.RunAsync(_subscriptions.Keys, FollowAsync, WaitForResumptionAsync, stoppingToken);

    private static string ShardOf(string subscription) => $"subscription:{subscription}";

    private async Task FollowAsync(LogFollower follower, Lease lease, CancellationToken cancellation)
    {
        var runner = new SubscriptionRunner(_store, _subscriptions[follower], lease)
        {
            Moved = (position, events) => _followers.Moved(follower, position, events),
            Failed = failure => _followers.Failed(follower, failure),
            ReadsTail = false,
        };
        var checkpoint = await SubscriptionCheckpoint.EnsureAsync(
            _store.Source, _subscriptions[follower], lease, await _watch.ReadMarkAsync(cancellation), cancellation);
        var failure = await _followers.FindFailureAsync(follower, cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            if (failure is not null && checkpoint.Position >= (failure.Event?.Position ?? 0))
            {
                await _followers.ClearFailureAsync(follower, cancellation);
                failure = null;
            }

            if (failure is null && checkpoint.Position >= _store.HighWater.Last) _followers.Recovered(follower);
            if (!_followers.IsStopped(follower)) _followers.Moved(follower, checkpoint.Position, 0);
            var mark = await _watch.WaitBeyondAsync(checkpoint.Position, cancellation);
            // What it stopped at is read afresh, since somebody may have mended it.
            runner.ReadsTail = failure is null && !_followers.IsStopped(follower);
            checkpoint = await runner.RunAsync(checkpoint, mark, cancellation);
            _followers.Recovered(follower);
        }
    }

    /// <summary>Until somebody forgets the failure that was written down.</summary>
    private async Task WaitForResumptionAsync(LogFollower follower, Exception failure, CancellationToken cancellation)
    {
        while (await IsStillStoppedAsync(follower, cancellation)) await Task.Delay(Look, cancellation);
    }

    private async Task<bool> IsStillStoppedAsync(LogFollower follower, CancellationToken cancellation)
    {
        try
        {
            return await _followers.FindFailureAsync(follower, cancellation) is not null;
        }
        catch (Exception unasked) when (unasked is Npgsql.NpgsqlException or TimeoutException or IOException)
        {
            return true;
        }
    }
}
