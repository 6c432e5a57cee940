using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests;

/// <summary>The operations of the OpenAPI document.</summary>
internal static class OpenApiRoutes
{
    /// <summary>Each with its route, as in <c>GET /v1/products/{sku}</c>.</summary>
    public static async Task<List<(string Route, JsonNode Operation)>> ReadAsync(ApiClient client)
    {
        var document = (await client.GetAsync("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;
        return
        [
            .. document["paths"]!.AsObject().SelectMany(
                path => path.Value!.AsObject(), (path, operation) => ($"{operation.Key.ToUpperInvariant()} {path.Key}", operation.Value!)),
        ];
    }
}
