using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.EventSourcing.Privacy;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Events as JSON: camelCase names, enums as strings, so that any reader of this layout understands them. Text that
/// PostgreSQL's <c>jsonb</c> cannot hold is refused here, before it could fail a batch that others share.
/// </summary>
public sealed class EventSerializer(EventTypes types)
{
    /// <summary>The options of every event and header in the log.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Event names and their records.</summary>
    public EventTypes Types { get; } = types;

    /// <summary>Writes an event as UTF-8 JSON, personal texts in the clear: the store seals them before it writes the event.</summary>
    /// <param name="data">A registered event record.</param>
    /// <exception cref="InvalidEventDataException">A text holds U+0000 or half a surrogate pair.</exception>
    public static byte[] Serialize(object data)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(data, data.GetType(), Options);
        // The converters see strings and characters; a NUL can also come in ready-made JSON.
        if (HoldsEscapedNul(json)) throw new InvalidEventDataException("\0");
        return json;
    }

    /// <summary>Reads an event back in today's shape; a name without a record comes back as a <see cref="JsonElement"/>.</summary>
    /// <param name="name">The event's name in the log.</param>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="keys">The keys of its sealed texts; null where it is known to have none.</param>
    /// <exception cref="JsonException">The JSON does not fit the record, a step to today's shape failed, or a sealed text was changed.</exception>
    /// <exception cref="InvalidOperationException">A text is sealed and its key was not loaded.</exception>
    public object Deserialize(string name, ReadOnlySpan<byte> json, SubjectKeyRing? keys = null) =>
        Types.ShapeOf(name) is { } shape ? shape.Read(json, keys) : JsonSerializer.Deserialize<JsonElement>(json, Options);

    private static bool HoldsEscapedNul(ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOf("\\u0000"u8); at >= 0; at = json.IndexOf("\\u0000"u8))
        {
            // An even run of backslashes before it spells backslashes, and these six characters are plain text.
            var backslashes = json[..at].Length - json[..at].TrimEnd((byte)'\\').Length;
            if (backslashes % 2 == 0) return true;
            json = json[(at + 1)..];
        }

        return false;
    }

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            DefaultIgnoreCondition = JsonIgnoreCondition.Never,
            NumberHandling = JsonNumberHandling.Strict,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new StorableTextConverter());
        options.Converters.Add(new StorableCharacterConverter());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }

    /// <summary>Refuses what <c>jsonb</c> refuses: the NUL character, and halves of surrogate pairs.</summary>
    private sealed class StorableTextConverter : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (!StorableText.IsStorable(value)) throw new InvalidEventDataException(value);
            writer.WriteStringValue(value);
        }

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()!;

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            if (!StorableText.IsStorable(value)) throw new InvalidEventDataException(value);
            writer.WritePropertyName(value);
        }
    }

    /// <summary>The same for a lone character, which the writer would turn into U+FFFD where it is half a pair.</summary>
    private sealed class StorableCharacterConverter : JsonConverter<char>
    {
        public override char Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString() is [var character] ? character : throw new JsonException("One character is expected.");

        public override void Write(Utf8JsonWriter writer, char value, JsonSerializerOptions options)
        {
            if (!StorableText.IsStorable([value])) throw new InvalidEventDataException(value.ToString());
            writer.WriteStringValue([value]);
        }
    }
}

/// <summary>An event holds text that the log cannot keep to the letter, so it was refused before anything was written.</summary>
public sealed class InvalidEventDataException(string text)
    : Exception($"The text '{text[..Math.Min(40, text.Length)].Replace('\0', '?')}' holds U+0000 or half a surrogate pair.");
