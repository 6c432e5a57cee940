using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>
/// Runs shards, each while this node holds its lease, and stands by for those that others hold. Work is cancelled as soon as the lease
/// was taken over or could not be renewed in time; the lease's guard keeps it from writing whether it notices or not.
/// </summary>
internal sealed class ShardOwnership(Leases leases, ILogger logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<string, Holding> _held = new(StringComparer.Ordinal);

    /// <summary>Whether this node runs the shard.</summary>
    public bool Holds(string shard) => _held.ContainsKey(shard);

    /// <summary>Runs until cancelled.</summary>
    /// <param name="shards">The shards, each on its own.</param>
    /// <param name="work">
    /// Runs a shard under its lease until its token is cancelled. It deals with its own failures, save <see cref="LeaseLostException"/>.
    /// </param>
    /// <param name="cancellation">Stops the work and gives the leases back.</param>
    public async Task RunAsync(IEnumerable<string> shards, Func<Lease, CancellationToken, Task> work, CancellationToken cancellation)
    {
        var renewing = RenewAsync(cancellation);
        var running = shards.ToDictionary(shard => shard, _ => Task.CompletedTask, StringComparer.Ordinal);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                string[] others = [.. running.Where(shard => shard.Value.IsCompleted).Select(shard => shard.Key)];
                foreach (var shard in others.Length == 0 ? [] : await leases.FindFreeAsync(others, cancellation))
                {
                    var asked = Stopwatch.GetTimestamp();
                    if (await leases.TryAcquireAsync(shard, cancellation) is { } lease)
                        running[shard] = Task.Run(() => WorkAsync(lease, asked, work, cancellation), CancellationToken.None);
                }
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                logger.LogDebug(failure, "Leases could not be asked for; trying again.");
            }

            await Task.Delay(Look, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(running.Values.Append(renewing));
    }

    private async Task WorkAsync(Lease lease, long asked, Func<Lease, CancellationToken, Task> work, CancellationToken cancellation)
    {
        using var holding = new Holding(lease, asked, cancellation);
        _held[lease.Shard] = holding;
        try
        {
            await work(lease, holding.Token);
        }
        catch (Exception stopped) when (holding.Token.IsCancellationRequested || stopped is LeaseLostException)
        {
            if (!cancellation.IsCancellationRequested) logger.LogWarning(stopped, "Lost the lease of {Shard}; standing by.", lease.Shard);
        }
#pragma warning disable CA1031 // One shard's surprise must not end the others of this node.
        catch (Exception unforeseen)
#pragma warning restore CA1031
        {
            logger.LogError(unforeseen, "{Shard} ended unforeseen; beginning again.", lease.Shard);
        }
        finally
        {
            _held.TryRemove(lease.Shard, out _);
            await ReleaseAsync(lease);
        }
    }

    private async Task RenewAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            await Task.Delay(leases.Options.Renewal, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Holding[] held = [.. _held.Values];
            if (held.Length == 0 || cancellation.IsCancellationRequested) continue;
            var asked = Stopwatch.GetTimestamp();
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                patience.CancelAfter(leases.Options.Renewal);
                var kept = await leases.RenewAsync([.. held.Select(holding => holding.Lease)], patience.Token);
                foreach (var holding in held)
                {
                    if (kept.Contains(holding.Lease.Shard)) holding.Renewed = asked;
                    else holding.Lose();
                }
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                if (cancellation.IsCancellationRequested) return;
                logger.LogWarning(failure, "Leases could not be renewed; trying again.");
            }

            // Cut off from the database: another node may own these by now.
            foreach (var holding in held.Where(holding => Stopwatch.GetElapsedTime(holding.Renewed) > leases.Options.Duration)) holding.Lose();
        }
    }

    private async Task ReleaseAsync(Lease lease)
    {
        try
        {
            using var patience = new CancellationTokenSource(leases.Options.Renewal);
            await leases.ReleaseAsync(lease, patience.Token);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            logger.LogDebug(failure, "The lease of {Shard} could not be given back; it runs out by itself.", lease.Shard);
        }
    }

    /// <summary>A lease at work; <see cref="Renewed"/> is when its last prolongation was asked for.</summary>
    private sealed class Holding(Lease lease, long renewed, CancellationToken stop) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly CancellationTokenSource _lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        private bool _isOver;

        public Lease Lease { get; } = lease;

        public long Renewed { get; set; } = renewed;

        public CancellationToken Token => _lost.Token;

        public void Lose()
        {
            lock (_lock)
            {
                if (!_isOver) _lost.CancelAfter(TimeSpan.Zero);
            }
        }

        public void Dispose()
        {
            lock (_lock)
            {
                _isOver = true;
                _lost.Dispose();
            }
        }
    }
}
