using System.Globalization;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>
/// Keeps all projections running, each on its own and on one node at a time: the others stand by and take over within seconds. One that
/// throws stops alone, names the event it stopped at, and is tried again without losing its place. A definition newer than its live
/// tables is built beside them and swapped in, while nodes of the older program go on following the older tables. What the store applies
/// inline is built in that way too, and then left to the appends, which move its checkpoint.
/// </summary>
public sealed class ProjectionHost : BackgroundService
{
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly EventStore _store;
    private readonly LogWatch _watch;
    private readonly ILogger _logger;
    private readonly IReadOnlyDictionary<LogFollower, IProjection> _projections;
    private readonly Generations _generations;
    private readonly ProjectionRebuild _rebuild;
    private readonly LogFollowers _followers;
    private readonly HashSet<string> _inline;

    /// <summary>Takes what it runs.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="watch">Tells when the log has moved.</param>
    /// <param name="projections">The definitions.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="node">Who this node is; null for a name of its own and the ordinary times.</param>
    public ProjectionHost(
        EventStore store, LogWatch watch, IEnumerable<IProjection> projections, ILogger<ProjectionHost> logger, LeaseOptions? node = null)
    {
        (_store, _watch, _logger) = (store, watch, logger);
        // Nodes of different versions run side by side, so each version is a shard of its own.
        _projections = projections.ToDictionary(projection => new LogFollower(
            projection.Name,
            string.Create(CultureInfo.InvariantCulture, $"projection:{projection.Name}:v{projection.Version}"),
            $"projection:{projection.Name}"));
        _inline = store.Inline.Select(projection => projection.Name).ToHashSet(StringComparer.Ordinal);
        _generations = new Generations(store.Source);
        _rebuild = new ProjectionRebuild(store);
        _followers = new LogFollowers("projection", store, node, logger);
    }

    /// <summary>Status of every projection, from the database and this host.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<ProjectionStatus>> ReadStatusAsync(CancellationToken cancellation = default)
    {
        var mark = await _store.HighWater.ReadAsync(cancellation);
        var live = (await _generations.ListAsync(null, cancellation)).Where(generation => generation.State == Generation.Live)
            .ToDictionary(generation => generation.Projection, StringComparer.Ordinal);
        var report = await _followers.ReadAsync(cancellation);
        return
        [
            .. _projections.Select(pair =>
            {
                var tables = live.GetValueOrDefault(pair.Value.Name);
                var checkpoint = tables?.Checkpoint ?? 0;
                return new ProjectionStatus(pair.Value.Name, checkpoint, Math.Max(0, mark - checkpoint), report.ErrorOf(pair.Key))
                {
                    Version = pair.Value.Version,
                    LiveVersion = tables?.Version ?? 0,
                    Owner = report.OwnerOf(pair.Key),
                    FailedEvent = report.EventOf(pair.Key),
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
        Task.WhenAll(_followers.RunAsync(_projections.Keys, FollowAsync, null, stoppingToken), SweepAsync(stoppingToken));

    private async Task FollowAsync(LogFollower follower, Lease lease, CancellationToken cancellation)
    {
        var projection = _projections[follower];
        var runner = new ProjectionRunner(_store, projection)
        {
            Lease = lease,
            FindsFailedEvent = true,
            Moved = (checkpoint, events) => _followers.Moved(follower, checkpoint, events),
        };
        var live = await FindTablesAsync(projection, cancellation);
        if (_inline.Contains(projection.Name))
        {
            _followers.Recovered(follower);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }

        var failure = await _followers.FindFailureAsync(follower, cancellation);
        while (!cancellation.IsCancellationRequested)
        {
            if (failure is not null && live.Checkpoint >= (failure.Event?.Position ?? 0))
            {
                await _followers.ClearFailureAsync(follower, cancellation);
                failure = null;
            }

            // What it stopped on lies behind it, or it was the connection that failed and there is nothing to do.
            if (failure is null && live.Checkpoint >= _store.HighWater.Last) _followers.Recovered(follower);
            if (!_followers.IsStopped(follower)) _followers.Moved(follower, live.Checkpoint, 0);
            var mark = await _watch.WaitBeyondAsync(live.Checkpoint, cancellation);
            // The event it stopped at is tried again alone: a standing failure costs one event, and not the batch behind it as well. It is
            // read afresh, since somebody may have mended it.
            runner.ReadsTail = failure is null && !_followers.IsStopped(follower);
            var upTo = Math.Min(mark, failure?.Event?.Position ?? mark);
            // Null: another node moved the tables or a rebuild swapped them, perhaps for those of a newer version: begin again.
            if (await runner.RunAsync(live, upTo, null, cancellation) is not { } moved) return;
            live = moved;
            _followers.Recovered(follower);
        }
    }

    /// <summary>The live tables in this program's version, built first where they are of an older one.</summary>
    private async Task<Generation> FindTablesAsync(IProjection projection, CancellationToken cancellation)
    {
        var live = await _generations.EnsureLiveAsync(projection, cancellation);
        if (live.Version < projection.Version)
        {
            _logger.LogInformation("Building version {Version} of {Projection} beside version {Live}.", projection.Version, projection.Name, live.Version);
            live = await _rebuild.RunAsync(projection, null, cancellation);
        }

        return live.Version == projection.Version
            ? live
            : throw new InvalidOperationException(
                $"The live tables of {projection.Name} are of version {live.Version}; this program only knows version {projection.Version}.");
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
                _logger.LogWarning(failure, "Retired generations could not be dropped; trying again.");
            }
        }
    }
}
