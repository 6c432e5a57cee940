using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Caching.Memory;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Folded states at the version they stand at, so that a command on a long stream reads only what came since. Correct whoever
/// writes: events never change below a version, and the append checks the version. A few hundred bytes each, 10,000 at most.
/// </summary>
internal sealed class StateCache(EventStore store) : IDisposable
{
    private readonly MemoryCache _states = new(new MemoryCacheOptions { SizeLimit = 10_000 });

    public async Task<StreamState<TState>> LoadAsync<TState>(
        string streamId, TState initial, Func<TState, object, TState> evolve, CancellationToken cancellation)
        where TState : notnull
    {
        var key = (streamId, typeof(TState));
        var known = _states.TryGetValue(key, out StreamState<TState> cached) ? cached : new StreamState<TState>(initial, 0);
        var state = known;
        await foreach (var @event in store.Reader.ReadStreamAsync(streamId, known.Version + 1, null, cancellation))
            state = new StreamState<TState>(evolve(state.State, @event.Data), @event.Version);
        if (state.Version > known.Version) _states.Set(key, state, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = TimeSpan.FromMinutes(10) });
        return state;
    }

    public void Dispose() => _states.Dispose();
}
