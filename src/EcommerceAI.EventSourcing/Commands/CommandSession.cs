using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// One attempt at a command: the states it loaded, at their versions, and the events it decided on. All streams that it appends to
/// are checked against the version they were loaded at by the append itself, the others that it loaded before its outcome is told.
/// </summary>
public sealed class CommandSession : IDisposable
{
    private readonly StateCache _cache;
    private readonly HotStreams _hot;
    private readonly bool _fresh;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, LoadedStream> _loaded = new(StringComparer.Ordinal);
    private readonly List<LoadedStream> _appended = [];
    private LoadedStream? _own;

    /// <param name="cache">States of earlier commands.</param>
    /// <param name="hot">Turns at streams.</param>
    /// <param name="fresh">Reads every stream anew: an earlier attempt rested on something that was no longer so.</param>
    /// <param name="cancellation">Gives up.</param>
    internal CommandSession(StateCache cache, HotStreams hot, bool fresh, CancellationToken cancellation)
    {
        _cache = cache;
        _hot = hot;
        _fresh = fresh;
        _cancellation = cancellation;
    }

    /// <summary>Set when a stream was not at the version that the caller named.</summary>
    internal CommandOutcome.VersionMismatch? Mismatch { get; private set; }

    /// <summary>The streams to append to, in the order of their first event.</summary>
    internal IReadOnlyList<StreamAppend> Streams =>
        [.. _appended.Select(stream => new StreamAppend(stream.StreamId, ExpectedVersion.Exactly(stream.Version), stream.Events))];

    /// <summary>The appends of other commands that those of this one rest on and that are not durable yet.</summary>
    internal IReadOnlyList<PendingAppend> After =>
        [.. _appended.Where(stream => stream.After is { IsAppended: false }).Select(stream => stream.After!).Distinct()];

    /// <summary>Whether there is anything to append.</summary>
    internal bool IsEmptyHanded => _appended.Count == 0;

    /// <summary>The first stream loaded.</summary>
    internal string OwnStreamId => _own?.StreamId ?? "";

    /// <summary>Version of the first stream loaded, after what was appended to it.</summary>
    internal long OwnVersion => _own is null ? 0 : _own.Version + _own.Events.Count;

    /// <summary>
    /// Loads a stream's state. The first stream loaded is the command's own: its version is what the caller learns. Commands that
    /// load several streams load them in the order of their keys, so that they do not wait for each other in a ring.
    /// </summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="evolve">Pure fold of one event record into the state.</param>
    /// <param name="expectedVersion">The version that the caller named (<c>If-Match</c>), or null.</param>
    public async Task<TState> LoadAsync<TState>(
        string streamId, TState initial, Func<TState, object, TState> evolve, long? expectedVersion = null)
        where TState : notnull
    {
        if (!_loaded.TryGetValue(streamId, out var stream))
            _loaded[streamId] = stream = new LoadedStream(streamId, await _hot.EnterAsync(streamId, _cancellation));
        _own ??= stream;
        var state = await LoadAsync(stream, initial, evolve);
        stream.Add(new LoadedState<TState>(streamId, state, evolve));
        if (expectedVersion is { } expected && expected != state.Version)
            Mismatch ??= new CommandOutcome.VersionMismatch(streamId, expected, state.Version);
        return state.State;
    }

    /// <summary>Appends events to a stream that this session has loaded.</summary>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="events">Registered event records; none is allowed.</param>
    /// <exception cref="InvalidOperationException">The stream was not loaded.</exception>
    public void Append(string streamId, IEnumerable<object> events)
    {
        if (!_loaded.TryGetValue(streamId, out var stream))
            throw new InvalidOperationException($"The stream '{streamId}' must be loaded before it is appended to.");
        foreach (var data in events)
        {
            if (stream.Events.Count == 0) _appended.Add(stream);
            stream.Events.Add(new NewEvent(data));
        }
    }

    /// <summary>Lets the next command go at the streams that this one loaded.</summary>
    public void Dispose()
    {
        foreach (var stream in _loaded.Values) stream.Turn?.Dispose();
    }

