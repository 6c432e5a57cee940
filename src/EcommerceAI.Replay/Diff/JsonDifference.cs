using System.Text.Json.Nodes;

namespace EcommerceAI.Replay.Diff;

/// <summary>One place at which two JSON documents differ.</summary>
/// <param name="Path">The place, a JSON Pointer (RFC 6901).</param>
/// <param name="Op"><c>add</c>, <c>remove</c> or <c>replace</c>, as in RFC 6902.</param>
/// <param name="From">What stood there before; null for <c>add</c>.</param>
/// <param name="To">What stands there after; null for <c>remove</c>.</param>
internal sealed record JsonDifference(string Path, string Op, JsonNode? From, JsonNode? To)
{
    /// <summary>
    /// Every difference, the deepest place that holds it: objects are compared by name, arrays by place. Names come in the order of the
    /// first document, then those that only the second has.
    /// </summary>
    public static IEnumerable<JsonDifference> Between(JsonNode? from, JsonNode? to, string path = "") => (from, to) switch
    {
        (JsonObject left, JsonObject right) => Objects(left, right, path),
        (JsonArray left, JsonArray right) => Arrays(left, right, path),
        _ => JsonNode.DeepEquals(from, to) ? [] : [new JsonDifference(path, "replace", from?.DeepClone(), to?.DeepClone())],
    };

    private static IEnumerable<JsonDifference> Objects(JsonObject left, JsonObject right, string path)
    {
        foreach (var (name, value) in left)
        {
            var place = $"{path}/{Escape(name)}";
            if (!right.TryGetPropertyValue(name, out var other))
            {
                yield return new JsonDifference(place, "remove", value?.DeepClone(), null);
                continue;
            }

            foreach (var difference in Between(value, other, place)) yield return difference;
        }

        foreach (var (name, value) in right)
        {
            if (!left.ContainsKey(name)) yield return new JsonDifference($"{path}/{Escape(name)}", "add", null, value?.DeepClone());
        }
    }

    private static IEnumerable<JsonDifference> Arrays(JsonArray left, JsonArray right, string path)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            foreach (var difference in Between(left[i], right[i], $"{path}/{i}")) yield return difference;
        }

        for (var i = right.Count; i < left.Count; i++) yield return new JsonDifference($"{path}/{i}", "remove", left[i]?.DeepClone(), null);
        for (var i = left.Count; i < right.Count; i++) yield return new JsonDifference($"{path}/{i}", "add", null, right[i]?.DeepClone());
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
