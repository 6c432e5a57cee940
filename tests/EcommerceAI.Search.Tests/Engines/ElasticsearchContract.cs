using System.Text.Json;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>
/// Elasticsearch's own metamodel of its API, taken closed: what it does not name is an error. Shorthands that it allows are allowed.
/// </summary>
internal sealed class ElasticsearchContract
{
    private readonly Dictionary<string, JsonElement> _types;
    private readonly List<(string Method, string[] Path, JsonElement Endpoint)> _urls = [];

    public ElasticsearchContract(string file)
    {
        // Kept for the life of the process: the description is shared by all tests.
        var description = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        _types = description.GetProperty("types").EnumerateArray().ToDictionary(type => Name(type.GetProperty("name")));
        foreach (var endpoint in description.GetProperty("endpoints").EnumerateArray())
            foreach (var url in endpoint.GetProperty("urls").EnumerateArray())
                foreach (var method in url.GetProperty("methods").EnumerateArray())
                    _urls.Add((method.GetString()!, url.GetProperty("path").GetString()!.Trim('/').Split('/'), endpoint));
        // A path in so many words comes before one with a parameter.
        _urls.Sort((left, right) => left.Path.Count(p => p.StartsWith('{')).CompareTo(right.Path.Count(p => p.StartsWith('{'))));
    }

    /// <summary>What is wrong with a request; the lines of a bulk are checked one by one, the documents in it are anything.</summary>
    public IReadOnlyList<string> CheckRequest(EngineRequest request)
    {
        if (Find(request, "request") is not { } type) return [$"{request.Method} {request.Path} is not described"];
        var known = Properties(type, "query").Select(p => p.Key).ToHashSet();
        var errors = request.Parameters.Where(p => !known.Contains(p)).Select(p => $"the parameter '{p}' is not described").ToList();
        if (request.Path.EndsWith("/_bulk", StringComparison.Ordinal)) errors.AddRange(CheckBulk(request.Body));
        else if (request.Body.Length > 0)
            using (var body = JsonDocument.Parse(request.Body))
                errors.AddRange(CheckBody(type, body.RootElement));
        return errors;
    }

    /// <summary>What is wrong with a good reply.</summary>
    public IReadOnlyList<string> CheckReply(EngineRequest request, JsonElement body) =>
        Find(request, "response") is { } type ? CheckBody(type, body) : [];

    private static string Name(JsonElement name) => $"{name.GetProperty("namespace").GetString()}:{name.GetProperty("name").GetString()}";

    private JsonElement? Find(EngineRequest request, string message)
    {
        var path = request.Path.Trim('/').Split('/');
        foreach (var url in _urls)
            if (url.Method == request.Method && url.Path.Length == path.Length && url.Path.Zip(path).All(p => p.First == p.Second || (p.First.StartsWith('{') && !p.Second.StartsWith('_'))))
                return url.Endpoint.GetProperty(message).ValueKind == JsonValueKind.Object ? _types[Name(url.Endpoint.GetProperty(message))] : null;
        return null;
    }

