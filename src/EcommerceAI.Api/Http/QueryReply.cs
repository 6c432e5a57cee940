using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;

namespace EcommerceAI.Api.Http;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">An item.</typeparam>
/// <param name="Items">The items, in the list's order.</param>
/// <param name="NextCursor">Where the next page begins, to be sent back as <c>cursor</c>; null on the last page.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>The answer to a query: 200 with the position that it speaks for.</summary>
/// <typeparam name="T">The body.</typeparam>
/// <param name="body">The body.</param>
/// <param name="position">Position in the log that the answer speaks for.</param>
internal sealed class QueryAnswer<T>(T body, long position) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(ReplyHeader.EventPosition(StatusCodes.Status200OK));
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[Headers.EventPosition] = position.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Json(body).ExecuteAsync(httpContext);
    }
}

/// <summary>
/// The answer to a query for one resource: 200 with its entity tag, or 304 where the client has it already.
/// </summary>
/// <typeparam name="T">The body.</typeparam>
/// <param name="write">Writes the body as it goes out, with its tag.</param>
/// <param name="position">Position in the log that the answer speaks for.</param>
internal sealed class ResourceAnswer<T>(Func<HttpContext, ResourceBody> write, long position) : IResult, IEndpointMetadataProvider
{
    /// <param name="body">The body.</param>
    /// <param name="position">Position in the log that the answer speaks for.</param>
    /// <param name="version">Version of the resource's stream.</param>
    /// <param name="showsMore">Whether the body shows more than that stream, so that the tag must change with the body too.</param>
    public ResourceAnswer(T body, long position, long version, bool showsMore)
        : this(context => ResourceBody.Of(context, body, version, showsMore), position)
    {
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        QueryAnswer<T>.PopulateMetadata(method, builder);
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
        builder.Metadata.Add(RequestHeader.IfNoneMatch);
        foreach (var status in (int[])[StatusCodes.Status200OK, StatusCodes.Status304NotModified])
            builder.Metadata.Add(ReplyHeader.ETag(status));
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (bytes, tag) = write(httpContext);
        var response = httpContext.Response;
        response.Headers[Headers.EventPosition] = position.ToString(CultureInfo.InvariantCulture);
        response.Headers.ETag = tag;
        // A shared cache must ask again each time; asking is cheap thanks to the tag.
        response.Headers.CacheControl = "no-cache";
        if (EntityTags.IsKnown(httpContext.Request.Headers, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = "application/json; charset=utf-8";
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted);
    }
}

/// <summary>The body of a resource as it goes out.</summary>
/// <param name="Json">UTF-8 JSON.</param>
/// <param name="Tag">Its entity tag, in quotes.</param>
internal readonly record struct ResourceBody(byte[] Json, string Tag)
{
    /// <summary>Writes a body in the form of all replies.</summary>
    /// <param name="context">The request.</param>
    /// <param name="body">The body.</param>
    /// <param name="version">Version of the resource's stream.</param>
    /// <param name="showsMore">Whether the body shows more than that stream.</param>
    public static ResourceBody Of<T>(HttpContext context, T body, long version, bool showsMore) =>
        Of(context.RequestServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions, body, version, showsMore);

    /// <summary>Writes a body.</summary>
    /// <param name="options">The form of all replies.</param>
    /// <param name="body">The body.</param>
    /// <param name="version">Version of the resource's stream.</param>
    /// <param name="showsMore">Whether the body shows more than that stream.</param>
    public static ResourceBody Of<T>(JsonSerializerOptions options, T body, long version, bool showsMore)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(body, options);
        return new ResourceBody(json, showsMore ? EntityTags.Of(version, json) : EntityTags.Of(version));
    }
}
