namespace EcommerceAI.Api.Http;

/// <summary>The shape of every refusal, for the OpenAPI document (RFC 9457, application/problem+json).</summary>
/// <param name="Type">Stable reference of the kind of problem, <c>/problems/{code}</c>.</param>
/// <param name="Title">The kind of problem in words.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">One sentence about this occurrence.</param>
/// <param name="Code">Stable code of the kind of problem, in snake_case.</param>
/// <param name="TraceId">What to look for in the log.</param>
/// <param name="Errors">Each failing field by its path, with what is wrong with it.</param>
public sealed record ProblemDocument(
    string Type, string Title, int Status, string Detail, string Code, string TraceId,
    IReadOnlyDictionary<string, IReadOnlyList<FieldError>>? Errors = null)
{
    /// <summary>Says of an endpoint that it refuses with these statuses.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="statuses">HTTP statuses.</param>
    internal static void Declare(EndpointBuilder endpoint, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ProblemDocument), ["application/problem+json"]));
            if (status == StatusCodes.Status503ServiceUnavailable) endpoint.Metadata.Add(ReplyHeader.RetryAfter(status));
        }
    }

    /// <summary>Whether the endpoint's path names something that may not exist.</summary>
    /// <param name="endpoint">The endpoint.</param>
    internal static bool NamesResource(EndpointBuilder endpoint) => endpoint is RouteEndpointBuilder { RoutePattern.Parameters.Count: > 0 };
}
