using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Writes problem details whatever the request's <c>Accept</c> says: the framework's own writer stays silent for a client that asks
/// for another type, and an empty refusal helps nobody (RFC 9110, 12.5.1 allows to disregard the header).
/// </summary>
internal sealed class ProblemWriter(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var problem = context.ProblemDetails;
        problem.Status ??= response.StatusCode;
        Problems.Complete(problem);
        problem.Extensions.TryAdd("traceId", Correlation.IdOf(context.HttpContext));
        response.StatusCode = problem.Status.Value;
        await response.WriteAsJsonAsync(
            problem, json.Value.SerializerOptions, "application/problem+json", context.HttpContext.RequestAborted);
    }
}
