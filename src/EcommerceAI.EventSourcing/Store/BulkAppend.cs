using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>An event of a bulk append.</summary>
/// <param name="StreamId">The stream it goes to the end of.</param>
/// <param name="Event">The event; it must carry its id and its moment.</param>
/// <param name="StartsStream">Whether it is the first of its stream, which then must not be there yet.</param>
public readonly record struct BulkEvent(string StreamId, NewEvent Event, bool StartsStream = false);

/// <summary>
/// A chunk of history for a bulk append, with its events already as JSON, so that one chunk can be prepared while the one
/// before it is being written.
/// </summary>
public sealed class BulkChunk
{
    private BulkChunk(IReadOnlyList<string> streamIds, PreparedEvent[] events, IReadOnlySet<string> newStreams)
    {
        StreamIds = streamIds;
        Events = events;
        NewStreams = newStreams;
    }

    /// <summary>How many events the chunk holds.</summary>
    public int Count => Events.Length;

    internal IReadOnlyList<string> StreamIds { get; }

    internal PreparedEvent[] Events { get; }

    internal IReadOnlySet<string> NewStreams { get; }

    /// <summary>Prepares a chunk as the other does, with its personal texts sealed.</summary>
    /// <param name="events">The events, each with id and moment.</param>
    /// <param name="store">The store that it is for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">As in <see cref="Prepare"/>.</exception>
    /// <exception cref="InvalidOperationException">A personal text does not tell whose it is.</exception>
    public static async Task<BulkChunk> PrepareAsync(IReadOnlyList<BulkEvent> events, EventStore store, CancellationToken cancellation = default) =>
        Prepare(await store.Sealing.SealAsync(events, cancellation), store.Serializer.Types);

    /// <summary>Prepares a chunk; the order of <paramref name="events"/> is the order in the log.</summary>
    /// <param name="events">The events, each with id and moment.</param>
    /// <param name="types">Event names.</param>
    /// <exception cref="ArgumentException">
    /// An event has no id or no moment of its own, an impossible stream key, or starts a stream that the chunk has begun already.
    /// </exception>
    /// <exception cref="InvalidOperationException">An event holds a personal text in the clear.</exception>
    public static BulkChunk Prepare(IReadOnlyList<BulkEvent> events, EventTypes types)
    {
        var streamIds = new string[events.Count];
        var prepared = new PreparedEvent[events.Count];
        var newStreams = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < prepared.Length; i++)
        {
            if (events[i].Event is not { Id: not null, Timestamp: not null })
                throw new ArgumentException($"Event {i} for '{events[i].StreamId}' needs its own id and moment.", nameof(events));
            streamIds[i] = events[i].StreamId;
            var isFirst = seen.Add(streamIds[i]);
            if (isFirst) EventStore.CheckStreamId(streamIds[i]);
            if (events[i].StartsStream && !isFirst)
                throw new ArgumentException($"Event {i} cannot start '{streamIds[i]}': the chunk holds an earlier event of it.", nameof(events));
            if (events[i].StartsStream) newStreams.Add(streamIds[i]);
            prepared[i] = PreparedEvent.From(events[i].Event, types);
        }

        return new BulkChunk(streamIds, prepared, newStreams);
    }
}

/// <summary>
/// Appends whole chunks of history by COPY: one transaction a chunk, numbers drawn in it, each event at the end of its
/// stream. Several times the rate of single appends; for imports, not for commands.
/// </summary>
public sealed class BulkAppend(EventStore store)
{
    private readonly bool _withClrType = store.Layout.HasClrType;

