using System.Collections.Concurrent;
using System.Globalization;
using EcommerceAI.EventSourcing.Subscriptions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcommerceAI.Api.Hosting;

/// <summary>
/// Whether what happens is passed on. A subscription that has stopped, that has parked events, or that has stood still behind the log for
/// ten seconds makes the host degraded and not unready: requests are answered without it, on every node alike.
/// </summary>
internal sealed class SubscriptionReadiness(SubscriptionHost host, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan StandStill = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, (long Checkpoint, DateTimeOffset Since)> _stands = new(StringComparer.Ordinal);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var said = new List<string>();
        foreach (var status in await host.ReadStatusAsync(cancellationToken))
        {
            data[status.Subscription] = new { status.Checkpoint, status.Lag, status.Parked, status.Error, status.Owner, status.FailedEvent };
            if (Judge(status) is { } why) said.Add(why);
        }

        return said.Count == 0 ? HealthCheckResult.Healthy(data: data) : HealthCheckResult.Degraded(string.Join("; ", said), data: data);
    }

    private string? Judge(SubscriptionStatus status)
    {
        var now = time.GetUtcNow();
        var (_, since) = _stands.AddOrUpdate(
            status.Subscription,
            _ => (status.Checkpoint, now),
            (_, before) => status.Lag == 0 || status.Checkpoint != before.Checkpoint ? (status.Checkpoint, now) : before);
        return status.Error is { } error ? $"{status.Subscription} stopped: {error}"
            : now - since >= StandStill ? string.Create(
                CultureInfo.InvariantCulture, $"{status.Subscription} has stood still {status.Lag} positions behind for {(now - since).TotalSeconds:0} s")
            : status.Parked > 0 ? string.Create(CultureInfo.InvariantCulture, $"{status.Subscription} has parked {status.Parked} events")
            : null;
    }
}
