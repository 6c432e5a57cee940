using System.Runtime.CompilerServices;
using System.Text.Json;
using EcommerceAI.EventSourcing.Privacy;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>A stretch of the log.</summary>
/// <param name="After">The last position that is already known.</param>
/// <param name="UpTo">The last position to read; must not lie above the high-water mark.</param>
/// <param name="Limit">The most events in one page.</param>
/// <param name="Types">Only events of these names, or null for all.</param>
public sealed record LogRange(long After, long UpTo, int Limit = 5000, IReadOnlyList<string>? Types = null);

/// <summary>A page of the log.</summary>
/// <param name="Events">Its events, in order of position.</param>
/// <param name="ReadUpTo">The position that was read up to, though no event may stand there.</param>
public sealed record LogPage(IReadOnlyList<RecordedEvent> Events, long ReadUpTo);

/// <summary>Reads streams and the log.</summary>
public sealed class EventReader
{
    private readonly NpgsqlDataSource _source;
    private readonly EventLayout _layout;
    private readonly EventSerializer _serializer;
    private readonly EventSealing _sealing;

    internal EventReader(NpgsqlDataSource source, EventSerializer serializer, EventSealing sealing, EventLayout layout)
    {
        _source = source;
        _serializer = serializer;
        _sealing = sealing;
        _layout = layout;
    }

    /// <summary>Reads a stream in order.</summary>
    /// <param name="streamId">The stream's key; one that is not there has no events.</param>
    /// <param name="from">The first version to read, from 1.</param>
    /// <param name="point">Where to stop; null for the end.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<RecordedEvent> ReadStreamAsync(
        string streamId, long from = 1, StreamPoint? point = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"select {_layout.ReadColumns} from events.mt_events where stream_id = $1 and version >= $2 and version <= $3 and type <> '{EventTypes.Tombstone}' order by version",
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Varchar, streamId);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, from);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, point is StreamPoint.AtVersion at ? at.Version : long.MaxValue);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = ReadRow(reader);
            var @event = ToEvent(row, await _sealing.LoadKeysAsync(row.Type, row.Json, cancellation));
            if (point is StreamPoint.AtPosition position && @event.Position > position.Position) yield break;
            if (point is StreamPoint.AtMoment moment && @event.Timestamp > moment.Moment) yield break;
            yield return @event;
        }
    }

    /// <summary>Reads a page of the log on a connection of its own.</summary>
    /// <param name="range">Which stretch.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<LogPage> ReadLogAsync(LogRange range, CancellationToken cancellation = default)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             select {_layout.ReadColumns} from events.mt_events
             where seq_id > $1 and seq_id <= $2 and type <> '{EventTypes.Tombstone}' and is_archived is not true
             {(range.Types is null ? "" : "and type = any($4)")}
             order by seq_id limit $3
             """,
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, range.After);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, range.UpTo);
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, range.Limit);
        if (range.Types is not null) command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, range.Types.ToArray());
        var rows = new List<Row>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) rows.Add(ReadRow(reader));
        var keys = await _sealing.LoadKeysAsync(rows.Select(row => (row.Type, row.Json)), cancellation);
        return new LogPage([.. rows.Select(row => ToEvent(row, keys))], rows.Count < range.Limit ? range.UpTo : rows[^1].Position);
    }

    private static Row ReadRow(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4),
        reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<byte[]>(6), ReadMetadata(reader));

    private RecordedEvent ToEvent(Row row, SubjectKeyRing keys)
    {
        try
        {
            return new RecordedEvent(
                row.Position, row.Id, row.StreamId, row.Version, row.Type, row.Timestamp,
                _serializer.Deserialize(row.Type, row.Json.Span, keys), row.Metadata);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException
            or FormatException or OverflowException or InvalidOperationException)
        {
            throw new UnreadableEventException(row.Position, row.StreamId, row.Version, row.Type, unreadable);
        }
    }

    private static EventMetadata ReadMetadata(NpgsqlDataReader reader)
    {
        var correlation = reader.IsDBNull(7) ? null : reader.GetString(7);
        var causation = reader.IsDBNull(8) ? null : reader.GetString(8);
        var headers = reader.IsDBNull(9) ? null : ReadHeaders(reader.GetFieldValue<byte[]>(9));
        return correlation is null && causation is null && headers is null
            ? EventMetadata.None
            : new EventMetadata(correlation, causation, headers);
    }

    /// <summary>Headers of other writers may hold any JSON; what is no string is given as its JSON text.</summary>
    private static Dictionary<string, string> ReadHeaders(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.EnumerateObject().ToDictionary(
                header => header.Name,
                header => header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : header.Value.GetRawText(),
                StringComparer.Ordinal)
            : [];
    }

    private readonly record struct Row(
        long Position, Guid Id, string StreamId, long Version, string Type, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Json, EventMetadata Metadata);
}

/// <summary>An event's JSON does not fit the record of its name.</summary>
public sealed class UnreadableEventException(long position, string streamId, long version, string type, Exception inner)
    : Exception($"The event '{type}' at position {position} (version {version} of '{streamId}') does not fit its record: {inner.Message}", inner)
{
    /// <summary>The event's global position.</summary>
    public long Position { get; } = position;
}
