using System.Text;
using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests;

/// <summary>Every field of a body that takes a text, by the schema of the OpenAPI document: also those that no sample has.</summary>
internal sealed class StringFields(JsonNode document)
{
    private const string Placeholder = "@@here@@";
    private const int Deepest = 8;

    /// <summary>The fields, as the way that leads to each: names, and 0 for the first entry of a list.</summary>
    public IEnumerable<object[]> Of(JsonNode schema) => Below(schema, []);

    /// <summary>A field's path as problem documents write it.</summary>
    public static string PathOf(object[] field)
    {
        var path = new StringBuilder();
        foreach (var key in field) path.Append(key is string name ? $"{(path.Length == 0 ? "" : ".")}{name}" : $"[{key}]");
        return path.ToString();
    }

    /// <summary>The sample with other bytes in the place of a field's value.</summary>
    /// <param name="sample">A body that is accepted.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="field">The field.</param>
    /// <param name="value">The bytes.</param>
    public byte[] With(string sample, JsonNode schema, object[] field, byte[] value)
    {
        var root = JsonNode.Parse(sample)!;
        var (node, current) = (root, schema);
        for (var i = 0; i < field.Length; i++)
        {
            current = Next(current, field[i]);
            var isLast = i == field.Length - 1;
            var there = field[i] is string name ? node[name] : node.AsArray().ElementAtOrDefault(0);
            if (isLast || there is null)
            {
                there = isLast ? JsonValue.Create(Placeholder) : Example(current);
                Put(node, field[i], there);
            }

            node = there;
        }

        var json = root.ToJsonString();
        var at = json.IndexOf($"\"{Placeholder}\"", StringComparison.Ordinal);
        return [.. Encoding.UTF8.GetBytes(json[..at]), .. value, .. Encoding.UTF8.GetBytes(json[(at + Placeholder.Length + 2)..])];
    }

    private IEnumerable<object[]> Below(JsonNode schema, object[] path)
    {
        if (path.Length > Deepest) return [];
        var resolved = BodyFaults.Resolve(document, schema);
        if (resolved["properties"] is JsonObject members) return members.SelectMany(member => Below(member.Value!, [.. path, member.Key]));
        if (resolved["items"] is { } items) return Below(items, [.. path, 0]);
        return Is(resolved, "string") || resolved["enum"] is not null ? [path] : [];
    }

    private JsonNode Next(JsonNode schema, object key)
    {
        var resolved = BodyFaults.Resolve(document, schema);
        return key is string name ? resolved["properties"]![name]! : resolved["items"]!;
    }

    /// <summary>A value of the schema with nothing in it that is not demanded.</summary>
    private JsonNode Example(JsonNode schema)
    {
        var resolved = BodyFaults.Resolve(document, schema);
        if (resolved["properties"] is JsonObject members)
        {
            var example = new JsonObject();
            foreach (var name in resolved["required"]?.AsArray() ?? []) example[(string)name!] = Example(members[(string)name!]!);
            return example;
        }

        if (resolved["items"] is { } items) return new JsonArray(Example(items));
        if (resolved["enum"] is JsonArray words) return words.First(word => word is not null)!.DeepClone();
        if (Is(resolved, "boolean")) return true;
        if (Is(resolved, "integer") || Is(resolved, "number")) return 1;
        return (string?)resolved["format"] switch
        {
            "date-time" => "2099-01-01T00:00:00Z",
            "date" => "2099-01-01",
            _ => "x",
        };
    }

    private static bool Is(JsonNode schema, string type) => schema["type"] switch
    {
        JsonArray types => types.Any(one => (string?)one == type),
        JsonNode one => (string?)one == type,
        null => false,
    };

    private static void Put(JsonNode parent, object key, JsonNode value)
    {
        if (key is string name) parent[name] = value;
        else if (parent.AsArray().Count == 0) parent.AsArray().Add(value);
        else parent[0] = value;
    }
}
