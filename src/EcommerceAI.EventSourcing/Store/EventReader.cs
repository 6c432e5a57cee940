using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>A stretch of the log.</summary>
/// <param name="After">The last position that is already known.</param>
/// <param name="UpTo">The last position to read; must not lie above the high-water mark.</param>
/// <param name="Limit">The most events in one page.</param>
/// <param name="Types">Only events of these names, or null for all.</param>
/// <param name="IncludesArchived">Whether the events of archived streams are read as well.</param>
public sealed record LogRange(long After, long UpTo, int Limit = 5000, IReadOnlyList<string>? Types = null, bool IncludesArchived = false);

/// <summary>A page of the log.</summary>
/// <param name="Events">Its events, in order of position.</param>
/// <param name="ReadUpTo">The position that was read up to, though no event may stand there.</param>
public sealed record LogPage(IReadOnlyList<RecordedEvent> Events, long ReadUpTo);

/// <summary>Reads streams and the log.</summary>
public sealed class EventReader
{
    private const string Columns =
        "seq_id, id, stream_id, version, type, timestamp, data, correlation_id, causation_id, headers";

    private readonly NpgsqlDataSource _source;
    private readonly EventSerializer _serializer;

    internal EventReader(NpgsqlDataSource source, EventSerializer serializer)
    {
        _source = source;
        _serializer = serializer;
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
            $"select {Columns} from events.mt_events where stream_id = $1 and version >= $2 and version <= $3 and type <> '{EventTypes.Tombstone}' order by version",
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Varchar, streamId);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, from);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, point is StreamPoint.AtVersion at ? at.Version : long.MaxValue);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var @event = Read(reader);
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
             select {Columns} from events.mt_events
             where seq_id > $1 and seq_id <= $2 and type <> '{EventTypes.Tombstone}' {(range.IncludesArchived ? "" : "and is_archived is not true")}
             {(range.Types is null ? "" : "and type = any($4)")}
             order by seq_id limit $3
             """,
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, range.After);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, range.UpTo);
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, range.Limit);
        if (range.Types is not null) command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, range.Types.ToArray());
        var events = new List<RecordedEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) events.Add(Read(reader));
        return new LogPage(events, events.Count < range.Limit ? range.UpTo : events[^1].Position);
    }

    private RecordedEvent Read(NpgsqlDataReader reader)
    {
        var type = reader.GetString(4);
        var position = reader.GetInt64(0);
        try
        {
            return new RecordedEvent(
                position, reader.GetGuid(1), reader.GetString(2), reader.GetInt64(3), type, reader.GetFieldValue<DateTimeOffset>(5),
                _serializer.Deserialize(type, reader.GetFieldValue<byte[]>(6)), ReadMetadata(reader));
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException
            or FormatException or OverflowException or InvalidOperationException)
        {
            throw new UnreadableEventException(position, reader.GetString(2), reader.GetInt64(3), type, unreadable);
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
}

/// <summary>An event's JSON does not fit the record of its name.</summary>
public sealed class UnreadableEventException(long position, string streamId, long version, string type, Exception inner)
    : Exception($"The event '{type}' at position {position} (version {version} of '{streamId}') does not fit its record: {inner.Message}", inner)
{
    /// <summary>The event's global position.</summary>
    public long Position { get; } = position;

    /// <summary>The event's stream.</summary>
    public string StreamId { get; } = streamId;

    /// <summary>The event's name.</summary>
    public string Type { get; } = type;
}
