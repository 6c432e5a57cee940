using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>A stream's state as a command loaded it.</summary>
/// <param name="StreamId">The stream's key.</param>
/// <param name="Version">The version it stands at.</param>
internal abstract record LoadedState(string StreamId, long Version)
{
    /// <summary>The state after further events.</summary>
    /// <param name="events">The events.</param>
    /// <param name="cache">Told of each event before anybody can rest on the state.</param>
    public abstract LoadedState Advance(IReadOnlyList<NewEvent> events, StateCache cache);

    /// <summary>Keeps it for later commands; only for what is durable.</summary>
    public abstract void KeepIn(StateCache cache);
}

/// <inheritdoc/>
/// <typeparam name="TState">The state.</typeparam>
internal sealed record LoadedState<TState>(string StreamId, StreamState<TState> State, Func<TState, object, TState> Evolve)
    : LoadedState(StreamId, State.Version)
    where TState : notnull
{
    public override LoadedState Advance(IReadOnlyList<NewEvent> events, StateCache cache)
    {
        var state = State.State;
        foreach (var @event in events)
        {
            state = Evolve(state, @event.Data);
            cache.Meet<TState>(@event.Data);
        }

        return this with { State = new StreamState<TState>(state, Version + events.Count), Version = Version + events.Count };
    }

    public override void KeepIn(StateCache cache) => cache.Keep(StreamId, State);
}
