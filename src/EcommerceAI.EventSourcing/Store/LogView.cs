using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// The whole store as it stands at one moment: streams and events up to one high-water mark, from one snapshot, however much is
/// written meanwhile.
/// </summary>
public sealed class LogView : IAsyncDisposable
{
    private readonly EventStore _store;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _snapshot;

    private LogView(EventStore store, NpgsqlConnection connection, NpgsqlTransaction snapshot, long mark)
    {
        _store = store;
        _connection = connection;
        _snapshot = snapshot;
        Mark = mark;
    }

    /// <summary>The high-water mark; nothing above it is in the view.</summary>
    public long Mark { get; }

    /// <summary>Takes the snapshot.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<LogView> OpenAsync(EventStore store, CancellationToken cancellation = default)
    {
        // In this order: whatever is at or below the mark was committed before the snapshot is taken, so it is in it.
        var mark = await store.HighWater.ReadAsync(cancellation);
        var connection = await store.Source.OpenConnectionAsync(cancellation);
        try
        {
            return new LogView(store, connection, await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation), mark);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every stream, in byte order of its key, at the version it has at the mark.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<StoredStream> ReadStreamsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var command = Command(
            $"""
             with above as (
                 select stream_id, min(version) - 1 as reached from events.mt_events
                 where seq_id > $1 and type <> '{EventTypes.Tombstone}' group by stream_id)
             select {_store.Layout.StreamColumnsAt("coalesce(reached, version)")} from events.mt_streams left join above on stream_id = id
             where reached is null or reached > 0 order by id collate "C"
             """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) yield return StoredStream.Read(reader);
    }

    /// <summary>Every event, marks of unused numbers and archived ones among them, in order of position.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<StoredEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var command = Command($"select {_store.Layout.AllColumns} from events.mt_events where seq_id <= $1 order by seq_id");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) yield return StoredEvent.Read(reader);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _snapshot.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue(Mark);
        return command;
    }
}
