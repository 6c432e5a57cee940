using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.Replay.Export;

/// <summary>Events as lines of JSON. The data is given as it stands in the log, whatever records this build knows.</summary>
/// <param name="withPositions">Whether a line tells the event's global position.</param>
internal sealed class EventLines(bool withPositions)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads up to the high-water mark of the moment of the call; a line is valid until the next is asked for.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(EventStore store, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            """
            select seq_id, stream_id, version, id, type, timestamp, data, correlation_id, causation_id, headers
            from events.mt_events where seq_id <= $1 order by seq_id
            """,
            connection)
        { CommandTimeout = 0 };
        command.Parameters.AddWithValue(await store.HighWater.ReadAsync(cancellation));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var buffer = new ArrayBufferWriter<byte>();
        await using var line = new Utf8JsonWriter(buffer, Json);
        while (await reader.ReadAsync(cancellation))
        {
            buffer.ResetWrittenCount();
            line.Reset(buffer);
            Write(line, reader);
            await line.FlushAsync(cancellation);
            buffer.Write("\n"u8);
            yield return buffer.WrittenMemory;
        }
    }

    private void Write(Utf8JsonWriter line, NpgsqlDataReader reader)
    {
        line.WriteStartObject();
        if (withPositions) line.WriteNumber("position", reader.GetInt64(0));
        line.WriteString("stream", reader.GetString(1));
        line.WriteNumber("version", reader.GetInt64(2));
        line.WriteString("id", reader.GetGuid(3));
        line.WriteString("type", reader.GetString(4));
        line.WriteString("timestamp", reader.GetDateTime(5));
        line.WritePropertyName("data");
        line.WriteRawValue(reader.GetFieldValue<byte[]>(6), skipInputValidation: true);
        if (!reader.IsDBNull(7)) line.WriteString("correlationId", reader.GetString(7));
        if (!reader.IsDBNull(8)) line.WriteString("causationId", reader.GetString(8));
        if (!reader.IsDBNull(9))
        {
            line.WritePropertyName("headers");
            line.WriteRawValue(reader.GetFieldValue<byte[]>(9), skipInputValidation: true);
        }

        line.WriteEndObject();
    }
}
