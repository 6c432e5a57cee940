using System.Collections.Concurrent;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Caching.Memory;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Folded states at the version they stand at, so that a command on a long stream reads only what came since, or nothing where its
/// append checks the version anyway. Correct whoever writes: events never change below a version. A few hundred bytes each, 10,000 at
/// most. What was folded from personal data is never kept: a key may be destroyed at any moment, by any node.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="policies">Which states also get snapshots in the database, for streams that are long.</param>
internal sealed class StateCache(EventStore store, IReadOnlyList<SnapshotPolicy> policies) : IDisposable
{
    private readonly Snapshots _snapshots = new(store, policies);
    private readonly MemoryCache _states = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    /// <summary>Types of states that have met an event with personal fields: whatever is read from then on may hold such a text.</summary>
    private readonly ConcurrentDictionary<Type, bool> _personal = new();

    /// <summary>What is known of a stream; it may have moved on since.</summary>
    public bool TryGet<TState>(string streamId, out StreamState<TState> state) =>
        _states.TryGetValue((streamId, typeof(TState)), out state) && state.Version > 0;

    /// <summary>The stream as it is, read on from what is known.</summary>
    public async Task<StreamState<TState>> LoadAsync<TState>(
        string streamId, TState initial, Func<TState, object, TState> evolve, CancellationToken cancellation)
        where TState : notnull
    {
        if (!TryGet<TState>(streamId, out var known))
        {
            var folded = await _snapshots.LoadAsync(streamId, initial, MeetAndEvolve, cancellation);
            if (folded.Version > 0) Keep(streamId, folded);
            return folded;
        }

        var state = known;
        await foreach (var @event in store.Reader.ReadStreamAsync(streamId, known.Version + 1, null, cancellation))
        {
            state = new StreamState<TState>(MeetAndEvolve(state.State, @event.Data), @event.Version);
        }

        if (state.Version > known.Version) Keep(streamId, state);
        return state;

        TState MeetAndEvolve(TState before, object data)
        {
            Meet<TState>(data);
            return evolve(before, data);
        }
    }

    /// <summary>Remembers a state that is durable, unless it may hold personal data.</summary>
    public void Keep<TState>(string streamId, StreamState<TState> state)
    {
        if (_personal.ContainsKey(typeof(TState))) return;
        _states.Set((streamId, typeof(TState)), state, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) });
    }

    /// <summary>A state of this type was folded from an event.</summary>
    public void Meet<TState>(object data)
    {
        if (store.Serializer.Types.PersonalShapeOf(data.GetType()) is not null) _personal.TryAdd(typeof(TState), true);
    }

    /// <summary>Whether streams still stand at their versions, asked in one statement.</summary>
    public async Task<bool> AreAtAsync(IReadOnlyList<(string StreamId, long Version)> streams, CancellationToken cancellation)
    {
        await using var command = store.Lookups.CreateCommand(
            """
            select bool_and(a.version = coalesce((select s.version from events.mt_streams s where s.id = a.id), 0))
            from unnest($1, $2) as a (id, version)
            """);
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = streams.Select(stream => stream.StreamId).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar,
        });
        command.Parameters.Add(new NpgsqlParameter { Value = streams.Select(stream => stream.Version).ToArray() });
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    public void Dispose() => _states.Dispose();
}
