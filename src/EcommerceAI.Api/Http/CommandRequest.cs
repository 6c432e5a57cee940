using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using EcommerceAI.Api.Security;
using EcommerceAI.EventSourcing.Commands;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcommerceAI.Api.Http;

/// <summary>
/// A command as it came in, read as far as HTTP goes: its body, its idempotency key, its precondition. What cannot be read is
/// kept as a refusal, which <see cref="CommandEndpoint"/> sends instead of carrying anything out.
/// </summary>
/// <typeparam name="TBody">The record of the body.</typeparam>
internal sealed class CommandRequest<TBody> : IEndpointParameterMetadataProvider
    where TBody : class
{
    private CommandRequest()
    {
    }

    /// <summary>Why the request cannot be read, or null.</summary>
    internal ProblemHttpResult? Refusal { get; private init; }

    /// <summary>The body; null only beside a refusal.</summary>
    internal TBody? Body { get; private init; }

    /// <summary>Who asks, and under which key.</summary>
    internal CommandContext Context { get; private init; } = new(Caller.Visitor.Subject, null, []);

    /// <summary>Who asks.</summary>
    internal Caller Caller { get; private init; } = Caller.Visitor;

    /// <summary>The precondition.</summary>
    internal IfMatch IfMatch { get; private init; } = IfMatch.Absent;

    /// <summary>Ends when the client goes away.</summary>
    internal CancellationToken Aborted { get; private init; }

    /// <summary>Reads a request; called by the framework.</summary>
    /// <param name="context">The request.</param>
    public static async ValueTask<CommandRequest<TBody>> BindAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsJson(request))
            return Refuse(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "The body must be application/json in UTF-8.");
        if (!IdempotencyKey.TryRead(request.Headers, out var key))
            return Refuse(StatusCodes.Status400BadRequest, "invalid_idempotency_key", $"{Headers.IdempotencyKey} must be 1 to 255 visible ASCII characters, once.");
        if (IfMatch.Read(request.Headers) is not { } precondition)
            return Refuse(StatusCodes.Status400BadRequest, "invalid_entity_tag", "If-Match must be * or entity tags in double quotes, such as \"3\".");
        if (await RequestBody.ReadAsync(request) is not { } bytes)
            return Refuse(StatusCodes.Status413PayloadTooLarge, "body_too_large", $"The body has more than {RequestBody.MostBytes} bytes.");
        var errors = new FieldErrors();
        if (StrictJson.TryRead<TBody>(bytes, out var body, errors) is { } malformed)
            return Refuse(StatusCodes.Status400BadRequest, "malformed_json", malformed);
        if (errors.Any)
            return Refuse(StatusCodes.Status400BadRequest, "invalid_body", "The body does not have the shape that is expected here; errors names each place.", errors);
        var caller = Caller.Of(context);
        return new CommandRequest<TBody>
        {
            Body = body,
            IfMatch = precondition,
            Aborted = context.RequestAborted,
            Caller = caller,
            Context = new CommandContext(caller.Subject, key, Hash(request, bytes), caller.Describe(context)),
        };
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(TBody)));
        var methods = builder.Metadata.OfType<IHttpMethodMetadata>().SelectMany(metadata => metadata.HttpMethods);
        if (methods.Contains(HttpMethods.Post)) builder.Metadata.Add(RequestHeader.IdempotencyKey);
        ProblemDocument.Declare(builder, 400, 409, 413, 415, 422, 500, 503);
        if (!ProblemDocument.NamesResource(builder)) return;
        builder.Metadata.Add(RequestHeader.IfMatch);
        ProblemDocument.Declare(builder, 404, 412);
    }

    private static CommandRequest<TBody> Refuse(int status, string code, string detail, FieldErrors? errors = null) =>
        new() { Refusal = Problems.Result(status, code, detail, errors) };

    private static bool IsJson(HttpRequest request) =>
        request.HasJsonContentType()
        && request.GetTypedHeaders().ContentType?.Charset is { } charset
        && (charset.Length == 0 || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>Tells requests under one key apart: SHA-256 over method, path with query, and body, each ended so that none runs into the next.</summary>
    private static byte[] Hash(HttpRequest request, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Method}\n{request.PathBase}{request.Path}{request.QueryString}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
