using System.Collections.Concurrent;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>What follows the log under a lease.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shard">What its lease is of.</param>
/// <param name="Failure">Under what it is written down that it stands still.</param>
internal sealed record LogFollower(string Name, string Shard, string Failure);

/// <summary>
/// Keeps followers of the log running, each on its own and on one node at a time. One that throws stops alone; why is told in the log, in
/// the status, in metrics and, where an event is at fault, in the bookkeeping schema.
/// </summary>
internal sealed class LogFollowers : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly ILogger _logger;
    private readonly ShardOwnership _ownership;
    private readonly ShardMetrics _metrics;
    private readonly Leases _leases;
    private readonly ShardFailures _failures;
    private readonly ConcurrentDictionary<string, Exception> _errors = new(StringComparer.Ordinal);

    public LogFollowers(string kind, EventStore store, LeaseOptions? node, ILogger logger)
    {
        _logger = logger;
        _leases = new Leases(store.Source, node);
        _failures = new ShardFailures(store.Source);
        _ownership = new ShardOwnership(_leases, logger);
        _metrics = new ShardMetrics(kind, () => store.HighWater.Last);
    }

    /// <summary>Whether the follower is known to stand still on this node.</summary>
    public bool IsStopped(LogFollower follower) => _errors.ContainsKey(follower.Name);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="followers">What follows the log.</param>
    /// <param name="follow">Follows under a lease; it returns where it wants to begin again, and throws where it cannot go on.</param>
    /// <param name="afterFailure">Waits until it is to be tried again, or null for a short while.</param>
    /// <param name="cancellation">Stops.</param>
    public Task RunAsync(
        IEnumerable<LogFollower> followers,
        Func<LogFollower, Lease, CancellationToken, Task> follow,
        Func<LogFollower, Exception, CancellationToken, Task>? afterFailure,
        CancellationToken cancellation)
    {
        var shards = followers.ToDictionary(follower => follower.Shard, StringComparer.Ordinal);
        return _ownership.RunAsync(shards.Keys, (lease, stop) => KeepRunningAsync(shards[lease.Shard], lease, follow, afterFailure, stop), cancellation);
    }

    /// <summary>The failure that an earlier run wrote down, or null.</summary>
    public Task<ShardFailure?> FindFailureAsync(LogFollower follower, CancellationToken cancellation) => _failures.FindAsync(follower.Failure, cancellation);

    /// <summary>What was written down is over.</summary>
    public Task ClearFailureAsync(LogFollower follower, CancellationToken cancellation) => _failures.ClearAsync(follower.Failure, cancellation);

    /// <summary>It stands at a checkpoint and runs.</summary>
    public void Moved(LogFollower follower, long checkpoint, int events) => _metrics.Moved(follower.Name, checkpoint, events);

    /// <summary>It runs again.</summary>
    public void Recovered(LogFollower follower) => _errors.TryRemove(follower.Name, out _);

    /// <summary>An attempt failed, and another will follow.</summary>
    public void Failed(LogFollower follower, Exception failure)
    {
        _errors[follower.Name] = failure;
        _metrics.Failed(follower.Name);
    }

    /// <summary>Owners and failures, as this node and the database know them.</summary>
    public async Task<FollowerReport> ReadAsync(CancellationToken cancellation)
    {
        var leases = (await _leases.ListAsync(cancellation)).Where(lease => lease.IsHeld)
            .ToDictionary(lease => lease.Shard, lease => lease.Owner, StringComparer.Ordinal);
        var failures = (await _failures.ListAsync(cancellation)).ToDictionary(failure => failure.Shard, StringComparer.Ordinal);
        return new FollowerReport(leases, failures, _errors, _ownership.Holds);
    }

    public void Dispose() => _metrics.Dispose();

    private async Task KeepRunningAsync(
        LogFollower follower,
        Lease lease,
        Func<LogFollower, Lease, CancellationToken, Task> follow,
        Func<LogFollower, Exception, CancellationToken, Task>? afterFailure,
        CancellationToken cancellation)
    {
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                try
                {
                    await follow(follower, lease, cancellation);
                }
#pragma warning disable CA1031 // Whatever a follower throws stops that follower alone, and is told in log and health.
                catch (Exception failure) when (failure is not LeaseLostException && !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
                {
                    _logger.LogError(failure, "{Follower} stopped.", follower.Failure);
                    Failed(follower, failure);
                    var isWritten = await WriteAsync(follower, lease, failure, cancellation);
                    await (isWritten && afterFailure is not null ? afterFailure(follower, failure, cancellation) : Task.Delay(Retry, cancellation));
                }
            }
        }
        finally
        {
            Recovered(follower);
            _metrics.Left(follower.Name);
        }
    }

    /// <summary>Writes down an event's fault; anything else is this node's trouble, told by its own log and health.</summary>
    private async Task<bool> WriteAsync(LogFollower follower, Lease lease, Exception failure, CancellationToken cancellation)
    {
        if (failure is not EventFailedException { Event: var failed }) return false;
        try
        {
            await _failures.RecordAsync(lease, follower.Failure, failure.Message, failed, cancellation);
            return true;
        }
        catch (Exception untold) when (untold is NpgsqlException or TimeoutException or IOException)
        {
            _logger.LogWarning(untold, "That {Follower} stopped could not be written down.", follower.Failure);
            return false;
        }
    }
}

/// <summary>Owners and failures at one moment.</summary>
internal sealed record FollowerReport(
    IReadOnlyDictionary<string, string> Owners,
    IReadOnlyDictionary<string, ShardFailure> Failures,
    IReadOnlyDictionary<string, Exception> Errors,
    Func<string, bool> IsHere)
{
    public string? OwnerOf(LogFollower follower) => Owners.GetValueOrDefault(follower.Shard);

    /// <summary>What happened here is known even while the database cannot be told; what happened elsewhere only the database tells.</summary>
    public string? ErrorOf(LogFollower follower) => Errors.GetValueOrDefault(follower.Name)?.Message ?? WrittenOf(follower)?.Reason;

    public FailedEvent? EventOf(LogFollower follower) =>
        Errors.GetValueOrDefault(follower.Name) is { } here ? (here as EventFailedException)?.Event : WrittenOf(follower)?.Event;

    private ShardFailure? WrittenOf(LogFollower follower) => IsHere(follower.Shard) ? null : Failures.GetValueOrDefault(follower.Failure);
}
