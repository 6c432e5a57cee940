using System.Buffers;
using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>
/// <c>--json</c>: what a program reads. A list comes as NDJSON, an object a line; anything else as one object. Names are camelCase,
/// moments ISO 8601 in UTC.
/// </summary>
internal static class JsonOutput
{
    /// <summary>Lines that are read while they are written are never put off.</summary>
    private static readonly JsonSerializerOptions Line = EventSerializer.Options;

    private static readonly JsonSerializerOptions Indented = new(EventSerializer.Options) { WriteIndented = true };

    private static readonly JsonWriterOptions Raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option; each command has one of its own.</summary>
    /// <param name="form">What comes out: one object, or an object a line.</param>
    public static Option<bool> Option(string form) => new("--json") { Description = $"Write JSON for programs: {form}." };

    /// <summary>Writes one object over several lines.</summary>
    public static Task WriteAsync(object value) => Console.Out.WriteLineAsync(JsonSerializer.Serialize(value, Indented));

    /// <summary>Writes an object as one line.</summary>
    public static Task WriteLineAsync(object value) => Console.Out.WriteLineAsync(JsonSerializer.Serialize(value, Line));

    /// <summary>The element that <paramref name="write"/> writes.</summary>
    public static JsonElement Element(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Raw)) write(writer);
        return JsonDocument.Parse(buffer.WrittenMemory).RootElement;
    }
}
