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
/// <param name="IncludesArchived">Whether the events of archived streams are read as well.</param>
public sealed record LogRange(long After, long UpTo, int Limit = 5000, IReadOnlyList<string>? Types = null, bool IncludesArchived = false);

/// <summary>A page of the log.</summary>
/// <param name="Events">Its events, in order of position.</param>
/// <param name="ReadUpTo">The position that was read up to, though no event may stand there.</param>
public sealed record LogPage(IReadOnlyList<RecordedEvent> Events, long ReadUpTo);

/// <summary>Reads streams and the log.</summary>
public sealed class EventReader
{
    /// <summary>
    /// Rows of a stream that are made into records together. Small, so that the server goes on sending meanwhile, and so that whoever
    /// stops early has not paid for the rest.
    /// </summary>
    private const int StreamChunk = 64;

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
        await using var command = StreamCommand(connection, streamId, from, point);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<EventRow>(StreamChunk);
        while (await reader.ReadAsync(cancellation))
        {
            var row = EventRow.Read(reader);
            if (IsBeyond(row, point)) break;
            rows.Add(row);
            if (rows.Count < StreamChunk) continue;
            foreach (var @event in await DecodeAsync(rows, cancellation)) yield return @event;
            rows.Clear();
        }

        foreach (var @event in await DecodeAsync(rows, cancellation)) yield return @event;
    }

    /// <summary>Reads a page of the log on a connection of its own.</summary>
    /// <param name="range">Which stretch.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<LogPage> ReadLogAsync(LogRange range, CancellationToken cancellation = default) =>
        await DecodeAsync(await ReadRowsAsync(range, cancellation), range, cancellation);

    /// <summary>
    /// Reads a stretch of the log over several connections at once and hands on its pages in order of position, each of them
    /// <see cref="LogRange.Limit"/> positions long. At most one page a connection, and the one handed on, are in memory.
    /// </summary>
    /// <typeparam name="T">What is made of a page.</typeparam>
    /// <param name="range">Which stretch.</param>
    /// <param name="connections">How many connections, 1 or more.</param>
    /// <param name="prepare">Makes something of a page, where it was read: several run at once and in any order.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<T> ReadLogAsync<T>(
        LogRange range, int connections, Func<LogPage, T> prepare, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(connections);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pages = new Queue<Task<T>>();
        try
        {
            var after = range.After;
            while (pages.Count > 0 || after < range.UpTo)
            {
                while (pages.Count < connections && after < range.UpTo)
                {
                    var upTo = range.UpTo - after > range.Limit ? after + range.Limit : range.UpTo;
                    var page = range with { After = after, UpTo = upTo };
                    pages.Enqueue(Task.Run(async () => prepare(await ReadLogAsync(page, stop.Token)), stop.Token));
                    after = upTo;
                }

                // Taken off the queue only once it is done, so that nobody leaves while a connection is still at work.
                var next = await pages.Peek();
                _ = pages.Dequeue();
                yield return next;
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var page in pages) await ((Task)page).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads a page of the log and leaves its rows as they are.</summary>
    internal async Task<List<EventRow>> ReadRowsAsync(LogRange range, CancellationToken cancellation)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellation);
        await using var command = new NpgsqlCommand(
            $"""
             select {_layout.ReadColumns} from events.mt_events
             where seq_id > $1 and seq_id <= $2 and type <> '{EventTypes.Tombstone}' {(range.IncludesArchived ? "" : "and is_archived is not true")}
             {(range.Types is null ? "" : "and type = any($4)")}
             order by seq_id limit $3
             """,
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, range.After);
        command.Parameters.AddWithValue(NpgsqlDbType.Bigint, range.UpTo);
        command.Parameters.AddWithValue(NpgsqlDbType.Integer, range.Limit);
        if (range.Types is not null) command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, range.Types.ToArray());
        var rows = new List<EventRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) rows.Add(EventRow.Read(reader));
        return rows;
    }

    /// <summary>Makes a page of the rows of a stretch.</summary>
    internal async Task<LogPage> DecodeAsync(List<EventRow> rows, LogRange range, CancellationToken cancellation) =>
        new(await DecodeAsync(rows, cancellation), rows.Count < range.Limit ? range.UpTo : rows[^1].Position);

    private NpgsqlCommand StreamCommand(NpgsqlConnection connection, string streamId, long from, StreamPoint? point)
    {
        var command = new NpgsqlCommand(
            $"select {_layout.ReadColumns} from events.mt_events where stream_id = $1 and version >= $2 and version <= $3 and type <> '{EventTypes.Tombstone}' order by version",
            connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = streamId, NpgsqlDbType = NpgsqlDbType.Varchar });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = from });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = point is StreamPoint.AtVersion at ? at.Version : long.MaxValue });
        return command;
    }

    private static bool IsBeyond(in EventRow row, StreamPoint? point) => point switch
    {
        StreamPoint.AtPosition position => row.Position > position.Position,
        StreamPoint.AtMoment moment => row.Timestamp > moment.Moment,
        _ => false,
    };

    /// <summary>Makes records of rows, once the keys of what is sealed in them are at hand.</summary>
    private async ValueTask<RecordedEvent[]> DecodeAsync(List<EventRow> rows, CancellationToken cancellation)
    {
        var keys = await _sealing.LoadKeysAsync(rows.Select(row => (row.Type, row.Json)), cancellation);
        var events = new RecordedEvent[rows.Count];
        for (var i = 0; i < events.Length; i++) events[i] = Decode(rows[i], keys);
        return events;
    }

    private RecordedEvent Decode(in EventRow row, SubjectKeyRing keys)
    {
        try
        {
            return new RecordedEvent(
                row.Position, row.Id, row.StreamId, row.Version, row.Type, row.Timestamp, _serializer.Deserialize(row.Type, row.Json.Span, keys),
                row.Metadata);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException
            or FormatException or OverflowException or InvalidOperationException)
        {
            throw new UnreadableEventException(row.Position, row.StreamId, row.Version, row.Type, unreadable);
        }
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
