using System.Collections.Concurrent;
using System.Globalization;
using EcommerceAI.EventSourcing.Projections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcommerceAI.Api.Hosting;

/// <summary>
/// Whether the read models can be asked. A projection is ready from the moment it has caught up once; ordinary traffic, which it
/// always lags behind a little, does not change that. It stops being ready when it has stood still behind the log for ten seconds, and
/// is not ready while the tables of this program's version are still being built beside older ones.
/// </summary>
internal sealed class ProjectionReadiness(ProjectionHost host, TimeProvider time) : IHealthCheck
{
    /// <summary>Positions that count as caught up: what the log can gain between two looks while the shop is open.</summary>
    private const long Close = 1_000;

    private static readonly TimeSpan StandStill = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Progress> _progress = new(StringComparer.Ordinal);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var statuses = await host.ReadStatusAsync(cancellationToken);
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var worst = HealthStatus.Healthy;
        var said = new List<string>();
        foreach (var status in statuses)
        {
            data[status.Projection] = new { status.Checkpoint, status.Lag, status.Error, status.Owner, status.FailedEvent };
            var (health, why) = Judge(status);
            if (health < worst) worst = health;
            if (why is not null) said.Add(why);
        }

        return new HealthCheckResult(worst, said.Count == 0 ? null : string.Join("; ", said), data: data);
    }

    private (HealthStatus Health, string? Why) Judge(ProjectionStatus status)
    {
        var now = time.GetUtcNow();
        var progress = _progress.AddOrUpdate(
            status.Projection, _ => Progress.Begin(status, now), (_, before) => before.Go(status, now));
        if (!status.IsSwappedIn)
            return (HealthStatus.Unhealthy, string.Create(
                CultureInfo.InvariantCulture, $"{status.Projection} is being built in version {status.Version} beside version {status.LiveVersion}"));
        if (!progress.CaughtUp)
            return (HealthStatus.Unhealthy, string.Create(CultureInfo.InvariantCulture, $"{status.Projection} is {status.Lag} positions from catching up"));
        if (progress.BehindSince is { } since && now - since >= StandStill)
            return (HealthStatus.Unhealthy, string.Create(
                CultureInfo.InvariantCulture, $"{status.Projection} has stood still {status.Lag} positions behind for {(now - since).TotalSeconds:0} s"));
        return status.Error is null ? (HealthStatus.Healthy, null) : (HealthStatus.Degraded, $"{status.Projection} stopped: {status.Error}");
    }

    /// <summary>What earlier looks have seen.</summary>
    private sealed record Progress(bool CaughtUp, long Checkpoint, DateTimeOffset? BehindSince)
    {
        public static Progress Begin(ProjectionStatus status, DateTimeOffset now) => new Progress(false, -1, null).Go(status, now);

        public Progress Go(ProjectionStatus status, DateTimeOffset now) => new(
            CaughtUp || (status.Lag <= Close && status.Error is null && status.IsSwappedIn),
            status.Checkpoint,
            status.Lag == 0 ? null : status.Checkpoint == Checkpoint ? BehindSince ?? now : now);
    }
}
