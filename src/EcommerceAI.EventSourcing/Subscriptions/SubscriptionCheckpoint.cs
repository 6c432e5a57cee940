using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.EventSourcing.Subscriptions;

/// <summary>How far a subscription has come.</summary>
/// <param name="Position">Everything up to here was delivered or parked.</param>
/// <param name="StartedAt">Where the log ended when the subscription was first started.</param>
internal sealed record SubscriptionCheckpoint(long Position, long StartedAt)
{
    private const string Columns = "position, coalesce((detail ->> 'startedAt')::bigint, 0)";

    public static string NameOf(string subscription) => $"subscription:{subscription}";

    /// <summary>Reads the checkpoint, made where there is none.</summary>
    public static async Task<SubscriptionCheckpoint> EnsureAsync(
        NpgsqlDataSource source, ISubscription subscription, Lease lease, long mark, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await lease.GuardAsync(connection, cancellation);
        await using (var insert = SchemaSql.Command(
            connection,
            "insert into bookkeeping.checkpoints (name, position, detail) values ($1, $2, jsonb_build_object('startedAt', $3)) on conflict (name) do nothing",
            "",
            [NameOf(subscription.Name), subscription.Start == SubscriptionStart.Now ? mark : 0L, mark]))
            await insert.ExecuteNonQueryAsync(cancellation);
        var checkpoint = await LockAsync(connection, subscription.Name, cancellation);
        await transaction.CommitAsync(cancellation);
        return checkpoint!;
    }

    /// <summary>The checkpoint, locked until the transaction ends; null where the subscription has never run.</summary>
    public static async Task<SubscriptionCheckpoint?> LockAsync(NpgsqlConnection connection, string subscription, CancellationToken cancellation)
    {
        await using var command = SchemaSql.Command(
            connection, $"select {Columns} from bookkeeping.checkpoints where name = $1 for update", "", [NameOf(subscription)]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new SubscriptionCheckpoint(reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    /// <summary>All of them, by the name of their subscription.</summary>
    public static async Task<Dictionary<string, SubscriptionCheckpoint>> ReadAllAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand($"select {Columns}, name from bookkeeping.checkpoints where name like 'subscription:%'");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = await reader.ReadRowsAsync(row => (Name: row.GetString(2), Value: new SubscriptionCheckpoint(row.GetInt64(0), row.GetInt64(1))), cancellation);
        return rows.ToDictionary(row => row.Name[NameOf("").Length..], row => row.Value, StringComparer.Ordinal);
    }

    /// <summary>
    /// Moves it in the transaction under way, which holds its lock from then on and need not wait for the disk: a server that goes down
    /// loses the move with all that was written beside it, and the events are delivered again.
    /// </summary>
    public async Task MoveAsync(NpgsqlConnection connection, string subscription, long to, CancellationToken cancellation)
    {
        await using var command = SchemaSql.Command(
            connection,
            """
            update bookkeeping.checkpoints set position = $3, changed = now() where name = $1 and position = $2
            returning set_config('synchronous_commit', 'off', true)
            """,
            "",
            [NameOf(subscription), Position, to]);
        if (await command.ExecuteScalarAsync(cancellation) is null)
            throw new InvalidOperationException($"The checkpoint of the subscription {subscription} no longer stands at {Position}: somebody else moved it.");
    }
}
