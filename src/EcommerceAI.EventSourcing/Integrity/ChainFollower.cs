using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>When a <see cref="ChainFollower"/> seals.</summary>
/// <param name="Events">As soon as so many positions are not sealed.</param>
/// <param name="Interval">After so long at the latest, where anything is not sealed.</param>
public sealed record ChainFollowerOptions(long Events, TimeSpan Interval)
{
    /// <summary>Every 10,000 events, and every 5 minutes.</summary>
    public static ChainFollowerOptions Default { get; } = new(10_000, TimeSpan.FromMinutes(5));
}

/// <summary>
/// Seals the log while a host runs, and once more when it stops. What goes wrong is told in the log and tried again; the store itself
/// never waits for it. One node at a time does it, under a lease: its key signs, and its file keeps the heads. Another that takes over
/// must trust that key (see <see cref="ChainKeys"/>), or it says so and seals nothing.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="chain">Its chain.</param>
/// <param name="logger">Told what goes wrong.</param>
/// <param name="options">When to seal.</param>
/// <param name="time">The clock.</param>
/// <param name="node">Who this node is; null for a name of its own and the ordinary times.</param>
public sealed class ChainFollower(
    EventStore store,
    EventChain chain,
    ILogger<ChainFollower> logger,
    ChainFollowerOptions? options = null,
    TimeProvider? time = null,
    LeaseOptions? node = null) : BackgroundService
{
    /// <summary>What the lease of sealing is of.</summary>
    public const string Shard = "chain";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ChainFollowerOptions _options = options ?? ChainFollowerOptions.Default;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ShardOwnership _ownership = new(new Leases(store.Source, node), logger);

    /// <summary>Why the last attempt failed, or null.</summary>
    public string? Error { get; private set; }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        _ownership.RunAsync([Shard], (_, lost) => FollowAsync(lost, stoppingToken), stoppingToken);

    /// <summary>Seals while the lease is held; where the host stops, once more before it is given back.</summary>
    private async Task FollowAsync(CancellationToken lost, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Look < _options.Interval ? Look : _options.Interval, _time);
        var sealedTo = 0L;
        var began = _time.GetTimestamp();
        while (await TickAsync(timer, lost))
        {
            // What has failed is not tried every second for the number of events that it leaves unsealed.
            var isDue = _time.GetElapsedTime(began) >= _options.Interval || (Error is null && store.HighWater.Last - sealedTo >= _options.Events);
            if (!isDue) continue;
            sealedTo = await SealAsync(lost) ?? sealedTo;
            began = _time.GetTimestamp();
        }

        if (stopping.IsCancellationRequested) await SealAsync(CancellationToken.None);
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<long?> SealAsync(CancellationToken cancellation)
    {
        try
        {
            var head = await chain.SealAsync(cancellation: cancellation);
            Error = null;
            return head?.Position;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure) when (failure is ChainException or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            Error = failure.Message;
            logger.LogError(failure, "The log could not be sealed; trying again in {Interval}.", _options.Interval);
            return null;
        }
    }
}
