using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>How an import meets what is there.</summary>
public enum LogImportMode
{
    /// <summary>Into an empty store; positions are kept where every event has one, else drawn anew.</summary>
    IntoEmpty,

    /// <summary>Into an empty store, with the positions that the events have.</summary>
    KeepPositions,

    /// <summary>Beside what is there: none of the streams may be there yet; positions are drawn anew.</summary>
    Append,
}

/// <summary>What an import brought.</summary>
/// <param name="Streams">Streams that were made.</param>
/// <param name="Events">Events that were written.</param>
/// <param name="LastPosition">The position of the last of them, 0 without events.</param>
public sealed record LogImportResult(long Streams, long Events, long LastPosition);

/// <summary>
/// Brings streams and events from elsewhere in, to the letter: ids, versions, moments, metadata, archived marks. They are laid aside
/// first and checked there, and then written by one transaction: all of it is there afterwards, or nothing.
/// </summary>
public sealed class LogImport : IAsyncDisposable
{
    private const string CopyEvents =
        """
        copy pg_temp.import_events
            (line, seq_id, id, stream_id, version, type, timestamp, data, correlation_id, causation_id, headers, mt_dotnet_type, is_archived)
        from stdin (format binary)
        """;

    private readonly EventStore _store;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private LogImport(EventStore store, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _store = store;
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>Begins an import; disposing of it without completing it leaves nothing behind.</summary>
    /// <param name="store">Where to.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<LogImport> BeginAsync(EventStore store, CancellationToken cancellation = default)
    {
        var connection = await store.Source.OpenConnectionAsync(cancellation);
        try
        {
            var import = new LogImport(store, connection, await connection.BeginTransactionAsync(cancellation));
            await import.ExecuteAsync(
                """
                create temp table import_streams (
                    line bigint, id varchar, type varchar, version bigint, created timestamptz, timestamp timestamptz, is_archived boolean) on commit drop;
                create temp table import_events (
                    line bigint, seq_id bigint, id uuid, stream_id varchar, version bigint, type varchar(500), timestamp timestamptz, data jsonb,
                    correlation_id varchar, causation_id varchar, headers jsonb, mt_dotnet_type varchar, is_archived boolean) on commit drop;
                set local work_mem = '64MB'
                """,
                cancellation);
            return import;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lays streams aside. A stream without one is made from its events.</summary>
    /// <param name="streams">Streams, each with the line that it came from.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task AddAsync(IReadOnlyList<(long Line, StoredStream Stream)> streams, CancellationToken cancellation = default)
    {
        await using var copy = await _connection.BeginBinaryImportAsync(
            "copy pg_temp.import_streams (line, id, type, version, created, timestamp, is_archived) from stdin (format binary)", cancellation);
        foreach (var (line, stream) in streams)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(line, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(stream.Id, NpgsqlDbType.Varchar, cancellation);
            await WriteAsync(copy, stream.Type, NpgsqlDbType.Varchar, cancellation);
            await copy.WriteAsync(stream.Version, NpgsqlDbType.Bigint, cancellation);
            await copy.WriteAsync(stream.Created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(stream.Changed.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(stream.IsArchived, NpgsqlDbType.Boolean, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>Lays events aside, in the order in which they shall stand in the log.</summary>
    /// <param name="events">Events, each with the line that it came from; position 0 for none.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="LogImportException">The database cannot hold one of them; its line is told.</exception>
    public async Task AddAsync(IReadOnlyList<(long Line, StoredEvent Event)> events, CancellationToken cancellation = default)
    {
        foreach (var (line, @event) in events)
        {
            if (LostBy(@event) is { } column) throw new LogImportException(line, $"it has a {column}, for which this database has no column");
        }

        try
        {
            await using var copy = await _connection.BeginBinaryImportAsync(CopyEvents, cancellation);
            foreach (var (line, @event) in events) await WriteAsync(copy, line, @event, cancellation);
            await copy.CompleteAsync(cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            // The server names the row of the COPY in its context.
            var row = Math.Clamp(RowOfCopy(refused.Where), 1, events.Count);
            throw new LogImportException(events[row - 1].Line, refused.MessageText);
        }
    }

    /// <summary>Checks what was laid aside, writes it and commits.</summary>
    /// <param name="mode">How it meets what is there.</param>
    /// <param name="cancellation">Gives up before the commit.</param>
    /// <exception cref="LogImportException">It does not hold together, or does not go with what is there; nothing was written.</exception>
    public async Task<LogImportResult> CompleteAsync(LogImportMode mode, CancellationToken cancellation = default)
    {
        var checks = new LogImportChecks(_connection);
        await ExecuteAsync("analyze pg_temp.import_streams, pg_temp.import_events", cancellation);
        await checks.RunAsync(cancellation);
        if (mode == LogImportMode.Append)
        {
            await checks.RefusePresentAsync(cancellation);
        }
        else
        {
            // Others wait with their writing for as long as this takes; in an empty store there is little to wait for.
            await ExecuteAsync("lock table events.mt_streams, events.mt_events in share row exclusive mode", cancellation);
            await checks.RefuseUnlessEmptyAsync(cancellation);
        }

        var keep = mode == LogImportMode.KeepPositions || (mode == LogImportMode.IntoEmpty && await checks.HavePositionsAsync(cancellation));
        if (keep) await checks.RequirePositionsAsync(cancellation);
        var streams = await WriteStreamsAsync(cancellation);
        var events = await WriteEventsAsync(keep, cancellation);
        if (keep)
            await ExecuteAsync(
                "select setval('events.mt_events_sequence', greatest(n.last_value, e.last)) from events.mt_events_sequence n, "
                + "(select max(seq_id) as last from pg_temp.import_events having count(*) > 0) e",
                cancellation);
        await ExecuteAsync(AppendSql.Notify, cancellation);
        var last = await ScalarAsync(
            "select coalesce(max(e.seq_id), 0) from events.mt_events e where e.stream_id = (select stream_id from pg_temp.import_events order by line desc limit 1)",
            cancellation);
        await _transaction.CommitAsync(CancellationToken.None);
        return new LogImportResult(streams, events, last);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task<long> WriteStreamsAsync(CancellationToken cancellation)
    {
        var type = _store.Layout.HasStreamType;
        try
        {
            return await ExecuteAsync(
                $"""
                 insert into events.mt_streams (id, {(type ? "type, " : "")}version, timestamp, created, is_archived)
                 select coalesce(s.id, e.id), {(type ? "s.type, " : "")}coalesce(s.version, e.version), coalesce(s.timestamp, e.last), coalesce(s.created, e.first),
                        coalesce(s.is_archived, e.is_archived)
                 from pg_temp.import_streams s
                 full join (
                     select stream_id as id, max(version) as version, min(timestamp) as first, max(timestamp) as last, bool_and(is_archived) as is_archived
                     from pg_temp.import_events group by stream_id) e on e.id = s.id
                 order by 1
                 """,
                cancellation);
        }
        catch (PostgresException race) when (race.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new LogImportException(null, $"another writer made a stream of the import meanwhile ({race.Detail})");
        }
    }

    /// <summary>Numbers are drawn here, at the end, since readers wait for a transaction that has drawn one.</summary>
    private Task<long> WriteEventsAsync(bool keep, CancellationToken cancellation)
    {
        var optional = _store.Layout.Optional();
        return ExecuteAsync(
            $"""
             insert into events.mt_events (seq_id, id, stream_id, version, data, type, timestamp, {optional}is_archived)
             select {(keep ? "seq_id" : "nextval('events.mt_events_sequence')")}, id, stream_id, version, data, type, timestamp, {optional}is_archived
             from (select * from pg_temp.import_events order by line) e
             """,
            cancellation);
    }

    private string? LostBy(StoredEvent @event) =>
        @event.CorrelationId is not null && !_store.Layout.HasCorrelation ? EventLayout.Correlation
        : @event.CausationId is not null && !_store.Layout.HasCausation ? EventLayout.Causation
        : @event.Headers is not null && !_store.Layout.HasHeaders ? EventLayout.Headers
        : @event.ClrType is not null && !_store.Layout.HasClrType ? EventLayout.ClrType
        : null;

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, long line, StoredEvent @event, CancellationToken cancellation)
    {
        await copy.StartRowAsync(cancellation);
        await copy.WriteAsync(line, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(@event.Position, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(@event.Id, NpgsqlDbType.Uuid, cancellation);
        await copy.WriteAsync(@event.StreamId, NpgsqlDbType.Varchar, cancellation);
        await copy.WriteAsync(@event.Version, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(@event.Type, NpgsqlDbType.Varchar, cancellation);
        await copy.WriteAsync(@event.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellation);
        await copy.WriteAsync(@event.Data, NpgsqlDbType.Jsonb, cancellation);
        await WriteAsync(copy, @event.CorrelationId, NpgsqlDbType.Varchar, cancellation);
        await WriteAsync(copy, @event.CausationId, NpgsqlDbType.Varchar, cancellation);
        await WriteAsync(copy, @event.Headers, NpgsqlDbType.Jsonb, cancellation);
        await WriteAsync(copy, @event.ClrType, NpgsqlDbType.Varchar, cancellation);
        await copy.WriteAsync(@event.IsArchived, NpgsqlDbType.Boolean, cancellation);
    }

    private static Task WriteAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellation)
        where T : class => value is null ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(value, type, cancellation);

    /// <summary>The row in <c>COPY import_events, line 17, column data</c>, or 0.</summary>
    private static int RowOfCopy(string? context)
    {
        const string before = "COPY import_events, line ";
        var at = context?.IndexOf(before, StringComparison.Ordinal) ?? -1;
        if (at < 0) return 0;
        var digits = context.AsSpan(at + before.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], System.Globalization.CultureInfo.InvariantCulture, out var row) ? row : 0;
    }

    private async Task<long> ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<long> ScalarAsync(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}

/// <summary>What was to be imported does not hold together, or does not go with what is there; nothing was written.</summary>
/// <param name="line">The line at fault, from 1, or null.</param>
/// <param name="what">What is wrong with it.</param>
public sealed class LogImportException(long? line, string what) : Exception(line is null ? $"Nothing was imported: {what}." : $"Line {line}: {what}. Nothing was imported.")
{
    /// <summary>The line at fault, from 1, or null where it is none in particular.</summary>
    public long? Line { get; } = line;
}
