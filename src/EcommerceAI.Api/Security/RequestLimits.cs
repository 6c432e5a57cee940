using System.Globalization;
using System.Threading.RateLimiting;
using EcommerceAI.Api.Hosting;
using EcommerceAI.Api.Http;
using Microsoft.AspNetCore.RateLimiting;

namespace EcommerceAI.Api.Security;

/// <summary>
/// Bounds on requests, under <c>Security:Limits</c>. Requests a second of one address and of one signed-in principal answer 429 beyond
/// them; requests at work in this process and waiting to be, 503: before latency collapses, the last ones are sent away.
/// </summary>
internal static class RequestLimits
{
    private const string Section = "Security:Limits";

    public static void AddRequestLimits(this IServiceCollection services, IConfiguration configuration)
    {
        var perAddress = Read(configuration, "PerAddress", 5_000);
        var perPrincipal = Read(configuration, "PerPrincipal", 5_000);
        var atWork = Read(configuration, "AtWork", 256);
        var waiting = Read(configuration, "Waiting", 4_096);
        services.AddRateLimiter(limits =>
        {
            limits.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PartitionedRateLimiter.Create<HttpContext, string>(
                    request => Bucket(IsWatched(request), request.Connection.RemoteIpAddress?.ToString() ?? "", perAddress)),
                PartitionedRateLimiter.Create<HttpContext, string>(
                    request => Bucket(IsWatched(request) && request.User.Identity is { IsAuthenticated: true }, Caller.Of(request).Subject, perPrincipal)),
                PartitionedRateLimiter.Create<HttpContext, string>(request => IsWatched(request)
                    ? RateLimitPartition.GetConcurrencyLimiter("", _ => new ConcurrencyLimiterOptions
                    {
                        PermitLimit = atWork,
                        QueueLimit = waiting,
                        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
                    })
                    : RateLimitPartition.GetNoLimiter("")));
            limits.OnRejected = static (rejected, cancellation) => RefuseAsync(rejected);
        });
    }

    /// <summary>Health must be told also, and above all, by a host that is busy.</summary>
    private static bool IsWatched(HttpContext request) => !request.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);

    /// <summary>So many a second, and twice as many at once after a rest.</summary>
    private static RateLimitPartition<string> Bucket(bool isWatched, string key, int perSecond) => isWatched
        ? RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 2 * perSecond,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        })
        : RateLimitPartition.GetNoLimiter("");

    private static async ValueTask RefuseAsync(OnRejectedContext rejected)
    {
        var context = rejected.HttpContext;
        // Only a bucket knows when it has tokens again.
        var isTooMany = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait);
        var problem = isTooMany
            ? Problems.Describe(StatusCodes.Status429TooManyRequests, "too_many_requests", "Too many requests from this address or principal; Retry-After says when to go on.")
            : Problems.Describe(StatusCodes.Status503ServiceUnavailable, "overloaded", "More requests are waiting than can be answered in time; try again.");
        context.Response.StatusCode = problem.Status!.Value;
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await context.RequestServices.GetRequiredService<IProblemDetailsService>().WriteAsync(
            new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static int Read(IConfiguration configuration, string name, int usual)
    {
        if (configuration[$"{Section}:{name}"] is not { Length: > 0 } text) return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 1_000_000
            ? value
            : throw new StartFailedException($"{Section}:{name} must be a whole number from 1 to 1,000,000, not '{text}'.");
    }
}
