using EcommerceAI.Projections.Search.Feed;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcommerceAI.Api.Hosting;

/// <summary>Whether searches find the catalogue: from the first filling of the engines on.</summary>
internal sealed class SearchReadiness(SearchFeed feed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["feed"] = new { feed.Position, feed.IsFilled, feed.Error } };
        var result = !feed.IsFilled ? HealthCheckResult.Unhealthy("the search engines are being filled", data: data)
            : feed.Error is { } error ? HealthCheckResult.Degraded($"feeding search stopped: {error}", data: data)
            : HealthCheckResult.Healthy(data: data);
        return Task.FromResult(result);
    }
}