    /// <summary>
    /// Whether what was loaded and is not checked by an append of this session is so: nothing of it rested on a state that never came to
    /// be, or that another writer has moved since it was kept.
    /// </summary>
    /// <param name="appends">Whether the session's events are going to be appended.</param>
    internal async Task<bool> HoldsAsync(bool appends)
    {
        var kept = new List<(string StreamId, long Version)>();
        foreach (var stream in _loaded.Values)
        {
            if (appends && stream.Events.Count > 0) continue;
            if (stream.After is { } before)
            {
                await ((Task)before.Completion).WaitAsync(_cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _cancellation.ThrowIfCancellationRequested();
                if (!before.IsAppended) return false;
            }
            else if (!stream.IsFresh)
            {
                kept.Add((stream.StreamId, stream.Version));
            }
        }

        return kept.Count == 0 || await _cache.AreAtAsync(kept, _cancellation);
    }

    /// <summary>Nothing is going to be appended: whoever waits for their turn need not wait until what was loaded is known to be so.</summary>
    internal void LeaveEmptyHanded()
    {
        foreach (var stream in _loaded.Values) stream.Turn?.Leave();
    }

    /// <summary>The append has its place in the queue: the next command may decide on what comes of it.</summary>
    internal void Leave(PendingAppend append)
    {
        foreach (var stream in _loaded.Values) stream.Leave(append, _cache);
    }

    /// <summary>The append is durable, or will never be.</summary>
    internal void Settle(PendingAppend append)
    {
        foreach (var stream in _appended)
        {
            if (stream.Turn?.Settle(append) == true && append.IsAppended) stream.KeepIn(_cache);
        }
    }

    private async ValueTask<StreamState<TState>> LoadAsync<TState>(LoadedStream stream, TState initial, Func<TState, object, TState> evolve)
        where TState : notnull
    {
        if (stream.Turn?.Pending is { } pending)
        {
            if (pending.States.OfType<LoadedState<TState>>().FirstOrDefault() is { } decided)
            {
                stream.After = pending.Append;
                return decided.State;
            }

            // Nobody has folded this state that far yet, so it has to be in the log first.
            await ((Task)pending.Append.Completion).WaitAsync(_cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _cancellation.ThrowIfCancellationRequested();
        }
        else if (!_fresh && _cache.TryGet<TState>(stream.StreamId, out var known))
        {
            stream.IsFresh = false;
            return known;
        }

        return await _cache.LoadAsync(stream.StreamId, initial, evolve, _cancellation);
    }

    /// <summary>A stream in the session.</summary>
    private sealed class LoadedStream(string streamId, HotStreams.Turn? turn)
    {
        private readonly List<LoadedState> _states = [];
        private IReadOnlyList<LoadedState> _advanced = [];

        public string StreamId { get; } = streamId;

        public HotStreams.Turn? Turn { get; } = turn;

        /// <summary>The oldest that was loaded: loaded twice and moved in between, the decision rests in part on the older state.</summary>
        public long Version { get; private set; } = long.MaxValue;

        public List<NewEvent> Events { get; } = [];

        /// <summary>The append that the state rests on, where that was not known to be durable.</summary>
        public PendingAppend? After { get; set; }

        /// <summary>Whether it was read from the log by this session.</summary>
        public bool IsFresh { get; set; } = true;

        public void Add(LoadedState state)
        {
            Version = Math.Min(Version, state.Version);
            _states.Add(state);
        }

        public void Leave(PendingAppend append, StateCache cache)
        {
            if (Turn is null) return;
            if (Events.Count > 0) _advanced = [.. _states.Where(state => state.Version == Version).Select(state => state.Advance(Events, cache))];
            Turn.Leave(Events.Count > 0 ? new PendingState(append, _advanced) : null);
        }

        public void KeepIn(StateCache cache)
        {
            foreach (var state in _advanced) state.KeepIn(cache);
        }
    }
}
