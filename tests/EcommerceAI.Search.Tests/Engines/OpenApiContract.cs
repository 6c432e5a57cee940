using System.Text.Json;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>
/// An OpenAPI description taken closed: what it does not name is an error, for a misspelt property would otherwise pass. A branch
/// <c>{"nullable": true}</c> stands for null alone.
/// </summary>
internal sealed class OpenApiContract : IDisposable
{
    private readonly JsonDocument _description;

    public OpenApiContract(string file) => _description = JsonDocument.Parse(File.ReadAllBytes(file));

    /// <summary>What is wrong with a request; empty where nothing is.</summary>
    public IReadOnlyList<string> CheckRequest(string method, string path, IEnumerable<string> parameters, JsonElement? body)
    {
        if (Find(method, path) is not { } operation) return [$"{method} {path} is not described"];
        var known = operation.TryGetProperty("parameters", out var described)
            ? described.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()).ToList() : [];
        var errors = parameters.Where(p => !known.Contains(p)).Select(p => $"the parameter '{p}' is not described").ToList();
        if (operation.TryGetProperty("requestBody", out var expected))
            errors.AddRange(body is { } value ? Check(SchemaOf(expected), value, "body") : ["the body is missing"]);
        else if (body is not null) errors.Add("a body is not described");
        return errors;
    }

    /// <summary>What is wrong with a good reply.</summary>
    public IReadOnlyList<string> CheckReply(string method, string path, JsonElement body) =>
        Find(method, path) is { } operation && operation.GetProperty("responses").TryGetProperty("200", out var reply) && reply.TryGetProperty("content", out _)
            ? Check(SchemaOf(reply), body, "reply") : [];

    public void Dispose() => _description.Dispose();

    private static JsonElement SchemaOf(JsonElement message) => message.GetProperty("content").GetProperty("application/json").GetProperty("schema");

    private JsonElement? Find(string method, string path)
    {
        var segments = path.Trim('/').Split('/');
        // A path in so many words comes before one with a parameter.
        foreach (var described in _description.RootElement.GetProperty("paths").EnumerateObject().OrderBy(p => p.Name.Count(c => c == '{')))
        {
            var parts = described.Name.Trim('/').Split('/');
            if (parts.Length == segments.Length && parts.Zip(segments).All(p => p.First == p.Second || p.First.StartsWith('{'))
                && described.Value.TryGetProperty(method.ToLowerInvariant(), out var operation))
                return operation;
        }
        return null;
    }

    private List<string> Check(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Check(_description.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, at);
        if (IsTrue(schema, "nullable") && value.ValueKind == JsonValueKind.Null) return [];
        foreach (var choice in new[] { "anyOf", "oneOf" })
            if (schema.TryGetProperty(choice, out var branches))
                return branches.EnumerateArray().Select(branch => CheckBranch(branch, value, at)).MinBy(errors => errors.Count)!;
        if (schema.TryGetProperty("allOf", out var parts)) return [.. parts.EnumerateArray().SelectMany(part => Check(part, value, at))];
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => v.ToString() == value.ToString()))
            return [$"{at}: '{value}' is none of {values}"];
        return (schema.TryGetProperty("type", out var type) ? type.GetString() : schema.TryGetProperty("properties", out _) ? "object" : null) switch
        {
            "object" => CheckObject(schema, value, at),
            "array" => value.ValueKind != JsonValueKind.Array ? [$"{at}: not an array"]
                : [.. value.EnumerateArray().SelectMany((item, i) => Check(schema.GetProperty("items"), item, $"{at}[{i}]"))],
            "string" => CheckString(schema, value, at),
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [$"{at}: not a boolean"],
            "integer" => CheckNumber(schema, value, at, whole: true),
            "number" => CheckNumber(schema, value, at, whole: false),
            _ => [],
        };
    }

    private List<string> CheckBranch(JsonElement branch, JsonElement value, string at) =>
        branch.EnumerateObject().All(p => p.Name == "nullable") ? value.ValueKind == JsonValueKind.Null ? [] : [$"{at}: not null", ""] : Check(branch, value, at);

    private List<string> CheckObject(JsonElement schema, JsonElement value, string at)
    {
        if (value.ValueKind != JsonValueKind.Object) return [$"{at}: not an object"];
        var errors = new List<string>();
        var named = schema.TryGetProperty("properties", out var properties);
        var open = schema.TryGetProperty("additionalProperties", out var additional);
        foreach (var property in value.EnumerateObject())
            if (named && properties.TryGetProperty(property.Name, out var described)) errors.AddRange(Check(described, property.Value, $"{at}.{property.Name}"));
            else if (open && additional.ValueKind == JsonValueKind.Object) errors.AddRange(Check(additional, property.Value, $"{at}.{property.Name}"));
            else if (!open || additional.ValueKind == JsonValueKind.False) errors.Add($"{at}.{property.Name} is not described");
        if (schema.TryGetProperty("required", out var required))
            errors.AddRange(required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{at}.{r} is missing"));
        return errors;
    }

    private static List<string> CheckString(JsonElement schema, JsonElement value, string at) =>
        value.ValueKind != JsonValueKind.String ? [$"{at}: not a string"]
        : schema.TryGetProperty("format", out var format) && format.GetString() == "uuid" && !Guid.TryParse(value.GetString(), out _) ? [$"{at}: no UUID"]
        : [];

    private static List<string> CheckNumber(JsonElement schema, JsonElement value, string at, bool whole) =>
        value.ValueKind != JsonValueKind.Number ? [$"{at}: not a number"]
        : whole && !value.TryGetInt64(out _) && !value.TryGetUInt64(out _) ? [$"{at}: not whole"]
        : schema.TryGetProperty("minimum", out var minimum) && value.GetDouble() < minimum.GetDouble() ? [$"{at}: below {minimum}"]
        : [];

    private static bool IsTrue(JsonElement schema, string name) => schema.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;
}
