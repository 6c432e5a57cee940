using System.Diagnostics;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Privacy;

/// <summary>
/// Carries out what the log says about forgetting. The event comes first and the key goes after it, so whatever is interrupted between
/// the two is found here again: at every start of a host and every few seconds, from a checkpoint, by any number of nodes.
/// </summary>
public sealed class Forgetting(EventStore store, IEnumerable<IProjection> projections)
{
    private const string Checkpoint = "forgotten_subjects";
    private const int PageSize = 1000;

    /// <summary>How long a scrub waits for others, and lets others wait for it, before it comes again later.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<IProjection> _projections =
        [.. projections.Where(projection => HandledNames.Of(projection, store.Serializer.Types).Any(store.Serializer.Types.Forgetting.ContainsKey))];

    /// <summary>Destroys the keys of every subject that the log says is to be forgotten, and those whose time is over.</summary>
    /// <param name="cancellation">Stops; the next call goes on from there.</param>
    /// <returns>How many keys this call destroyed.</returns>
    public async Task<int> DestroyKeysAsync(CancellationToken cancellation = default)
    {
        var destroyed = await store.Keys.DestroyExpiredAsync(cancellation);
        var upTo = await store.HighWater.ReadAsync(cancellation);
        var after = await ReadCheckpointAsync(cancellation);
        while (after < upTo)
        {
            var page = await ReadPageAsync(after, upTo, cancellation);
            foreach (var (_, scope, subject) in page)
            {
                // An event that names nobody forgets nobody; it must not keep those after it from being forgotten.
                if (subject is not null && SubjectKeys.IsSubject(subject) && await store.Keys.DestroyAsync(scope, subject, cancellation)) destroyed++;
            }

            after = page.Count < PageSize ? upTo : page[^1].Position;
            await MoveCheckpointAsync(after, page.Count == 0 ? null : page[^1].Position, cancellation);
        }

        return destroyed;
    }

    /// <summary>
    /// Rewrites the tables that still hold what was forgotten as dead rows: the keys, and the read models that drop what is personal. Each
    /// is locked while it is rewritten, for seconds in a large one. The server's write-ahead log holds the same bytes until it is recycled.
    /// </summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// False where it must be tried again later: a read model has not come to the last forgetting yet, or an older transaction could
    /// still look at the dead rows, so that the server would keep them.
    /// </returns>
    public async Task<bool> ScrubAsync(CancellationToken cancellation = default)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        if (await ReadPendingAsync(connection, cancellation) is not { } pending) return true;
        var tables = new List<string> { "bookkeeping.subject_keys" };
        foreach (var projection in _projections)
        {
            if (await new Generations(store.Source).FindLiveAsync(projection.Name, cancellation) is not { } live) continue;
            if (live.Checkpoint < pending.LastEvent) return false;
            tables.AddRange(await ListTablesAsync(connection, live.Schema, cancellation));
        }