    /// <summary>Appends a chunk, and commits with it whatever <paramref name="alongside"/> does on the same connection.</summary>
    /// <param name="chunk">The events.</param>
    /// <param name="alongside">Bookkeeping of the caller's that must be true exactly when the events are there.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <exception cref="StreamArchivedException">One of the streams is archived; nothing was written.</exception>
    /// <exception cref="StreamExistsException">A stream that an event should start is there already; nothing was written.</exception>
    public async Task AppendAsync(
        BulkChunk chunk, Func<NpgsqlConnection, CancellationToken, Task>? alongside = null, CancellationToken cancellation = default)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        while (!await TryAppendAsync(connection, chunk, alongside, cancellation))
        {
            // Another writer made one of the new streams since it was looked for; now it is there, and can be locked.
        }
    }

    private async Task<bool> TryAppendAsync(
        NpgsqlConnection connection, BulkChunk chunk, Func<NpgsqlConnection, CancellationToken, Task>? alongside, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var versions = await LockStreamsAsync(connection, chunk, cancellation);
        if (!await WriteStreamsAsync(connection, chunk, versions, cancellation)) return false;
        var positions = await DrawPositionsAsync(connection, chunk.Count, cancellation);
        await CopyAsync(connection, chunk, versions, positions, cancellation);
        if (alongside is not null) await alongside(connection, cancellation);
        await using (var notify = new NpgsqlCommand(AppendSql.Notify, connection)) await notify.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    /// <summary>The current version of every stream of the chunk that is there, locked in sorted order.</summary>
    private static async Task<Dictionary<string, long>> LockStreamsAsync(
        NpgsqlConnection connection, BulkChunk chunk, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select id, coalesce(version, 0), coalesce(is_archived, false) from events.mt_streams where id = any($1) order by id for no key update", connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, chunk.StreamIds.Distinct(StringComparer.Ordinal).ToArray());
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (reader.GetBoolean(2)) throw new StreamArchivedException(reader.GetString(0));
            if (chunk.NewStreams.Contains(reader.GetString(0))) throw new StreamExistsException(reader.GetString(0));
            versions[reader.GetString(0)] = reader.GetInt64(1);
        }

        return versions;
    }

    /// <summary>Makes or moves the streams; false when one that was not there has come in between.</summary>
    private static async Task<bool> WriteStreamsAsync(
        NpgsqlConnection connection, BulkChunk chunk, Dictionary<string, long> versions, CancellationToken cancellation)
    {
        var streams = new Dictionary<string, (int Count, DateTime First, DateTime Last)>(StringComparer.Ordinal);
        for (var i = 0; i < chunk.Count; i++)
        {
            var moment = chunk.Events[i].Timestamp!.Value.UtcDateTime;
            streams[chunk.StreamIds[i]] = streams.TryGetValue(chunk.StreamIds[i], out var seen)
                ? (seen.Count + 1, seen.First, moment)
                : (1, moment, moment);
        }

        await using var command = new NpgsqlCommand(
            """
            insert into events.mt_streams as s (id, version, timestamp, created, is_archived)
            select id, events, last, first, false
            from unnest($1::varchar[], $2::bigint[], $3::timestamptz[], $4::timestamptz[]) as a (id, events, first, last)
            order by id
            on conflict (id) do update set version = coalesce(s.version, 0) + excluded.version, timestamp = excluded.timestamp
            where s.id = any($5)
            """,
            connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, streams.Keys.ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Bigint, streams.Values.Select(s => (long)s.Count).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, streams.Values.Select(s => s.First).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.TimestampTz, streams.Values.Select(s => s.Last).ToArray());
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, versions.Keys.ToArray());
        return await command.ExecuteNonQueryAsync(cancellation) == streams.Count;
    }

    private static async Task<long[]> DrawPositionsAsync(NpgsqlConnection connection, int count, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select coalesce(array_agg(nextval('events.mt_events_sequence')), '{}') from generate_series(1, $1)", connection);
        command.Parameters.AddWithValue(count);
        var positions = (long[])(await command.ExecuteScalarAsync(cancellation))!;
        Array.Sort(positions);
        return positions;
    }

    private async Task CopyAsync(
        NpgsqlConnection connection, BulkChunk chunk, Dictionary<string, long> versions, long[] positions, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"""
             copy events.mt_events
                 (seq_id, id, stream_id, version, data, type, timestamp, is_archived{(_withClrType ? $", {EventLayout.ClrType}" : "")})
             from stdin (format binary)
             """,
            cancellation);
        for (var i = 0; i < chunk.Count; i++)
        {
            var @event = chunk.Events[i];
            var version = versions[chunk.StreamIds[i]] = versions.GetValueOrDefault(chunk.StreamIds[i]) + 1;
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(positions[i], NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(@event.Id, NpgsqlDbType.Uuid, cancellation);
            await copy.WriteAsync(chunk.StreamIds[i], NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(version, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(@event.Json, NpgsqlDbType.Jsonb, cancellation);
            await copy.WriteAsync(@event.Type, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(@event.Timestamp!.Value.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean, cancellation);
            if (_withClrType) await copy.WriteAsync(@event.ClrType, NpgsqlDbType.Varchar, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }
}

/// <summary>A stream is archived and takes no more events.</summary>
public sealed class StreamArchivedException(string streamId) : Exception($"The stream '{streamId}' is archived.")
{
    /// <summary>The stream.</summary>
    public string StreamId { get; } = streamId;
}

/// <summary>A stream that should have been new is there already.</summary>
public sealed class StreamExistsException(string streamId) : Exception($"The stream '{streamId}' is there already.")
{
    /// <summary>The stream.</summary>
    public string StreamId { get; } = streamId;
}
