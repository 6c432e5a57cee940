using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Holds a parsed body against the contract of its record and notes every difference with its path. After a clean check the
/// serializer has nothing left to refuse.
/// </summary>
internal sealed class BodyShape(JsonSerializerOptions options, FieldErrors errors)
{
    public void Check(JsonElement value, JsonTypeInfo type, string path)
    {
        // A value that may be null and is not has the contract of what it is then.
        if (Nullable.GetUnderlyingType(type.Type) is { } given) type = options.GetTypeInfo(given);
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, type, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                CheckList(value, options.GetTypeInfo(type.ElementType!), path);
                break;
            default:
                CheckScalar(value, type.Type, path);
                break;
        }
    }

    private void CheckObject(JsonElement value, JsonTypeInfo type, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            WrongType(value, "an object", path);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (!TryRead(() => member.Name, out var name))
            {
                errors.Add(path, "invalid_text", $"{Name(path)} has a property whose name holds half a surrogate pair.");
                continue;
            }

            var place = path.Length == 0 ? name : $"{path}.{name}";
            if (type.Properties.FirstOrDefault(known => known.Name == name) is not { } property)
                errors.Add(Shortened(place), "unknown_property", $"{Shortened(place)} is not a property of this body.");
            else if (!seen.Add(name))
                errors.Add(place, "duplicate_property", $"{place} is given more than once.");
            else
                CheckMember(member.Value, property, place);
        }

        foreach (var missing in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
        {
            var place = path.Length == 0 ? missing.Name : $"{path}.{missing.Name}";
            errors.Add(place, "required", $"{place} must be given.");
        }
    }

    private void CheckMember(JsonElement value, JsonPropertyInfo property, string path)
    {
        var allowsNull = property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;
        if (value.ValueKind != JsonValueKind.Null) Check(value, options.GetTypeInfo(property.PropertyType), path);
        else if (!allowsNull) errors.Add(path, "required", $"{path} must not be null.");
    }

    private void CheckList(JsonElement value, JsonTypeInfo element, string path)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            WrongType(value, "an array", path);
            return;
        }

        var place = 0;
        foreach (var item in value.EnumerateArray()) Check(item, element, $"{path}[{place++}]");
    }

    private void CheckScalar(JsonElement value, Type type, string path)
    {
        if (type == typeof(string)) CheckText(value, path);
        else if (type == typeof(int)) CheckNumber(value, value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), "a whole number of at most 2147483647", path);
        else if (type == typeof(long)) CheckNumber(value, value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), "a whole number", path);
        else if (type.IsEnum) CheckWord(value, type, path);
        else if (type == typeof(decimal)) CheckNumber(value, value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _), "a number", path);
        else if (type == typeof(bool)) CheckNumber(value, value.ValueKind is JsonValueKind.True or JsonValueKind.False, "true or false", path);
        else if (type == typeof(DateTimeOffset)) CheckMoment(value, IsMoment, "a moment with its offset, such as 2026-11-27T09:30:00Z", path);
        else if (type == typeof(DateOnly)) CheckMoment(value, IsDay, "a day, such as 2026-11-27", path);
        else throw new NotSupportedException($"{path}: a body has no fields of type {type.Name} yet; say here how one is checked.");
    }

    private void CheckWord(JsonElement value, Type type, string path)
    {
        var words = Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).ToArray();
        if (value.ValueKind != JsonValueKind.String || !TryRead(() => value.GetString()!, out var word) || !words.Contains(word))
            WrongType(value, $"one of {string.Join(", ", words)}", path);
    }

    private void CheckNumber(JsonElement value, bool fits, string expected, string path)
    {
        if (!fits) WrongType(value, expected, path);
    }

    private void CheckMoment(JsonElement value, Predicate<string> fits, string expected, string path)
    {
        if (value.ValueKind == JsonValueKind.String && TryRead(() => value.GetString()!, out var text) && fits(text)) return;
        WrongType(value, expected, path);
    }

    /// <summary>Without its offset a moment would be that of wherever this server stands.</summary>
    private static bool IsMoment(string text) =>
        text is [.., 'Z'] or [.., '+' or '-', _, _, ':', _, _]
        && JsonSerializer.SerializeToElement(text).TryGetDateTimeOffset(out _);

    private static bool IsDay(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private void CheckText(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String) WrongType(value, "a string", path);
        else if (!TryRead(() => value.GetString()!, out _)) errors.Add(path, "invalid_text", $"{path} holds half a surrogate pair.");
    }

    private void WrongType(JsonElement value, string expected, string path) =>
        errors.Add(path, "wrong_type", $"{Name(path)} must be {expected}, not {Describe(value)}.");

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => Shortened(value.GetRawText()),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };

    private static string Name(string path) => path.Length == 0 ? "The body" : path;

    private static string Shortened(string text) => text.Length <= 100 ? text : $"{text[..100]}…";

    /// <summary>Escapes are only decoded when a text is read, and half a surrogate pair only shows then.</summary>
    private static bool TryRead(Func<string> read, out string text)
    {
        try
        {
            text = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