        if (!await NobodyLooksBackAsync(connection, cancellation) || !await RewriteAsync(connection, tables, cancellation)) return false;
        await using var done = new NpgsqlCommand(
            """
            insert into bookkeeping.checkpoints (name, position, changed) values ('scrubbed_subjects', 0, $1)
            on conflict (name) do update set changed = greatest(checkpoints.changed, excluded.changed)
            """,
            connection);
        done.Parameters.AddWithValue(pending.Destroyed);
        await done.ExecuteNonQueryAsync(cancellation);
        return true;
    }

    /// <summary>The last destruction whose traces were not scrubbed yet; null where there is none.</summary>
    private static async Task<(DateTime Destroyed, long LastEvent)?> ReadPendingAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
             with last as (select max(destroyed) as destroyed from bookkeeping.subject_keys where destroyed is not null)
             select destroyed, coalesce((select (detail ->> 'last')::bigint from bookkeeping.checkpoints where name = '{Checkpoint}'), 0)
             from last
             where destroyed > coalesce((select changed from bookkeeping.checkpoints where name = 'scrubbed_subjects'), '-infinity')
             """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetDateTime(0), reader.GetInt64(1)) : null;
    }

    /// <summary>
    /// Waits a little until no transaction is left that began before this call: a rewrite keeps the dead rows that one of them could
    /// still see. Those of other databases count with their number too, since each snapshot here, the rewrite's own included, starts at
    /// the oldest one that runs anywhere in the cluster.
    /// </summary>
    private static async Task<bool> NobodyLooksBackAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var now = new NpgsqlCommand("select pg_current_xact_id()::xid::text", connection);
        await using var older = new NpgsqlCommand(
            """
            select exists (
                select from (
                    select backend_xid from pg_stat_activity where pid <> pg_backend_pid()
                    union all
                    select backend_xmin from pg_stat_activity
                    where pid <> pg_backend_pid() and (datname = current_database() or datname is null)
                    union all
                    select transaction from pg_prepared_xacts
                    union all
                    select xmin from pg_replication_slots) as held (xid)
                where age(xid) >= age($1::text::xid))
            """,
            connection);
        older.Parameters.AddWithValue((string)(await now.ExecuteScalarAsync(cancellation))!);
        var started = Stopwatch.GetTimestamp();
        while (await older.ExecuteScalarAsync(cancellation) is true)
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        }

        return true;
    }

    private static async Task<List<string>> ListTablesAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = $1 order by tablename", connection);
        command.Parameters.AddWithValue(schema);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(row => row.GetString(0), cancellation);
    }

    /// <summary>VACUUM FULL writes a table's living rows to a new file and removes the old one.</summary>
    private static async Task<bool> RewriteAsync(NpgsqlConnection connection, List<string> tables, CancellationToken cancellation)
    {
        try
        {
            // Behind whoever holds a table for long, a backup for one, everybody else would queue: better to come again.
            await RunAsync(connection, $"set lock_timeout = {(int)Patience.TotalMilliseconds}", cancellation);
            foreach (var table in tables) await RunAsync(connection, $"vacuum (full) {table}", cancellation);
            return true;
        }
        catch (PostgresException held) when (held.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.UndefinedTable)
        {
            return false;
        }
        finally
        {
            await RunAsync(connection, "reset lock_timeout", CancellationToken.None);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Forgetting events in order, those of archived streams too.</summary>
    private async Task<List<(long Position, string Scope, string? Subject)>> ReadPageAsync(long after, long upTo, CancellationToken cancellation)
    {
        var forgetting = store.Serializer.Types.Forgetting;
        if (forgetting.Count == 0) return [];
        await using var command = store.Source.CreateCommand(
            "select seq_id, type, data from events.mt_events where seq_id > $1 and seq_id <= $2 and type = any($3) order by seq_id limit $4");
        command.Parameters.AddWithValue(after);
        command.Parameters.AddWithValue(upTo);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Varchar, forgetting.Keys.ToArray());
        command.Parameters.AddWithValue(PageSize);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(
            row =>
            {
                var entry = forgetting[row.GetString(1)];
                var subject = JsonNode.Parse(row.GetFieldValue<byte[]>(2)) is JsonObject json
                    ? entry.Subject.Find(json).Select(place => place.Text).FirstOrDefault()
                    : null;
                return (row.GetInt64(0), entry.Scope, subject);
            },
            cancellation);
    }

    private async Task<long> ReadCheckpointAsync(CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand($"select position from bookkeeping.checkpoints where name = '{Checkpoint}'");
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    private async Task MoveCheckpointAsync(long position, long? lastEvent, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand(
            $"""
             insert into bookkeeping.checkpoints as c (name, position, detail)
             values ('{Checkpoint}', $1, jsonb_build_object('last', coalesce($2::bigint, 0)))
             on conflict (name) do update set
                 position = greatest(c.position, excluded.position), changed = now(),
                 detail = jsonb_build_object('last', greatest((c.detail ->> 'last')::bigint, (excluded.detail ->> 'last')::bigint))
             """);
        command.Parameters.AddWithValue(position);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)lastEvent ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