    private List<string> CheckBulk(byte[] body)
    {
        var errors = new List<string>();
        var lines = System.Text.Encoding.UTF8.GetString(body).Split('\n');
        if (lines[^1].Length > 0) errors.Add("the last line does not end");
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            using var action = JsonDocument.Parse(lines[i]);
            errors.AddRange(CheckType(_types["_global.bulk:OperationContainer"], action.RootElement, $"line {i}", []));
            JsonDocument.Parse(lines[i + 1]).Dispose();
        }
        return errors;
    }

    private List<string> CheckBody(JsonElement type, JsonElement value)
    {
        var body = type.GetProperty("body");
        return body.GetProperty("kind").GetString() switch
        {
            "value" => Check(body.GetProperty("value"), value, "body", []),
            "properties" => CheckProperties(Properties(type, "body"), [], value, "body", []),
            _ => ["a body is not described"],
        };
    }

    /// <summary>The properties of a request's part, or of an interface, with those that it inherits.</summary>
    private IEnumerable<KeyValuePair<string, JsonElement>> Properties(JsonElement type, string? part = null)
    {
        if (type.TryGetProperty("inherits", out var parent))
            foreach (var inherited in Properties(_types[Name(parent.GetProperty("type"))], part == "body" ? null : part)) yield return inherited;
        if (type.TryGetProperty("attachedBehaviors", out var behaviours) && part == "query")
            foreach (var behaviour in behaviours.EnumerateArray())
                if (_types.TryGetValue($"_spec_utils:{behaviour.GetString()}", out var common))
                    foreach (var property in Properties(common)) yield return property;
        var own = part is null ? type : part == "body" ? type.GetProperty("body") : type;
        if (!own.TryGetProperty(part == "query" ? type.TryGetProperty("query", out _) ? "query" : "properties" : "properties", out var properties)) yield break;
        foreach (var property in properties.EnumerateArray())
        {
            yield return new(property.GetProperty("name").GetString()!, property);
            if (property.TryGetProperty("aliases", out var aliases))
                foreach (var alias in aliases.EnumerateArray()) yield return new(alias.GetString()!, property);
        }
    }

    private List<string> Check(JsonElement expected, JsonElement value, string at, Dictionary<string, JsonElement> generics)
    {
        switch (expected.GetProperty("kind").GetString())
        {
            case "array_of":
                return value.ValueKind != JsonValueKind.Array ? [$"{at}: not an array"]
                    : [.. value.EnumerateArray().SelectMany((item, i) => Check(expected.GetProperty("value"), item, $"{at}[{i}]", generics))];
            case "union_of":
                return expected.GetProperty("items").EnumerateArray().Select(item => Check(item, value, at, generics)).MinBy(errors => errors.Count)!;
            case "dictionary_of":
                return value.ValueKind != JsonValueKind.Object ? [$"{at}: not an object"]
                    : [.. value.EnumerateObject().SelectMany(p => Check(expected.GetProperty("value"), p.Value, $"{at}.{p.Name}", generics))];
            case "literal_value":
                return expected.GetProperty("value").ToString() == value.ToString() ? [] : [$"{at}: not '{expected.GetProperty("value")}'"];
            case "instance_of":
                return CheckInstance(expected, value, at, generics);
            default:
                return [];
        }
    }

    private List<string> CheckInstance(JsonElement expected, JsonElement value, string at, Dictionary<string, JsonElement> generics)
    {
        var name = expected.GetProperty("type");
        if (generics.TryGetValue(name.GetProperty("name").GetString()!, out var given)) return Check(given, value, at, []);
        switch (Name(name))
        {
            case "_builtins:string": return value.ValueKind == JsonValueKind.String ? [] : [$"{at}: not a string"];
            case "_builtins:boolean": return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? [] : [$"{at}: not a boolean"];
            case "_builtins:number": return value.ValueKind == JsonValueKind.Number ? [] : [$"{at}: not a number"];
            case "_builtins:null": return value.ValueKind == JsonValueKind.Null ? [] : [$"{at}: not null"];
        }
        // A type that the description leaves to its user: our own document.
        if (!_types.TryGetValue(Name(name), out var type)) return [];
        var bound = new Dictionary<string, JsonElement>();
        if (type.TryGetProperty("generics", out var parameters) && expected.TryGetProperty("generics", out var arguments))
            foreach (var (parameter, argument) in parameters.EnumerateArray().Zip(arguments.EnumerateArray()))
                bound[parameter.GetProperty("name").GetString()!] =
                    argument.GetProperty("kind").GetString() == "instance_of" && generics.TryGetValue(argument.GetProperty("type").GetProperty("name").GetString()!, out var outer) ? outer : argument;
        return CheckType(type, value, at, bound);
    }

    private List<string> CheckType(JsonElement type, JsonElement value, string at, Dictionary<string, JsonElement> generics)
    {
        switch (type.GetProperty("kind").GetString())
        {
            case "enum":
                return type.TryGetProperty("isOpen", out var open) && open.GetBoolean()
                    || type.GetProperty("members").EnumerateArray().Any(m => m.GetProperty("name").GetString()!.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase)
                        || (m.TryGetProperty("aliases", out var aliases) && aliases.EnumerateArray().Any(a => a.GetString() == value.ToString())))
                    ? [] : [$"{at}: '{value}' is no {Name(type.GetProperty("name"))}"];
            case "type_alias":
                return Check(type.GetProperty("type"), value, at, generics);
            default:
                var properties = Properties(type).ToList();
                if (value.ValueKind != JsonValueKind.Object && type.TryGetProperty("shortcutProperty", out var shortcut))
                    return Check(properties.First(p => p.Key == shortcut.GetString()).Value.GetProperty("type"), value, at, generics);
                return CheckProperties(properties, Additional(type), value, at, generics);
        }
    }

    /// <summary>What properties under other names may hold, where any are allowed.</summary>
    private List<JsonElement> Additional(JsonElement type)
    {
        var additional = new List<JsonElement>();
        if (type.TryGetProperty("inherits", out var parent)) additional.AddRange(Additional(_types[Name(parent.GetProperty("type"))]));
        if (type.TryGetProperty("behaviors", out var behaviours))
            additional.AddRange(behaviours.EnumerateArray()
                .Where(b => b.GetProperty("type").GetProperty("name").GetString()!.StartsWith("AdditionalProperty", StringComparison.Ordinal)
                    || b.GetProperty("type").GetProperty("name").GetString() == "AdditionalProperties")
                .Select(b => b.GetProperty("generics")[1]));
        return additional;
    }

    private List<string> CheckProperties(
        IEnumerable<KeyValuePair<string, JsonElement>> known, List<JsonElement> additional, JsonElement value, string at, Dictionary<string, JsonElement> generics)
    {
        if (value.ValueKind != JsonValueKind.Object) return [$"{at}: not an object"];
        var properties = new Dictionary<string, JsonElement>();
        foreach (var (name, property) in known) properties[name] = property;
        var errors = new List<string>();
        foreach (var given in value.EnumerateObject())
            if (properties.TryGetValue(given.Name, out var property)) errors.AddRange(Check(property.GetProperty("type"), given.Value, $"{at}.{given.Name}", generics));
            else if (additional.Count > 0) errors.AddRange(Check(additional[0], given.Value, $"{at}.{given.Name}", generics));
            else errors.Add($"{at}.{given.Name} is not described");
        errors.AddRange(properties.Values.Where(p => p.GetProperty("required").GetBoolean()).DistinctBy(p => p.GetProperty("name").GetString())
            .Where(p => !value.TryGetProperty(p.GetProperty("name").GetString()!, out _)
                && !(p.TryGetProperty("aliases", out var aliases) && aliases.EnumerateArray().Any(a => value.TryGetProperty(a.GetString()!, out _))))
            .Select(p => $"{at}.{p.GetProperty("name")} is missing"));
        return errors;
    }
}
