using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.EventSourcing.Timers;

/// <summary>What became of a timer that was fired.</summary>
/// <param name="Timer">The timer.</param>
/// <param name="Error">Why it failed, or null where it is done.</param>
internal sealed record FiredTimer(DurableTimer Timer, string? Error);

/// <summary>Writes down what became of fired timers, under the lease of their type.</summary>
internal static class TimerSettlement
{
    private static readonly TimeSpan MostBackoff = TimeSpan.FromMinutes(5);

    /// <summary>Removes what is done, and sets the next attempt of what failed, in one transaction.</summary>
    /// <exception cref="LeaseLostException">Another node has taken over; nothing was written.</exception>
    public static async Task WriteAsync(
        NpgsqlDataSource source, Lease lease, ITimerHandler handler, IEnumerable<FiredTimer> fired, CancellationToken cancellation)
    {
        var all = fired.OrderBy(one => one.Timer.Key, StringComparer.Ordinal).ToLookup(one => one.Error is null);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await lease.GuardAsync(connection, cancellation);
        await using (var done = SchemaSql.Command(
            connection,
            "delete from bookkeeping.timers t using unnest($1::text[], $2::uuid[]) as f (key, id) where t.key = f.key and t.id = f.id",
            "",
            [all[true].Select(one => one.Timer.Key).ToArray(), all[true].Select(one => one.Timer.Id).ToArray()]))
            await done.ExecuteNonQueryAsync(cancellation);
        if (all[false].Any()) await PutOffAsync(connection, handler, [.. all[false]], cancellation);
        await transaction.CommitAsync(CancellationToken.None);
    }

    private static async Task PutOffAsync(NpgsqlConnection connection, ITimerHandler handler, IReadOnlyList<FiredTimer> failed, CancellationToken cancellation)
    {
        await using var command = SchemaSql.Command(
            connection,
            """
            update bookkeeping.timers t set attempts = attempts + 1, error = f.error,
                next_attempt = clock_timestamp() + least($4::interval * power(2, least(attempts, 30)), $5::interval),
                parked = case when attempts + 1 >= $6 then clock_timestamp() end
            from unnest($1::text[], $2::uuid[], $3::text[]) as f (key, id, error) where t.key = f.key and t.id = f.id
            """,
            "",
            [
                failed.Select(one => one.Timer.Key).ToArray(),
                failed.Select(one => one.Timer.Id).ToArray(),
                failed.Select(one => ShardFailures.Storable(one.Error!)).ToArray(),
                handler.Backoff,
                MostBackoff,
                handler.MostAttempts,
            ]);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
