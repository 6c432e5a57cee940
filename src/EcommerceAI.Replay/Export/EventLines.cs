using System.Text.Json;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.Export;

/// <summary>
/// Streams and events as objects of JSON, as <c>export</c> writes them and <c>import ndjson</c> reads them. Data and headers are given as
/// they stand in the log; what is null or false is left out.
/// </summary>
internal static class EventLines
{
    /// <summary>What tells the line of a stream from that of an event.</summary>
    public const string StreamKind = "stream";

    public static void Write(Utf8JsonWriter line, StoredEvent @event, bool withPosition = true)
    {
        line.WriteStartObject();
        if (withPosition) line.WriteNumber("position", @event.Position);
        line.WriteString("stream", @event.StreamId);
        line.WriteNumber("version", @event.Version);
        line.WriteString("id", @event.Id);
        line.WriteString("type", @event.Type);
        line.WriteString("timestamp", @event.Timestamp.UtcDateTime);
        line.WritePropertyName("data");
        line.WriteRawValue(@event.Data, skipInputValidation: true);
        if (@event.CorrelationId is not null) line.WriteString("correlationId", @event.CorrelationId);
        if (@event.CausationId is not null) line.WriteString("causationId", @event.CausationId);
        if (@event.Headers is not null)
        {
            line.WritePropertyName("headers");
            line.WriteRawValue(@event.Headers, skipInputValidation: true);
        }

        if (@event.ClrType is not null) line.WriteString("dotnetType", @event.ClrType);
        if (@event.IsArchived) line.WriteBoolean("archived", true);
        line.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter line, StoredStream stream)
    {
        line.WriteStartObject();
        line.WriteString("kind", StreamKind);
        line.WriteString("stream", stream.Id);
        line.WriteNumber("version", stream.Version);
        if (stream.Type is not null) line.WriteString("streamType", stream.Type);
        line.WriteString("created", stream.Created.UtcDateTime);
        line.WriteString("changed", stream.Changed.UtcDateTime);
        if (stream.IsArchived) line.WriteBoolean("archived", true);
        line.WriteEndObject();
    }
}
