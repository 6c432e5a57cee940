using System.Text.Json;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Timers;

/// <summary>Schedules, cancels and lists timers. What is scheduled or cancelled is durable with the transaction it happens in.</summary>
public sealed class DurableTimers(NpgsqlDataSource source)
{
    internal const string Channel = "timers_scheduled";

    private const string Columns = "key, id, type, due, payload, attempts, next_attempt, error, parked";

    /// <summary>Schedules timers, all or none; one that stands already as it is asked for stays as it is.</summary>
    /// <param name="requests">The timers, each key once.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">A key comes twice or cannot be kept.</exception>
    public async Task ScheduleAsync(IReadOnlyCollection<TimerRequest> requests, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await ScheduleAsync(connection, requests, cancellation);
    }

    /// <summary>Schedules one timer.</summary>
    /// <param name="request">The timer.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task ScheduleAsync(TimerRequest request, CancellationToken cancellation = default) => ScheduleAsync([request], cancellation);

    /// <summary>Schedules timers in the transaction of the caller.</summary>
    /// <param name="connection">The caller's connection, with or without a transaction under way.</param>
    /// <param name="requests">The timers, each key once.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ArgumentException">A key comes twice or cannot be kept.</exception>
    public static async Task ScheduleAsync(
        NpgsqlConnection connection, IReadOnlyCollection<TimerRequest> requests, CancellationToken cancellation = default)
    {
        Check(requests);
        var rows = requests.OrderBy(request => request.Key, StringComparer.Ordinal).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(
            """
            insert into bookkeeping.timers as t (key, id, type, due, payload, next_attempt)
            select key, id, type, due, payload, due from unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::jsonb[]) as n (key, id, type, due, payload)
            on conflict (key) do update set id = excluded.id, type = excluded.type, due = excluded.due, payload = excluded.payload,
                next_attempt = excluded.due, attempts = 0, error = null, parked = null, created = clock_timestamp()
            where (t.type, t.due, t.payload) is distinct from (excluded.type, excluded.due, excluded.payload)
            """,
            rows.Select(request => request.Key).ToArray(),
            rows.Select(_ => Guid.CreateVersion7()).ToArray(),
            rows.Select(request => request.Type).ToArray(),
            rows.Select(request => request.Due.UtcDateTime).ToArray(),
            rows.Select(request => JsonSerializer.Serialize(request.Payload, request.Payload.GetType(), EventSerializer.Options)).ToArray()));
        // Whoever waits is to wake earlier only where nothing earlier of the type wakes it anyway.
        batch.BatchCommands.Add(Command(
            $"""
            select pg_notify('{Channel}', n.type)
            from (select type, min(due) as due from unnest($1::text[], $2::timestamptz[]) as r (type, due) group by type) n
            where not exists (select 1 from bookkeeping.timers t where t.type = n.type and t.parked is null and t.next_attempt < n.due)
            """,
            rows.Select(request => request.Type).ToArray(),
            rows.Select(request => request.Due.UtcDateTime).ToArray()));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Cancels a timer. One that is being fired at this moment may still happen.</summary>
    /// <param name="key">What it is known by.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was still to happen.</returns>
    public async Task<bool> CancelAsync(string key, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await CancelAsync(connection, key, cancellation);
    }

    /// <summary>Cancels a timer in the transaction of the caller.</summary>
    /// <param name="connection">The caller's connection.</param>
    /// <param name="key">What it is known by.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it was still to happen.</returns>
    public static async Task<bool> CancelAsync(NpgsqlConnection connection, string key, CancellationToken cancellation = default)
    {
        await using var command = SchemaSql.Command(connection, "delete from bookkeeping.timers where key = $1", "", [key]);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Timers by the moment of their next attempt, parked ones first.</summary>
    /// <param name="parkedOnly">Only those that wait for an operator.</param>
    /// <param name="limit">The most, 1 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<TimerStatus>> ListAsync(bool parkedOnly = false, int limit = 1000, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from bookkeeping.timers where parked is not null or not $1 order by parked, next_attempt, key limit $2");
        command.Parameters.AddWithValue(parkedOnly);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(Read, cancellation);
    }

    /// <summary>Fires parked timers again, as if they had come due now.</summary>
    /// <param name="key">One timer, or null for all that are parked.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many were parked.</returns>
    public async Task<int> ReplayAsync(string? key = null, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var command = SchemaSql.Command(
            connection,
            $"""
            with woken as (
                update bookkeeping.timers set parked = null, attempts = 0, next_attempt = clock_timestamp()
                where parked is not null and ($1::text is null or key = $1) returning type)
            select count(*)::int, count(pg_notify('{Channel}', type)) from woken
            """,
            "",
            [key]);
        return await command.ExecuteScalarAsync(cancellation) is int woken ? woken : 0;
    }

    /// <summary>The types of timers that somebody should look at: some are parked, or due for long and not fired.</summary>
    /// <param name="patience">How long a timer may be due.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<TimerTrouble>> ListTroubleAsync(TimeSpan patience, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            """
            select type, count(*) filter (where parked is not null), count(*) filter (where parked is null),
                max(clock_timestamp() - next_attempt) filter (where parked is null)
            from bookkeeping.timers where parked is not null or next_attempt <= clock_timestamp() - $1 group by type order by type
            """);
        command.Parameters.AddWithValue(NpgsqlDbType.Interval, patience);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(
            row => new TimerTrouble(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : row.GetTimeSpan(3)), cancellation);
    }

    /// <summary>Timers of a type that are due, the longest due first.</summary>
    internal async Task<List<DurableTimer>> ReadDueAsync(string type, int limit, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            $"""
            select {Columns} from bookkeeping.timers where type = $1 and parked is null and next_attempt <= clock_timestamp()
            order by next_attempt limit $2
            """);
        command.Parameters.AddWithValue(type);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(row => Read(row).Timer, cancellation);
    }

    /// <summary>How long until the next timer of a type comes due, by the database's clock; <paramref name="most"/> where there is none sooner.</summary>
    internal async Task<TimeSpan> ReadWaitAsync(string type, TimeSpan most, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(
            """
            select greatest(least(min(next_attempt), clock_timestamp() + $2) - clock_timestamp(), interval '0') from bookkeeping.timers
            where type = $1 and parked is null
            """);
        command.Parameters.AddWithValue(type);
        command.Parameters.AddWithValue(NpgsqlDbType.Interval, most);
        return (TimeSpan)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static TimerStatus Read(NpgsqlDataReader row) => new(
        new DurableTimer(
            row.GetString(0), row.GetGuid(1), row.GetString(2), row.GetMoment(3), JsonSerializer.Deserialize<JsonElement>(row.GetString(4), EventSerializer.Options)),
        row.GetInt32(5),
        row.GetMoment(6),
        row.GetText(7),
        row.GetMomentOrNull(8));

    private static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in parameters) command.Parameters.Add(SchemaSql.Parameter(value));
        return command;
    }

    private static void Check(IReadOnlyCollection<TimerRequest> requests)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var request in requests)
        {
            if (request.Key.Length is 0 or > 500 || !StorableText.IsStorable(request.Key) || !StorableText.IsStorable(request.Type))
                throw new ArgumentException($"A timer's key has 1 to 500 characters that can be stored, not '{request.Key}'.", nameof(requests));
            if (!keys.Add(request.Key)) throw new ArgumentException($"The timer '{request.Key}' is scheduled twice in one call.", nameof(requests));
        }
    }
}
