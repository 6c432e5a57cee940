using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// The position up to which the log can be read without ever missing an event. Sequence numbers are drawn before their
/// transaction commits, so a later number can be visible first. Whoever drew a number holds a RowExclusiveLock on the sequence
/// until its transaction ends (PostgreSQL's nextval), so a gap is passed once every transaction that held that lock when the
/// gap was seen has ended, and a look taken after that still finds nothing there. No time-out is involved.
/// </summary>
public sealed class HighWaterMark : IDisposable
{
    private const int Window = 100_000;
    private readonly NpgsqlDataSource _source;
    private readonly SemaphoreSlim _one = new(1, 1);
    private long _passed;
    private Gap? _gap;

    internal HighWaterMark(NpgsqlDataSource source) => _source = source;

    /// <summary>The mark as it was last found, without asking the server.</summary>
    public long Last => Interlocked.Read(ref _passed);

    /// <summary>Whether a gap that a writer may still fill lies right above the mark.</summary>
    public bool IsHeldBack => Volatile.Read(ref _gap) is not null;

    /// <summary>Moves the mark on as far as it is safe now, and returns it. It never waits for a writer.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<long> ReadAsync(CancellationToken cancellation = default)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellation);
            var more = true;
            while (more) more = await AdvanceAsync(connection, cancellation);

            return _passed;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Waits until the mark has reached a position, however long a writer that holds back a gap below it takes.</summary>
    /// <param name="position">The position to wait for.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WaitForAsync(long position, CancellationToken cancellation = default)
    {
        while (await ReadAsync(cancellation) < position) await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>One step: true when there may be more to pass.</summary>
    private async Task<bool> AdvanceAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // First the rows, then who still holds the lock: a number below the highest row was drawn before that row was seen, so
        // its transaction either ended before the second look, and any later read sees it, or it is among the holders.
        var seen = await ReadRunAsync(connection, _passed, cancellation);
        Interlocked.Exchange(ref _passed, seen.Contiguous);
        if (_gap is { } filled && filled.UpTo <= _passed) _gap = null;
        if (seen.Highest <= seen.Contiguous) return seen.Full;

        var holders = await ReadHoldersAsync(connection, cancellation);
        if (_gap is { } gap)
            gap.Narrow(holders);
        else
            _gap = gap = new Gap(seen.Highest, holders);
        if (gap.Holders.Count > 0) return false;

        // Everybody who could fill the gaps up to there has ended; what is still missing was rolled back.
        Interlocked.Exchange(ref _passed, gap.UpTo);
        _gap = null;
        return true;
    }

    /// <summary>How far the rows after <paramref name="after"/> run without a gap, and the highest among them.</summary>
    private static async Task<(long Contiguous, long Highest, bool Full)> ReadRunAsync(
        NpgsqlConnection connection, long after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with seen as (select seq_id from events.mt_events where seq_id > $1 order by seq_id limit $2)
            select coalesce(max(seq_id) filter (where seq_id = $1 + place), $1), coalesce(max(seq_id), $1), count(*)
            from (select seq_id, row_number() over (order by seq_id) as place from seen) s
            """,
            connection);
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(Window);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2) == Window);
    }

    /// <summary>
    /// The transactions that hold the lock which drawing a number takes. A prepared one keeps its name but has no process any more.
    /// </summary>
    private static async Task<HashSet<string>> ReadHoldersAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select distinct virtualtransaction from pg_locks
            where locktype = 'relation' and relation = 'events.mt_events_sequence'::regclass and mode = 'RowExclusiveLock' and granted
              and database = (select oid from pg_database where datname = current_database())
            """,
            connection);
        var holders = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) holders.Add(reader.GetString(0));
        return holders;
    }

    /// <summary>A stretch with gaps, and who could still fill them.</summary>
    private sealed record Gap(long UpTo, HashSet<string> Holders)
    {
        /// <summary>After a restart of the server the name of a prepared transaction begins so; no session has it.</summary>
        private const string Prepared = "-1/";

        /// <summary>
        /// Keeps who is still there. A holder that is gone may have prepared its transaction before the server was restarted, and then
        /// goes on under another name: such ones count as well, though some may have begun later.
        /// </summary>
        public void Narrow(HashSet<string> present)
        {
            if (Holders.RemoveWhere(holder => !present.Contains(holder)) > 0)
                Holders.UnionWith(present.Where(holder => holder.StartsWith(Prepared, StringComparison.Ordinal)));
        }
    }
}
