using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Subscriptions;

/// <summary>An event that waits beside the log.</summary>
/// <param name="Subscription">Who could not take it.</param>
/// <param name="Event">The event.</param>
/// <param name="Reason">Why, or null where it only follows one that could not be taken.</param>
/// <param name="Attempts">How often it was tried, 0 or more.</param>
/// <param name="Parked">Since when.</param>
public sealed record ParkedEvent(string Subscription, FailedEvent Event, string? Reason, int Attempts, DateTimeOffset Parked);

/// <summary>What a replay did.</summary>
/// <param name="Delivered">Events that were taken now.</param>
/// <param name="Left">Events that are still parked.</param>
public sealed record ReplayResult(int Delivered, int Left);

/// <summary>
/// The parked events of all subscriptions. A stream's events leave in their order and under the lock of the subscription's checkpoint,
/// so that no later one overtakes them, whoever replays and whether or not the subscription runs.
/// </summary>
public sealed class ParkedEvents(EventStore store)
{
    /// <summary>Parked events in order of position.</summary>
    /// <param name="subscription">Of one subscription, or null for all.</param>
    /// <param name="limit">The most, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<ParkedEvent>> ListAsync(string? subscription = null, int limit = 1000, CancellationToken cancellation = default)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var command = SchemaSql.Command(
            connection,
            """
            select subscription, position, stream_id, event_type, reason, attempts, parked from bookkeeping.parked_events
            where $1::text is null or subscription = $1 order by subscription, position limit $2
            """,
            "",
            [subscription, limit]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(
            row => new ParkedEvent(
                row.GetString(0), new FailedEvent(row.GetInt64(1), row.GetString(2), row.GetString(3)), row.GetText(4), row.GetInt32(5), row.GetMoment(6)),
            cancellation);
    }

    /// <summary>How many are parked, by subscription.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Dictionary<string, long>> CountAsync(CancellationToken cancellation = default)
    {
        await using var command = store.Source.CreateCommand("select subscription, count(*) from bookkeeping.parked_events group by subscription");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return (await reader.ReadRowsAsync(row => (row.GetString(0), row.GetInt64(1)), cancellation)).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Delivers parked events again, each stream in order; a stream ends at the first that fails once more.</summary>
    /// <param name="subscription">Who takes them.</param>
    /// <param name="streamId">One stream, or null for all.</param>
    /// <param name="cancellation">Gives up between events.</param>
    public async Task<ReplayResult> ReplayAsync(ISubscription subscription, string? streamId = null, CancellationToken cancellation = default)
    {
        var delivered = 0;
        foreach (var stream in streamId is null ? await ListStreamsAsync(subscription.Name, cancellation) : [streamId])
        {
            while (await ReplayFirstAsync(subscription, stream, cancellation)) delivered++;
        }

        var left = (await CountAsync(cancellation)).GetValueOrDefault(subscription.Name);
        return new ReplayResult(delivered, (int)left);
    }

    /// <summary>Gives up on one parked event: it is never delivered, and what follows it in its stream can be replayed.</summary>
    /// <param name="subscription">Who could not take it.</param>
    /// <param name="position">Its position.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was parked.</returns>
    public async Task<bool> DiscardAsync(string subscription, long position, CancellationToken cancellation = default)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await SubscriptionCheckpoint.LockAsync(connection, subscription, cancellation);
        var discarded = await DeleteAsync(connection, subscription, position, cancellation);
        await transaction.CommitAsync(cancellation);
        return discarded;
    }

    /// <summary>The streams that have parked events.</summary>
    internal async Task<HashSet<string>> ListStreamsAsync(string subscription, CancellationToken cancellation)
    {
        await using var command = store.Source.CreateCommand("select distinct stream_id from bookkeeping.parked_events where subscription = $1");
        command.Parameters.AddWithValue(subscription);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return (await reader.ReadRowsAsync(row => row.GetString(0), cancellation)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Parks events, in the transaction that holds the checkpoint's lock.</summary>
    /// <returns>Streams that were to be followed and have nothing parked any more; where there are any nothing was written.</returns>
    internal static async Task<IReadOnlyCollection<string>> ParkAsync(
        NpgsqlConnection connection, string subscription, IReadOnlyList<ParkedNow> parked, CancellationToken cancellation)
    {
        if (parked.Count == 0) return [];
        var followed = parked.GroupBy(one => one.Event.StreamId, StringComparer.Ordinal).Where(stream => stream.First().Reason is null)
            .Select(stream => stream.Key).ToHashSet(StringComparer.Ordinal);
        await using (var still = SchemaSql.Command(
            connection,
            "select distinct stream_id from bookkeeping.parked_events where subscription = $1 and stream_id = any($2)",
            "",
            [subscription, followed.ToArray()]))
        await using (var reader = await still.ExecuteReaderAsync(cancellation))
            followed.ExceptWith(await reader.ReadRowsAsync(row => row.GetString(0), cancellation));
        if (followed.Count > 0) return followed;

        await using var insert = SchemaSql.Command(
            connection,
            """
            insert into bookkeeping.parked_events (subscription, position, stream_id, event_type, reason, attempts)
            select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::int[])
            """,
            "",
            [
                subscription,
                parked.Select(one => one.Event.Position).ToArray(),
                parked.Select(one => one.Event.StreamId).ToArray(),
                parked.Select(one => one.Event.Type).ToArray(),
                parked.Select(one => one.Reason is null ? null : ShardFailures.Storable(one.Reason)).ToArray(),
                parked.Select(one => one.Attempts).ToArray(),
            ]);
        await insert.ExecuteNonQueryAsync(cancellation);
        return [];
    }

    /// <summary>Delivers the first parked event of a stream; false where there is none or it failed.</summary>
    private async Task<bool> ReplayFirstAsync(ISubscription subscription, string streamId, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (await SubscriptionCheckpoint.LockAsync(connection, subscription.Name, cancellation) is not { } checkpoint) return false;
        await using var first = SchemaSql.Command(
            connection, "select min(position) from bookkeeping.parked_events where subscription = $1 and stream_id = $2", "", [subscription.Name, streamId]);
        if (await first.ExecuteScalarAsync(cancellation) is not long position) return false;
        var suppresses = subscription.SuppressesEffectsWhileCatchingUp && position <= checkpoint.StartedAt;
        try
        {
            var page = await store.Reader.ReadLogAsync(new LogRange(position - 1, position, 1, null, IncludesArchived: true), cancellation);
            if (page.Events.Count > 0) await subscription.DeliverAsync(new SubscriptionBatch(page.Events, suppresses), cancellation);
            await DeleteAsync(connection, subscription.Name, position, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            return true;
        }
#pragma warning disable CA1031 // Whatever a subscription throws keeps the event parked, with that reason.
        catch (Exception failure) when (!cancellation.IsCancellationRequested && failure is not NpgsqlException { IsTransient: true })
#pragma warning restore CA1031
        {
            await using var update = SchemaSql.Command(
                connection,
                "update bookkeeping.parked_events set reason = $3, attempts = attempts + 1 where subscription = $1 and position = $2",
                "",
                [subscription.Name, position, ShardFailures.Storable(failure.Message)]);
            await update.ExecuteNonQueryAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return false;
        }
    }

    private static async Task<bool> DeleteAsync(NpgsqlConnection connection, string subscription, long position, CancellationToken cancellation)
    {
        await using var delete = SchemaSql.Command(
            connection, "delete from bookkeeping.parked_events where subscription = $1 and position = $2", "", [subscription, position]);
        return await delete.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
