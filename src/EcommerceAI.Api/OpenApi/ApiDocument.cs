using System.Text.Json.Nodes;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using Microsoft.OpenApi;

namespace EcommerceAI.Api.OpenApi;

/// <summary>The OpenAPI document, <c>/openapi/v1.json</c>: what the endpoints say of themselves, with their headers.</summary>
internal static class ApiDocument
{
    private const string Bearer = "bearer";
    private const string Key = "key";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "EcommerceAI",
                Version = "v1",
                Description =
                    """
                    Commands append events; queries read the read models that follow them. A command's reply carries ETag (version of its
                    stream) and Event-Position; send the position back as Consistent-After to read your own write. Every POST takes an
                    Idempotency-Key. Refusals are problem details (RFC 9457): 400 the request cannot be read, 404 what the path names is not
                    there, 409 what is already a fact forbids it, 412 If-Match does not hold, 422 a field cannot be accepted, 503 try again.
                    """,
            };
            // Where the document was asked for is not where the API is for everybody.
            document.Servers = [];
            (document.Components ??= new OpenApiComponents()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
                [Key] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiKeys.Header },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            foreach (var header in metadata.OfType<RequestHeader>()) (operation.Parameters ??= []).Add(Describe(header));
            foreach (var header in metadata.OfType<ReplyHeader>()) Describe(header, operation);
            DescribeStatuses(operation);
            DescribeAccess(operation, metadata.OfType<AccessRule>().LastOrDefault(), context.Document!);
            return Task.CompletedTask;
        });
    });

    /// <summary>Who may: the extension <c>x-roles</c> names the roles, with <c>owner</c> where a shopper or agent may on what is theirs.</summary>
    private static void DescribeAccess(OpenApiOperation operation, AccessRule? rule, OpenApiDocument document)
    {
        if (rule is null) return;
        var roles = Enum.GetValues<Roles>().Where(role => int.IsPow2((int)role) && rule.Roles.HasFlag(role)).Select(Caller.Word);
        var names = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]);
        if (rule.Owner is not null) names.Add("owner");
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>(StringComparer.Ordinal);
        operation.Extensions["x-roles"] = new JsonNodeExtension(names);
        if (rule.Roles.HasFlag(Roles.Anonymous)) return;
        operation.Security =
        [
            .. new[] { Bearer, Key }.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, document)] = [] }),
        ];
    }

    private static OpenApiParameter Describe(RequestHeader header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Description,
        Required = false,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = header.Pattern },
    };

    private static void Describe(ReplyHeader header, OpenApiOperation operation)
    {
        var status = header.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
        if (operation.Responses?.GetValueOrDefault(status) is not OpenApiResponse response) return;
        response.Headers ??= new Dictionary<string, IOpenApiHeader>(StringComparer.Ordinal);
        response.Headers[header.Name] = new OpenApiHeader
        {
            Description = header.Description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
    }

    private static void DescribeStatuses(OpenApiOperation operation)
    {
        foreach (var (status, reply) in operation.Responses ?? [])
        {
            if (reply is OpenApiResponse response && Meaning(status) is { } meaning) response.Description = meaning;
        }
    }

    private static string? Meaning(string status) => status switch
    {
        "304" => "Unchanged since the entity tag that was sent.",
        "400" => "The request cannot be read: malformed JSON, or a body, parameter or header of the wrong shape.",
        "401" => "No token or API key, or one that is not good.",
        "403" => "Not as this role, or not what is somebody else's.",
        "404" => "What the path names is not there.",
        "409" => "What is already a fact forbids it, or a request with this Idempotency-Key is being worked on.",
        "412" => "If-Match does not hold.",
        "413" => "The body is larger than 1 MiB.",
        "415" => "The body is not application/json in UTF-8.",
        "422" => "Fields that cannot be accepted, or an Idempotency-Key that was used for another request.",
        "500" => "A fault of the server.",
        "503" => "Not now: contention, a read model that is behind, or the store is away. Retry-After says when.",
        _ => null,
    };
}
