using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>Why a shard stands still.</summary>
/// <param name="Shard">What stands still, such as <c>projection:orders</c>.</param>
/// <param name="Reason">What went wrong.</param>
/// <param name="Event">The event that it failed on, or null where it was none.</param>
/// <param name="Attempts">How often it was tried, 1 or more.</param>
/// <param name="Since">When it failed first.</param>
/// <param name="Changed">When it failed last.</param>
public sealed record ShardFailure(string Shard, string Reason, FailedEvent? Event, int Attempts, DateTimeOffset Since, DateTimeOffset Changed);

/// <summary>What stands still and why, in the bookkeeping schema, where every node and the command line see it.</summary>
public sealed class ShardFailures(NpgsqlDataSource source)
{
    /// <summary>Every shard that stands still, by name.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<ShardFailure>> ListAsync(CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            "select shard, reason, position, stream_id, event_type, attempts, since, changed from bookkeeping.failures order by shard");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(Read, cancellation);
    }

    /// <summary>The failure of one shard, or null while it runs.</summary>
    /// <param name="shard">As in <see cref="ShardFailure.Shard"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ShardFailure?> FindAsync(string shard, CancellationToken cancellation = default) =>
        (await ListAsync(cancellation)).Find(failure => failure.Shard == shard);

    /// <summary>Forgets a failure. What was stopped by its policy goes on when its failure is forgotten.</summary>
    /// <param name="shard">As in <see cref="ShardFailure.Shard"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> ClearAsync(string shard, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand("delete from bookkeeping.failures where shard = $1");
        command.Parameters.AddWithValue(shard);
        return await command.ExecuteNonQueryAsync(cancellation) > 0;
    }

    /// <summary>Tells a failure, under the lease of who met it.</summary>
    internal async Task RecordAsync(Lease lease, string shard, string reason, FailedEvent? @event, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await lease.GuardAsync(connection, cancellation);
        await using var command = SchemaSql.Command(
            connection,
            """
            insert into bookkeeping.failures as f (shard, reason, position, stream_id, event_type)
            values ($1, $2, $3::bigint, $4::text, $5::text)
            on conflict (shard) do update set reason = excluded.reason, changed = excluded.changed, position = excluded.position,
                stream_id = excluded.stream_id, event_type = excluded.event_type,
                attempts = case when f.position is not distinct from excluded.position then f.attempts + 1 else 1 end,
                since = case when f.position is not distinct from excluded.position then f.since else excluded.since end
            """,
            "",
            [shard, Storable(reason), @event?.Position, @event?.StreamId, @event?.Type]);
        await command.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>What an exception says may quote the very text that the database refused.</summary>
    internal static string Storable(string reason) =>
        StorableText.IsStorable(reason) ? reason : string.Concat(reason.Select(c => c == '\0' || char.IsSurrogate(c) ? '?' : c));

    private static ShardFailure Read(NpgsqlDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.IsDBNull(2) ? null : new FailedEvent(row.GetInt64(2), row.GetText(3) ?? "", row.GetText(4) ?? ""),
        row.GetInt32(5),
        row.GetMoment(6),
        row.GetMoment(7));
}
