using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace EcommerceAI.Api.Http;

/// <summary>Words the failures that have a meaning for the client; what is left is a 500 that tells nothing of the inside.</summary>
internal sealed class FailureHandler(IProblemDetailsService problems, ILogger<FailureHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        if (Describe(exception) is not { } problem) return false;
        if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            logger.LogWarning(exception, "{Method} {Path} could not be answered.", httpContext.Request.Method, httpContext.Request.Path);
            httpContext.Response.Headers.RetryAfter = "1";
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem, Exception = exception });
    }

    private static ProblemDetails? Describe(Exception exception) => exception switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } unreadable =>
            Problems.Describe(unreadable.StatusCode, "invalid_request", unreadable.Message),
        BadHttpRequestException unreadable => Problems.Describe(unreadable.StatusCode, Problems.CodeOf(unreadable.StatusCode), unreadable.Message),
        InvalidEventDataException text => Problems.Describe(StatusCodes.Status422UnprocessableEntity, "invalid_text", text.Message),
        ProjectionMissingException => Problems.Describe(
            StatusCodes.Status503ServiceUnavailable, "projection_behind", "The read model is being built for the first time."),
        AppendOutcomeUnknownException => Problems.Describe(
            StatusCodes.Status503ServiceUnavailable, "outcome_unknown",
            $"The store was lost while it committed. Send the request again with its {Headers.IdempotencyKey}; without one, look first."),
        NpgsqlException and not PostgresException or PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "53300" } => Problems.Describe(
            StatusCodes.Status503ServiceUnavailable, "store_unavailable", "The store cannot be reached right now."),
        _ => null,
    };
}
