using System.Collections.Concurrent;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>How a projection is doing.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Checkpoint">The position that its live tables have reached.</param>
/// <param name="Lag">Positions between it and the high-water mark.</param>
/// <param name="Error">Why it stopped, or null while it runs.</param>
public sealed record ProjectionStatus(string Projection, long Checkpoint, long Lag, string? Error);

/// <summary>
/// Keeps all projections of a host running, each on its own: one that throws stops alone, says why, and is tried again without
/// losing its place. A definition newer than its live tables is built beside them and swapped in.
/// </summary>
public sealed class ProjectionHost(EventStore store, LogWatch watch, IEnumerable<IProjection> projections, ILogger<ProjectionHost> logger)
    : BackgroundService
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly Generations _generations = new(store.Source);
    private readonly ProjectionRebuild _rebuild = new(store);
    private readonly ConcurrentDictionary<string, string> _errors = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<IProjection> _projections = [.. projections];

    /// <summary>Status of every projection, from the database and this host.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<ProjectionStatus>> ReadStatusAsync(CancellationToken cancellation = default)
    {
        var mark = await store.HighWater.ReadAsync(cancellation);
        var live = (await _generations.ListAsync(null, cancellation)).Where(generation => generation.State == Generation.Live)
            .ToDictionary(generation => generation.Projection, StringComparer.Ordinal);
        return
        [
            .. _projections.Select(projection =>
            {
                var checkpoint = live.GetValueOrDefault(projection.Name)?.Checkpoint ?? 0;
                return new ProjectionStatus(
                    projection.Name, checkpoint, Math.Max(0, mark - checkpoint), _errors.GetValueOrDefault(projection.Name));
            }),
        ];
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_projections.Select(projection => KeepRunningAsync(projection, stoppingToken)).Append(SweepAsync(stoppingToken)));

    private async Task KeepRunningAsync(IProjection projection, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(projection, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever a projection throws stops that projection alone, and is told in log and health.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _errors[projection.Name] = failure.Message;
                logger.LogError(failure, "The projection {Projection} stopped; trying again in {Retry}.", projection.Name, Retry);
                await Task.Delay(Retry, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(IProjection projection, CancellationToken cancellation)
    {
        var runner = new ProjectionRunner(store, projection);
        var live = await _generations.EnsureLiveAsync(projection, cancellation);
        if (live.Version < projection.Version)
        {
            logger.LogInformation("Building version {Version} of {Projection} beside version {Live}.", projection.Version, projection.Name, live.Version);
            live = await _rebuild.RunAsync(projection, null, cancellation);
        }

        if (live.Version > projection.Version)
            throw new InvalidOperationException(
                $"The live tables of {projection.Name} are of version {live.Version}; this program only knows version {projection.Version}.");

        while (!cancellation.IsCancellationRequested)
        {
            // What it stopped on lies behind it, or it was the connection that failed and there is nothing to do.
            if (live.Checkpoint >= store.HighWater.Last) _errors.TryRemove(projection.Name, out _);
            var mark = await watch.WaitBeyondAsync(live.Checkpoint, cancellation);
            // Null: another node moved the tables or a rebuild swapped them, perhaps for those of a newer version: begin again.
            if (await runner.RunAsync(live, mark, null, cancellation) is not { } moved) return;
            live = moved;
            _errors.TryRemove(projection.Name, out _);
        }
    }

    private async Task SweepAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1));
        while (await timer.WaitForNextTickAsync(cancellation).AsTask().ContinueWith(tick => tick.IsCompletedSuccessfully && tick.Result, TaskScheduler.Default))
        {
            try
            {
                await _generations.DropRetiredAsync(Grace, cancellation);
            }
            catch (Npgsql.NpgsqlException failure)
            {
                logger.LogWarning(failure, "Retired generations could not be dropped; trying again.");
            }
        }
    }
}
