using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>
/// A way into a JSON object: names with dots between, <c>[2]</c> for an element of a list and <c>[]</c> for every one
/// (<c>address.street</c>, <c>lines[].note</c>); a leading <c>$.</c> is allowed.
/// </summary>
internal sealed class JsonPath
{
    private readonly Step[] _steps;

    private JsonPath(string text, Step[] steps)
    {
        Text = text;
        _steps = steps;
    }

    /// <summary>The path without its leading <c>$.</c>.</summary>
    public string Text { get; }

    /// <summary>The names on the way, without places in lists.</summary>
    public IEnumerable<string?> Names => _steps.Select(step => step.Name);

    /// <summary>Reads a path.</summary>
    /// <exception cref="FormatException">The text is no path.</exception>
    public static JsonPath Parse(string text)
    {
        var plain = text.StartsWith("$.", StringComparison.Ordinal) ? text[2..] : text;
        var steps = new List<Step>();
        foreach (var part in plain.Split('.'))
        {
            var name = part.Split('[')[0];
            if (name.Length == 0) throw Malformed(text);
            steps.Add(new Step(name, null));
            var rest = part[name.Length..];
            while (rest.Length > 0)
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                if (end < 0 || rest[0] != '[') throw Malformed(text);
                steps.Add(new Step(null, ReadPlace(rest[1..end], text)));
                rest = rest[(end + 1)..];
            }
        }

        return new JsonPath(plain, [.. steps]);
    }

    /// <summary>Every place that the path leads to; none where the way ends before.</summary>
    public IEnumerable<JsonPlace> Find(JsonObject root)
    {
        var places = new List<JsonPlace> { new(root, null, -1, "") };
        for (var i = 0; i < _steps.Length; i++)
        {
            var step = _steps[i];
            var first = i == 0;
            places = [.. places.SelectMany(place => step.Follow(first ? root : place.Value, place.Path))];
        }

        return places;
    }

    private static int? ReadPlace(string text, string path) =>
        text.Length == 0 ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place
        : throw Malformed(path);

    private static FormatException Malformed(string text) =>
        new($"'{text}' is no path; write names with dots between, [0] for an element of a list: $.note, $.lines[0].note.");

    private readonly record struct Step(string? Name, int? Place)
    {
        public IEnumerable<JsonPlace> Follow(JsonNode? node, string path)
        {
            switch (node)
            {
                case JsonObject members when Name is { } name && members.ContainsKey(name):
                    return [new JsonPlace(members, name, -1, path.Length == 0 ? name : $"{path}.{name}")];
                case JsonArray items when Name is null:
                    var (from, count) = Place is { } place ? (place, place < items.Count ? 1 : 0) : (0, items.Count);
                    return Enumerable.Range(from, count)
                        .Select(i => new JsonPlace(items, null, i, new StringBuilder(path).Append('[').Append(i).Append(']').ToString()));
                default:
                    return [];
            }
        }
    }
}

/// <summary>A place in a JSON document where a value stands.</summary>
/// <param name="Parent">The object or list that holds it.</param>
/// <param name="Name">The member's name, or null in a list.</param>
/// <param name="Index">Its place in a list, from 0.</param>
/// <param name="Path">The whole way there, with places in lists.</param>
internal readonly record struct JsonPlace(JsonNode Parent, string? Name, int Index, string Path)
{
    public JsonNode? Value => Name is null ? Parent[Index] : Parent[Name];

    /// <summary>The text that stands there, or null where it is none.</summary>
    public string? Text => Value is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Puts another value there.</summary>
    public void Put(JsonNode? value)
    {
        if (Name is null) Parent[Index] = value;
        else Parent[Name] = value;
    }
}
