using EcommerceAI.Projections.Search.Feed;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcommerceAI.Api.Hosting;

/// <summary>
/// Whether searches find the catalogue: from the moment the engines hold all of it. The vector leg then still learns for seconds;
/// until it has, the keyword leg answers and every reply says that the other is missing, so that is degraded and not unready.
/// </summary>
internal sealed class SearchReadiness(SearchFeed feed) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["feed"] = new { feed.Position, feed.IsFilled, feed.Error } };
        var result = feed.Position < 0 ? HealthCheckResult.Unhealthy("the search engines are being filled", data: data)
            : !feed.IsFilled ? HealthCheckResult.Degraded("the vector leg is learning", data: data)
            : feed.Error is { } error ? HealthCheckResult.Degraded($"feeding search stopped: {error}", data: data)
            : HealthCheckResult.Healthy(data: data);
        return Task.FromResult(result);
    }
}
