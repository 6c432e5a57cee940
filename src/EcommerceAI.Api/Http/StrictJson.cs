using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace EcommerceAI.Api.Http;

/// <summary>
/// Request bodies, read strictly: a property that nobody knows, a wrong type, a missing or repeated property or a null is refused
/// by its path, and all of them at once. The serializer alone would stop at the first.
/// </summary>
public static class StrictJson
{
    /// <summary>The deepest nesting of a body.</summary>
    public const int MaxDepth = 16;

    /// <summary>The options of every body that comes in.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>The options of every body that goes out.</summary>
    /// <param name="options">The host's options.</param>
    public static void ConfigureReplies(JsonSerializerOptions options)
    {
        // Replies are JSON by their content type and never part of a page, so there is no need to escape what reads well.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        options.Converters.Add(new PlainDecimalConverter());
    }

    /// <summary>Reads a body.</summary>
    /// <typeparam name="T">Its record.</typeparam>
    /// <param name="json">UTF-8 bytes.</param>
    /// <param name="body">The record, where nothing is wrong.</param>
    /// <param name="errors">What is wrong with its fields.</param>
    /// <returns>Null, or what keeps the bytes from being JSON at all.</returns>
    public static string? TryRead<T>(byte[] json, out T? body, FieldErrors errors)
        where T : class
    {
        body = null;
        if (json.Length == 0) return "The body is empty; a JSON object is expected.";
        if (!Utf8.IsValid(json)) return "The body is not valid UTF-8.";
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            new BodyShape(Options, errors).Check(document.RootElement, Options.GetTypeInfo(typeof(T)), "");
            if (!errors.Any) body = document.RootElement.Deserialize<T>(Options);
            return null;
        }
        catch (JsonException malformed)
        {
            return $"The body is not JSON that can be read: {malformed.Message}";
        }
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            MaxDepth = MaxDepth,
        };
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
