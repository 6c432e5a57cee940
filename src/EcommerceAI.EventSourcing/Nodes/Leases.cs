using EcommerceAI.EventSourcing.Projections;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>The leases in the bookkeeping schema; only the database's clock decides when one has run out.</summary>
public sealed class Leases(NpgsqlDataSource source, LeaseOptions? options = null)
{
    /// <summary>First key of the advisory lock that guarded transactions share; any number that nobody else uses.</summary>
    internal const int WritersLock = 0x4C454153;

    /// <summary>Who this node is.</summary>
    public LeaseOptions Options { get; } = options ?? new LeaseOptions();

    /// <summary>Every lease, by shard.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<LeaseStatus>> ListAsync(CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            "select shard, owner, token, acquired, expires, expires > clock_timestamp() from bookkeeping.leases order by shard");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(
            row => new LeaseStatus(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetMoment(3), row.GetMoment(4), row.GetBoolean(5)), cancellation);
    }

    /// <summary>Takes a shard that nobody holds, whose lease has run out, or that this node holds already; never waits for its owner.</summary>
    /// <param name="shard">What is to be run.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The lease, with a new token, or null while another node holds it.</returns>
    public async Task<Lease?> TryAcquireAsync(string shard, CancellationToken cancellation = default)
    {
        if (await TakeAsync(shard, cancellation) is { } lease) return lease;
        // Run out and still not to be had: a session of the silent owner holds it, perhaps in the middle of a COPY, where no time-out of
        // the server reaches it.
        return await EndWritersAsync(shard, cancellation) ? await TakeAsync(shard, cancellation) : null;
    }

    /// <summary>Prolongs leases, in one statement.</summary>
    /// <param name="held">Leases of this node.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The shards that are still held; the others were taken over.</returns>
    public async Task<IReadOnlySet<string>> RenewAsync(IReadOnlyCollection<Lease> held, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        // A renewal that is lost when the server goes down only makes the lease run out earlier: no need to wait for the disk.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select set_config('synchronous_commit', 'off', true)"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            update bookkeeping.leases l set expires = clock_timestamp() + $3
            from unnest($1::text[], $2::bigint[]) as h (shard, token) where l.shard = h.shard and l.token = h.token
            returning l.shard
            """)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = held.Select(lease => lease.Shard).ToArray() },
                new NpgsqlParameter { Value = held.Select(lease => lease.Token).ToArray() },
                new NpgsqlParameter { Value = Options.Duration, NpgsqlDbType = NpgsqlDbType.Interval },
            },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return (await reader.ReadNextRowsAsync(row => row.GetString(0), cancellation)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Gives a shard back, so that another node need not wait until the lease runs out; the token stays spent.</summary>
    /// <param name="lease">The lease; one that was taken over is left alone.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ReleaseAsync(Lease lease, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            "update bookkeeping.leases set expires = clock_timestamp() where shard = $1 and token = $2");
        command.Parameters.AddWithValue(lease.Shard);
        command.Parameters.AddWithValue(lease.Token);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The shards that <see cref="TryAcquireAsync"/> has a chance to get now, by one look that locks nothing.</summary>
    internal async Task<List<string>> FindFreeAsync(string[] shards, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select s.shard from unnest($1::text[]) as s (shard) left join bookkeeping.leases l on l.shard = s.shard
            where l.shard is null or l.expires <= clock_timestamp() or l.owner = $2
            """);
        command.Parameters.AddWithValue(shards);
        command.Parameters.AddWithValue(Options.Owner);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(row => row.GetString(0), cancellation);
    }

    private async Task<Lease?> TakeAsync(string shard, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            with made as (
                insert into bookkeeping.leases (shard, owner, expires) values ($1, $2, clock_timestamp() + $3)
                on conflict (shard) do nothing returning token),
            free as (
                select shard from bookkeeping.leases where shard = $1 and (expires <= clock_timestamp() or owner = $2) for update skip locked),
            taken as (
                update bookkeeping.leases l set owner = $2, token = l.token + 1, acquired = clock_timestamp(), expires = clock_timestamp() + $3
                from free where l.shard = free.shard returning l.token)
            select token from made union all select token from taken
            """);
        command.Parameters.AddWithValue(shard);
        command.Parameters.AddWithValue(Options.Owner);
        command.Parameters.AddWithValue(NpgsqlDbType.Interval, Options.Duration);
        return await command.ExecuteScalarAsync(cancellation) is long token
            ? new Lease(shard, Options.Owner, token) { IdleInTransaction = Options.IdleInTransaction }
            : null;
    }

    private async Task<bool> EndWritersAsync(string shard, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select count(*) from (
                select pg_terminate_backend(w.pid, 500) from pg_locks w
                where w.locktype = 'advisory' and w.objsubid = 2 and w.mode = 'ShareLock' and w.granted and w.pid <> pg_backend_pid()
                  and w.database = (select oid from pg_database where datname = current_database())
                  and w.classid = $2 and w.objid::bigint = (hashtext($1)::bigint & 4294967295)
                  and exists (select 1 from bookkeeping.leases where shard = $1 and expires <= clock_timestamp())) as ended
            """);
        command.Parameters.AddWithValue(shard);
        command.Parameters.AddWithValue(NpgsqlDbType.Oid, (uint)WritersLock);
        return await command.ExecuteScalarAsync(cancellation) is > 0L;
    }
}
