using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>A transaction that has drawn a number and has not ended; until it does, what lies above that number is not read.</summary>
/// <param name="ProcessId">Its server process, or null for a prepared transaction, which has none.</param>
/// <param name="Application">What the session calls itself, or the prepared transaction's own name.</param>
/// <param name="State">What the session is doing (<c>active</c>, <c>idle in transaction</c>, <c>prepared</c>).</param>
/// <param name="Since">When the transaction began.</param>
public sealed record SequenceHolder(int? ProcessId, string Application, string State, DateTimeOffset Since);

/// <summary>A generation of a projection, and since when it has stood where it stands.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Changed">When its checkpoint or state was moved last.</param>
public sealed record GenerationStatus(Generation Generation, DateTimeOffset Changed);

/// <summary>How the store is at one moment, by the database's clock.</summary>
/// <param name="Now">The moment.</param>
/// <param name="HighWaterMark">The position up to which the log can be read without missing an event.</param>
/// <param name="LastDrawn">The number drawn last, 0 where none was.</param>
/// <param name="Highest">The highest position of an event that is there.</param>
/// <param name="Events">Events up to the high-water mark.</param>
/// <param name="Streams">Streams.</param>
/// <param name="ArchivedStreams">Those of them that are archived.</param>
/// <param name="Holders">Transactions that have drawn a number and have not ended, the oldest first.</param>
/// <param name="Generations">The generations of all projections.</param>
public sealed record StoreStatus(
    DateTimeOffset Now, long HighWaterMark, long LastDrawn, long Highest, long Events, long Streams, long ArchivedStreams,
    IReadOnlyList<SequenceHolder> Holders, IReadOnlyList<GenerationStatus> Generations)
{
    /// <summary>Numbers at or below the mark that no event has: their appends were rolled back.</summary>
    public long Holes => HighWaterMark - Events;

    /// <summary>Whether events that are there cannot be read yet, because a holder may still fill a hole below them.</summary>
    public bool IsHeldBack => Highest > HighWaterMark;

    /// <summary>Looks at the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<StoreStatus> ReadAsync(EventStore store, CancellationToken cancellation = default)
    {
        // The mark first: what is read after it can only have moved on.
        var mark = await store.HighWater.ReadAsync(cancellation);
        var holders = await ReadHoldersAsync(store, cancellation);
        var generations = await ReadGenerationsAsync(store, cancellation);
        await using var command = store.Source.CreateCommand(
            """
            select now(), (select case when is_called then last_value else 0 end from events.mt_events_sequence),
                   (select coalesce(max(seq_id), 0) from events.mt_events), (select count(*) from events.mt_events where seq_id <= $1),
                   (select count(*) from events.mt_streams), (select count(*) from events.mt_streams where is_archived)
            """);
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue(mark);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new StoreStatus(
            reader.GetFieldValue<DateTimeOffset>(0), mark, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4),
            reader.GetInt64(5), holders, generations);
    }

    private static async Task<List<SequenceHolder>> ReadHoldersAsync(EventStore store, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand(
            """
            select distinct l.pid, coalesce(nullif(a.application_name, ''), p.gid, 'unknown'), coalesce(a.state, 'prepared'),
                   coalesce(a.xact_start, p.prepared, now())
            from pg_locks l
            left join pg_stat_activity a on a.pid = l.pid
            left join pg_locks x on l.pid is null and x.virtualtransaction = l.virtualtransaction and x.locktype = 'transactionid'
            left join pg_prepared_xacts p on p.transaction = x.transactionid
            where l.locktype = 'relation' and l.relation = 'events.mt_events_sequence'::regclass and l.mode = 'RowExclusiveLock' and l.granted
              and l.database = (select oid from pg_database where datname = current_database())
            order by 4
            """);
        var holders = new List<SequenceHolder>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            holders.Add(new SequenceHolder(
                await reader.IsDBNullAsync(0, cancellation) ? null : reader.GetInt32(0), reader.GetString(1), reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3)));
        return holders;
    }

    private static async Task<List<GenerationStatus>> ReadGenerationsAsync(EventStore store, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand(
            $"select {Projections.Generations.Columns}, changed from bookkeeping.generations order by projection, generation");
        var generations = new List<GenerationStatus>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            generations.Add(new GenerationStatus(Projections.Generations.Read(reader), reader.GetFieldValue<DateTimeOffset>(reader.GetOrdinal("changed"))));
        return generations;
    }
}
