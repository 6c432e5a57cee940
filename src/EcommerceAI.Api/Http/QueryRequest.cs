using System.Globalization;
using System.Reflection;
using EcommerceAI.EventSourcing.Store;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace EcommerceAI.Api.Http;

/// <summary>What every query can ask for beside its own parameters: <c>Consistent-After</c>.</summary>
internal sealed class QueryRequest : IEndpointParameterMetadataProvider
{
    private QueryRequest()
    {
    }

    /// <summary>Why the request cannot be read, or null.</summary>
    internal ProblemHttpResult? Refusal { get; private init; }

    /// <summary>The position that the read model must have reached; 0 for any.</summary>
    internal long ConsistentAfter { get; private init; }

    /// <summary>Ends when the client goes away.</summary>
    internal CancellationToken Aborted { get; private init; }

    /// <summary>Reads a request; called by the framework.</summary>
    /// <param name="context">The request.</param>
    public static ValueTask<QueryRequest> BindAsync(HttpContext context)
    {
        var position = 0L;
        if (context.Request.Headers.TryGetValue(Headers.ConsistentAfter, out var after)
            && (after is not [{ } only] || !long.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out position)))
            return Refuse(Problems.Result(
                StatusCodes.Status400BadRequest, "invalid_consistent_after",
                $"{Headers.ConsistentAfter} must be a position, as an {Headers.EventPosition} header gave it."));
        var texts = context.Request.RouteValues.Select(pair => (pair.Key, Value: pair.Value as string))
            .Concat(context.Request.Query.SelectMany(pair => pair.Value.Select(value => (pair.Key, Value: value))));
        foreach (var (name, value) in texts)
        {
            // Such a text cannot be a parameter of a statement, and nothing that is stored could match it.
            if (!StorableText.IsStorable(value))
                return Refuse(Problems.InvalidParameter(name, "invalid_text", $"{name} holds U+0000 or half a surrogate pair."));
        }

        return ValueTask.FromResult(new QueryRequest { ConsistentAfter = position, Aborted = context.RequestAborted });
    }

    /// <inheritdoc/>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(RequestHeader.ConsistentAfter);
        ProblemDocument.Declare(builder, 400, 500, 503);
        if (ProblemDocument.NamesResource(builder)) ProblemDocument.Declare(builder, 404);
    }

    private static ValueTask<QueryRequest> Refuse(ProblemHttpResult refusal) => ValueTask.FromResult(new QueryRequest { Refusal = refusal });
}
