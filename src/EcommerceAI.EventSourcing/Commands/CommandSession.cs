using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// One attempt at a command: the states it loaded, at their versions, and the events it decided on. All streams that it loaded
/// and appends to are checked against the version they were loaded at.
/// </summary>
public sealed class CommandSession : IDisposable
{
    private readonly StateCache _cache;
    private readonly StreamGates _gates;
    private readonly List<IDisposable> _held = [];
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<NewEvent>> _events = new(StringComparer.Ordinal);
    private string? _own;

    internal CommandSession(StateCache cache, StreamGates gates, CancellationToken cancellation)
    {
        _cache = cache;
        _gates = gates;
        _cancellation = cancellation;
    }

    /// <summary>Set when a stream was not at the version that the caller named.</summary>
    internal CommandOutcome.VersionMismatch? Mismatch { get; private set; }

    /// <summary>The streams to append to, in the order of their first event.</summary>
    internal IReadOnlyList<StreamAppend> Streams =>
        [.. _events.Select(pair => new StreamAppend(pair.Key, ExpectedVersion.Exactly(_versions[pair.Key]), pair.Value))];

    /// <summary>Version of the first stream loaded, after what was appended to it.</summary>
    internal long OwnVersion => _own is null ? 0 : _versions[_own] + (_events.GetValueOrDefault(_own)?.Count ?? 0);

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
        if (!_versions.ContainsKey(streamId) && await _gates.EnterAsync(streamId, _cancellation) is { } gate) _held.Add(gate);
        var loaded = await _cache.LoadAsync(streamId, initial, evolve, _cancellation);
        _own ??= streamId;
        // Loaded twice and moved in between: the decision rests in part on the older state, so that one is what gets checked.
        _versions[streamId] = Math.Min(_versions.GetValueOrDefault(streamId, loaded.Version), loaded.Version);
        if (expectedVersion is { } expected && expected != loaded.Version)
            Mismatch ??= new CommandOutcome.VersionMismatch(streamId, expected, loaded.Version);
        return loaded.State;
    }

    /// <summary>Appends events to a stream that this session has loaded.</summary>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="events">Registered event records; none is allowed.</param>
    /// <exception cref="InvalidOperationException">The stream was not loaded.</exception>
    public void Append(string streamId, IEnumerable<object> events)
    {
        if (!_versions.ContainsKey(streamId))
            throw new InvalidOperationException($"The stream '{streamId}' must be loaded before it is appended to.");
        foreach (var data in events)
        {
            if (!_events.TryGetValue(streamId, out var appended)) _events[streamId] = appended = [];
            appended.Add(new NewEvent(data));
        }
    }

    /// <summary>Lets the next command go at the streams that this one loaded.</summary>
    public void Dispose()
    {
        foreach (var gate in _held) gate.Dispose();
        _held.Clear();
    }
}
