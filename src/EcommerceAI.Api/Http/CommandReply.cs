using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcommerceAI.Api.Http;

/// <summary>What a client is told of a command that was carried out.</summary>
/// <typeparam name="TReply">The reply's body.</typeparam>
/// <param name="Body">The reply's body.</param>
/// <param name="Version">Version of the command's own stream after it.</param>
/// <param name="Position">Global position of its last event; 0 where it changed nothing.</param>
/// <param name="Replayed">Whether this is the answer to an earlier request under the same key.</param>
internal sealed record Acceptance<TReply>(TReply Body, long Version, long Position, bool Replayed)
{
    /// <summary>Writes headers and body.</summary>
    internal Task WriteAsync(HttpContext context, int status, string? location)
    {
        var headers = context.Response.Headers;
        headers.ETag = EntityTags.Of(Version);
        if (Position > 0) headers[Headers.EventPosition] = Position.ToString(CultureInfo.InvariantCulture);
        if (Replayed) headers[Headers.IdempotencyReplayed] = "true";
        if (location is not null) headers.Location = location;
        return TypedResults.Json(Body, statusCode: status).ExecuteAsync(context);
    }

    /// <summary>Describes such replies.</summary>
    internal static void Declare(EndpointBuilder builder, int status)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(TReply), ["application/json"]));
        builder.Metadata.Add(ReplyHeader.ETag(status));
        builder.Metadata.Add(ReplyHeader.EventPosition(status));
        builder.Metadata.Add(ReplyHeader.Replayed(status));
    }
}

/// <summary>A command changed something that was there: 200.</summary>
/// <typeparam name="TReply">The reply's body.</typeparam>
/// <param name="acceptance">What the client is told.</param>
internal sealed class CommandDone<TReply>(Acceptance<TReply> acceptance) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        Acceptance<TReply>.Declare(builder, StatusCodes.Status200OK);

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => acceptance.WriteAsync(httpContext, StatusCodes.Status200OK, null);
}

/// <summary>A command made something new: 201 with where it is.</summary>
/// <typeparam name="TReply">The reply's body.</typeparam>
/// <param name="acceptance">What the client is told.</param>
/// <param name="location">Path of the new resource.</param>
internal sealed class CommandCreated<TReply>(Acceptance<TReply> acceptance, string location) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        Acceptance<TReply>.Declare(builder, StatusCodes.Status201Created);
        builder.Metadata.Add(ReplyHeader.Location(StatusCodes.Status201Created));
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => acceptance.WriteAsync(httpContext, StatusCodes.Status201Created, location);
}

/// <summary>A refusal with headers of its own.</summary>
/// <param name="problem">The problem details.</param>
/// <param name="headers">Further headers.</param>
internal sealed class Refused(ProblemHttpResult problem, params IReadOnlyList<(string Name, string Value)> headers) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        foreach (var (name, value) in headers) httpContext.Response.Headers[name] = value;
        return problem.ExecuteAsync(httpContext);
    }
}
