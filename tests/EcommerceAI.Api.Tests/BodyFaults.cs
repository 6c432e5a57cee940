using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests;

/// <summary>Makes wrong bodies of a right one, by the schema of the OpenAPI document: every field in every wrong way.</summary>
internal static class BodyFaults
{
    private const string Placeholder = "@@";

    public static IEnumerable<(string Name, string Body)> Of(string sample, JsonNode document, JsonNode schema)
    {
        yield return ("nothing", "");
        yield return ("half a body", sample[..(sample.Length / 2)]);
        yield return ("an array", $"[{sample}]");
        yield return ("null", "null");
        yield return ("a string", "\"text\"");
        yield return ("a trailing comma", sample[..^1] + ",}");
        yield return ("a comment", "/* hello */" + sample);
        yield return ("too deep", $$"""{"x":{{new string('[', 40)}}{{new string(']', 40)}}}""");
        yield return ("an unknown property", sample[..^1] + ",\"surprise\":1}");
        yield return ("a property twice", "{" + FirstProperty(sample) + "," + sample[1..]);
        foreach (var path in Paths(JsonNode.Parse(sample)!, []))
        {
            var leaf = At(JsonNode.Parse(sample)!, path);
            var name = string.Join('.', path);
            yield return ($"{name} is an object", With(sample, path, "{\"a\":1}"));
            if (leaf.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False)) yield return ($"{name} is true", With(sample, path, "true"));
            if (IsRequired(document, schema, path))
            {
                yield return ($"{name} is null", With(sample, path, "null"));
                yield return ($"{name} is missing", Without(sample, path));
            }

            foreach (var (fault, value) in leaf is JsonValue ? WrongValues(leaf.GetValueKind()) : [("is text", "\"x\"")])
                yield return ($"{name} {fault}", With(sample, path, value));
        }
    }

    private static IEnumerable<(string, string)> WrongValues(JsonValueKind kind) => kind == JsonValueKind.Number
        ? [
            ("is negative beyond its range", "-2000000"), ("is beyond every range", "99999999999999999999999999999999999999"),
            ("is a number as text", "\"5\""), ("has too many decimal places", "1.23456"),
        ]
        : [
            ("is a number", "5"), ("is over-long", $"\"{new string('x', 20_000)}\""), ("holds half a surrogate pair", "\"a\\ud800b\""),
            ("holds U+0000", "\"a\\u0000b\""),
        ];

    /// <summary>Every object, array and value below the root, as the way that leads there.</summary>
    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        if (path.Length > 0) yield return path;
        var children = node switch
        {
            JsonObject members => members.Select(member => ((object)member.Key, member.Value!)),
            JsonArray items => items.Select((item, i) => ((object)i, item!)),
            _ => [],
        };
        foreach (var (key, child) in children.ToList())
        {
            foreach (var below in Paths(child, [.. path, key])) yield return below;
        }
    }

    private static JsonNode At(JsonNode root, object[] path) =>
        path.Aggregate(root, (node, key) => key is int place ? node[place]! : node[(string)key]!);

    private static string With(string sample, object[] path, string json)
    {
        var root = JsonNode.Parse(sample)!;
        var parent = At(root, path[..^1]);
        if (path[^1] is int place) parent[place] = Placeholder;
        else parent[(string)path[^1]] = Placeholder;
        return root.ToJsonString().Replace($"\"{Placeholder}\"", json, StringComparison.Ordinal);
    }

    private static string Without(string sample, object[] path)
    {
        var root = JsonNode.Parse(sample)!;
        if (At(root, path[..^1]) is JsonObject parent) parent.Remove((string)path[^1]);
        else ((JsonArray)At(root, path[..^1])).RemoveAt((int)path[^1]);
        return root.ToJsonString();
    }

    /// <summary>Whether the document's schema demands the member at the end of the path; the elements of a list always are.</summary>
    private static bool IsRequired(JsonNode document, JsonNode schema, object[] path)
    {
        var current = Resolve(document, schema);
        var required = false;
        foreach (var key in path)
        {
            if (key is string name)
            {
                required = current["required"] is JsonArray names && names.Any(other => (string?)other == name);
                current = Resolve(document, current["properties"]![name]!);
            }
            else
            {
                required = true;
                current = Resolve(document, current["items"]!);
            }
        }

        return required;
    }

    internal static JsonNode Resolve(JsonNode document, JsonNode schema)
    {
        if ((string?)schema["$ref"] is { } reference) return document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        return schema["oneOf"] is JsonArray choices ? Resolve(document, choices.First(choice => choice!["$ref"] is not null)!) : schema;
    }

    private static string FirstProperty(string sample)
    {
        var (key, value) = JsonNode.Parse(sample)!.AsObject().GetAt(0);
        return $"\"{key}\":{value!.ToJsonString()}";
    }
}
