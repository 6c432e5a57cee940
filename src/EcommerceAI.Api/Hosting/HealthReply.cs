using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EcommerceAI.Api.Hosting;

/// <summary>What <c>/health/live</c> and <c>/health/ready</c> answer.</summary>
internal static class HealthReply
{
    /// <summary>Tag of the checks that decide about readiness.</summary>
    public const string Ready = "ready";

    public static void Map(WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).Allow(Roles.Everybody);
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync })
            .Allow(Roles.Everybody);
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) => TypedResults.Json(
        new
        {
            report.Status,
            Checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new { entry.Value.Status, Description = entry.Value.Description ?? entry.Value.Exception?.Message, entry.Value.Data },
                StringComparer.Ordinal),
            TraceId = Correlation.IdOf(context),
        },
        statusCode: context.Response.StatusCode).ExecuteAsync(context);
}
