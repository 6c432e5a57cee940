using System.Globalization;
using EcommerceAI.EventSourcing.Timers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcommerceAI.Api.Hosting;

/// <summary>
/// Whether what is due happens. Timers that have failed too often and wait for an operator, or that nobody fires although they have been
/// due for long, make the host degraded and not unready.
/// </summary>
internal sealed class TimerReadiness(DurableTimers timers) : IHealthCheck
{
    /// <summary>Above the longest sleep of the host that fires them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var said = new List<string>();
        foreach (var trouble in await timers.ListTroubleAsync(Patience, cancellationToken))
        {
            data[trouble.Type] = new { trouble.Parked, trouble.Overdue };
            if (trouble.Parked > 0)
                said.Add(string.Create(CultureInfo.InvariantCulture, $"{trouble.Parked} timers of type {trouble.Type} have failed too often and are parked"));
            if (trouble.Longest is { } longest)
                said.Add(string.Create(
                    CultureInfo.InvariantCulture, $"{trouble.Overdue} timers of type {trouble.Type} are not fired, the oldest for {longest.TotalSeconds:0} s"));
        }

        return said.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", said), data: data);
    }
}
