using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Says that the streams of a state are long enough for snapshots. A state that holds personal data gets none: what is sealed in the
/// events would stand open here.
/// </summary>
/// <param name="State">The state's type; it must come back from its JSON as it was.</param>
/// <param name="Every">A snapshot is written when so many events have come since the last, 1 or more.</param>
public sealed record SnapshotPolicy(Type State, int Every)
{
    /// <summary>The policy of a state.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="every">See <see cref="Every"/>.</param>
    public static SnapshotPolicy For<TState>(int every)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        return new SnapshotPolicy(typeof(TState), every);
    }
}

/// <summary>
/// States of long streams, kept at a version, so that only what came since is folded. A snapshot is never the truth: it counts only
/// while the event that it stands at is there as it was and the shape of the state's type has not changed; any other is passed over and
/// written anew.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="policies">Which states get snapshots; the others are folded from their first event.</param>
public sealed class Snapshots(EventStore store, IEnumerable<SnapshotPolicy> policies)
{
    private readonly Dictionary<Type, (int Every, string Shape)> _policies =
        policies.ToDictionary(policy => policy.State, policy => (policy.Every, StateShape.Of(policy.State)));

    /// <summary>A stream's state: the snapshot, where there is one, and what came since. Writes the next one when it is due.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="evolve">Pure fold of one event record into the state.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What a fold of the whole stream gives.</returns>
    public async Task<StreamState<TState>> LoadAsync<TState>(
        string streamId, TState initial, Func<TState, object, TState> evolve, CancellationToken cancellation = default)
        where TState : notnull
    {
        var policy = _policies.GetValueOrDefault(typeof(TState));
        var known = policy.Every > 0 ? await FindAsync<TState>(streamId, policy.Shape, cancellation) : null;
        var state = known ?? new StreamState<TState>(initial, 0);
        var last = Guid.Empty;
        await foreach (var @event in store.Reader.ReadStreamAsync(streamId, state.Version + 1, null, cancellation))
        {
            state = new StreamState<TState>(evolve(state.State, @event.Data), @event.Version);
            last = @event.Id;
        }

        if (policy.Every > 0 && state.Version - (known?.Version ?? 0) >= policy.Every) await WriteAsync(streamId, policy.Shape, state, last, cancellation);
        return state;
    }

    /// <summary>Forgets the snapshots of streams, in a transaction of the caller's that archives or masks them.</summary>
    /// <param name="connection">The transaction's connection.</param>
    /// <param name="streamIds">The streams.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task DeleteAsync(NpgsqlConnection connection, IReadOnlyCollection<string> streamIds, CancellationToken cancellation = default)
    {
        await using var command = new NpgsqlCommand("delete from bookkeeping.snapshots where stream_id = any($1)", connection);
        command.Parameters.AddWithValue(NpgsqlDbType.Array | NpgsqlDbType.Text, streamIds.ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static string NameOf<TState>() => typeof(TState).FullName ?? typeof(TState).Name;

    private async Task<StreamState<TState>?> FindAsync<TState>(string streamId, string shape, CancellationToken cancellation)
        where TState : notnull
    {
        await using var command = store.Lookups.CreateCommand(
            """
            select s.version, s.body from bookkeeping.snapshots s
            join events.mt_events e on e.stream_id = s.stream_id and e.version = s.version and e.id = s.event_id
            where s.stream_id = $1 and s.state = $2 and s.shape = $3
            """);
        command.Parameters.AddWithValue(streamId);
        command.Parameters.AddWithValue(NameOf<TState>());
        command.Parameters.AddWithValue(shape);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        try
        {
            return JsonSerializer.Deserialize<TState>(reader.GetFieldValue<byte[]>(1), EventSerializer.Options) is { } state
                ? new StreamState<TState>(state, reader.GetInt64(0))
                : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A snapshot that cannot be written, or that would not come back as it was, costs time and nothing else.</summary>
    private async Task WriteAsync<TState>(string streamId, string shape, StreamState<TState> state, Guid eventId, CancellationToken cancellation)
        where TState : notnull
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(state.State, EventSerializer.Options);
        if (!ComesBack<TState>(body)) return;
        await using var command = store.Source.CreateCommand(
            """
            insert into bookkeeping.snapshots as s (stream_id, state, shape, version, event_id, body)
            select $1, $2, $3, $4, $5, $6 where exists (select from events.mt_streams where id = $1 and is_archived is not true)
            on conflict (stream_id, state) do update
            set shape = excluded.shape, version = excluded.version, event_id = excluded.event_id, body = excluded.body, written = clock_timestamp()
            where s.shape <> excluded.shape or s.version <= excluded.version
               or not exists (select from events.mt_events e where e.stream_id = s.stream_id and e.version = s.version and e.id = s.event_id)
            """);
        command.Parameters.AddWithValue(streamId);
        command.Parameters.AddWithValue(NameOf<TState>());
        command.Parameters.AddWithValue(shape);
        command.Parameters.AddWithValue(state.Version);
        command.Parameters.AddWithValue(eventId);
        command.Parameters.AddWithValue(NpgsqlDbType.Jsonb, body);
        try
        {
            await command.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState.StartsWith("25", StringComparison.Ordinal) || refused.SqlState.StartsWith("22", StringComparison.Ordinal))
        {
            // A server that is read only, or a state that jsonb cannot hold: the stream is folded again next time.
        }
    }

    private static bool ComesBack<TState>(byte[] body)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<TState>(body, EventSerializer.Options), EventSerializer.Options).AsSpan().SequenceEqual(body);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
