using System.Runtime.CompilerServices;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// An event store on PostgreSQL, in the table layout of a Marten event store. Appends are durable before they answer;
/// appends of many callers share one transaction, each with its own version check.
/// </summary>
public sealed class EventStore : IAsyncDisposable
{
    private readonly NpgsqlDataSource _writing;
    private readonly AppendHerald _herald;
    private readonly AppendQueue _queue;

    private EventStore(NpgsqlDataSource source, string connectionString, EventTypes types, SubjectKeys keys, EventLayout layout, EventStoreOptions options)
    {
        Source = source;
        Lookups = NpgsqlDataSource.Create(Connections.ForLookups(connectionString));
        _writing = NpgsqlDataSource.Create(Connections.ForWriting(connectionString));
        Serializer = new EventSerializer(types);
        Layout = layout;
        Keys = keys;
        Sealing = new EventSealing(types, keys);
        _herald = new AppendHerald(source);
        Inline = options.Inline;
        _queue = new AppendQueue(() => new AppendWriter(_writing, _herald, new InlineProjections(Inline, Serializer, Sealing), layout));
        Reader = new EventReader(Lookups, Serializer, Sealing, layout);
        HighWater = new HighWaterMark(Lookups);
        Tail = new LogTail(Reader);
        IdleMoves = new IdleMoves(source);
    }

    /// <summary>Connections to the store's database.</summary>
    public NpgsqlDataSource Source { get; }

    /// <summary>Connections that read streams and the log by their keys.</summary>
    internal NpgsqlDataSource Lookups { get; }

    /// <summary>Event names and their JSON.</summary>
    public EventSerializer Serializer { get; }

    /// <summary>The projections that are applied in the transaction of each append.</summary>
    public IReadOnlyList<IProjection> Inline { get; }

    /// <summary>The keys that personal data is sealed under.</summary>
    public SubjectKeys Keys { get; }

    /// <summary>Seals what is written and finds the keys of what is read.</summary>
    internal EventSealing Sealing { get; }

    /// <summary>Reads streams and the log.</summary>
    public EventReader Reader { get; }

    /// <summary>The position up to which the log can be read without missing an event.</summary>
    public HighWaterMark HighWater { get; }

    /// <summary>The newest events, for all that follow the log here.</summary>
    internal LogTail Tail { get; }

    /// <summary>The checkpoints of those that find nothing in them.</summary>
    internal IdleMoves IdleMoves { get; }

    /// <summary>Which of the layout's optional columns the database has.</summary>
    internal EventLayout Layout { get; }

    /// <summary>Connects, creates what is missing of the schema, and checks the layout.</summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="types">Event names and their records.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EventStoreLayoutException">The database holds tables that differ from the layout.</exception>
    /// <exception cref="MasterKeyException">The keys of data subjects are wrapped under a master key.</exception>
    public static Task<EventStore> OpenAsync(string connectionString, EventTypes types, CancellationToken cancellation = default) =>
        OpenAsync(connectionString, types, new EventStoreOptions(), cancellation);

    /// <summary>Connects, with projections that are applied in each append, or a master key.</summary>
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="types">Event names and their records.</param>
    /// <param name="options">What differs from the ordinary.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="EventStoreLayoutException">The database holds tables that differ from the layout.</exception>
    /// <exception cref="MasterKeyException">Stored keys are wrapped under a master key that is not this one.</exception>
    public static async Task<EventStore> OpenAsync(
        string connectionString, EventTypes types, EventStoreOptions options, CancellationToken cancellation = default)
    {
        var source = NpgsqlDataSource.Create(Connections.ForReading(connectionString));
        var keys = new SubjectKeys(Connections.ForReading(connectionString), options.MasterKey);
        try
        {
            var layout = await EventStoreSchema.CreateMissingAsync(source, cancellation);
            await keys.CheckMasterKeyAsync(cancellation);
            foreach (var projection in options.Inline) await new Generations(source).EnsureLiveAsync(projection, cancellation);
            return new EventStore(source, connectionString, types, keys, layout, options);
        }
        catch
        {
            await keys.DisposeAsync();
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Appends to one stream.</summary>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="expected">What its version must be.</param>
    /// <param name="events">Registered event records, one or more.</param>
    /// <param name="cancellation">See <see cref="AppendAsync(AppendRequest, CancellationToken)"/>.</param>
    public Task<AppendResult> AppendAsync(
        string streamId, ExpectedVersion expected, IEnumerable<object> events, CancellationToken cancellation = default) =>
        AppendAsync(new AppendRequest([new StreamAppend(streamId, expected, [.. events.Select(data => new NewEvent(data))])]), cancellation);

    /// <summary>Appends to one or more streams: all of it, durable when this returns, or nothing.</summary>
    /// <param name="request">What to append.</param>
    /// <param name="cancellation">
    /// Gives up while the append waits its turn. Once it is on its way to the server its outcome is awaited, so that a caller is
    /// never left in doubt about a commit.
    /// </param>
    /// <exception cref="ArgumentException">A stream is named twice, has no key or no events, or an event is not registered.</exception>
    /// <exception cref="InvalidEventDataException">A text cannot be kept to the letter.</exception>
    /// <exception cref="TimeoutException">Another session held one of the streams for 10 s; nothing was written.</exception>
    /// <exception cref="AppendOutcomeUnknownException">The server was lost at commit and did not come back.</exception>
    /// <exception cref="MasterKeyException">The key of a data subject is wrapped under a master key that this store was not given.</exception>
    public async Task<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancellation = default)
    {
        var append = await EnqueueAsync(request, [], cancellation);
        return await AppendQueue.OutcomeAsync(append, cancellation);
    }

    /// <summary>Puts an append in its place in the queue, without waiting for its outcome.</summary>
    /// <param name="request">What to append.</param>
    /// <param name="after">Appends that it rests on: it is written only when each of them was.</param>
    /// <param name="cancellation">Gives up waiting for room.</param>
    internal async ValueTask<PendingAppend> EnqueueAsync(AppendRequest request, IReadOnlyList<PendingAppend> after, CancellationToken cancellation)
    {
        Check(request);
        var append = new PendingAppend(await Sealing.SealAsync(request, cancellation), Serializer.Types, after);
        if (request.Streams.Count == 0 && request.Receipt is null)
            append.Complete(new AppendResult.Appended(0, []));
        else
            await _queue.EnterAsync(append, cancellation);
        return append;
    }

    /// <summary>Folds a stream into its state, as of now or as of an earlier point.</summary>
    /// <typeparam name="TState">The state.</typeparam>
    /// <param name="streamId">The stream's key.</param>
    /// <param name="initial">The state before the first event.</param>
    /// <param name="evolve">Pure fold of one event record into the state.</param>
    /// <param name="point">Up to where; null for all there is.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The state and the version it stands at, 0 for a stream that is not there.</returns>
    public async Task<StreamState<TState>> LoadAsync<TState>(
        string streamId, TState initial, Func<TState, object, TState> evolve, StreamPoint? point = null, CancellationToken cancellation = default)
    {
        var state = new StreamState<TState>(initial, 0);
        await foreach (var @event in Reader.ReadStreamAsync(streamId, 1, point, cancellation))
            state = new StreamState<TState>(evolve(state.State, @event.Data), @event.Version);
        return state;
    }

    /// <summary>Reads the log from a position on, up to the high-water mark of the moment of the call.</summary>
    /// <param name="after">The last position that is already known; 0 from the beginning.</param>
    /// <param name="cancellation">Gives up.</param>
    public async IAsyncEnumerable<RecordedEvent> ReadAllAsync(long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var upTo = await HighWater.ReadAsync(cancellation);
        while (after < upTo)
        {
            var page = await Reader.ReadLogAsync(new LogRange(after, upTo), cancellation);
            foreach (var @event in page.Events) yield return @event;
            after = page.ReadUpTo;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync();
        await _herald.DisposeAsync();
        HighWater.Dispose();
        Tail.Dispose();
        await Keys.DisposeAsync();
        await _writing.DisposeAsync();
        await Lookups.DisposeAsync();
        await Source.DisposeAsync();
    }

    /// <summary>Refuses a key that the log cannot hold.</summary>
    internal static void CheckStreamId(string streamId)
    {
        if (streamId.Length is 0 or > 500 || !StorableText.IsStorable(streamId))
            throw new ArgumentException($"A stream's key has 1 to 500 characters that can be stored, not '{streamId}'.", nameof(streamId));
    }

    /// <summary>One text that cannot be sent would fail the batch that others share.</summary>
    private static void CheckText(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is not null && !StorableText.IsStorable(text)) throw new InvalidEventDataException(text);
        }
    }

    private static void Check(AppendRequest request)
    {
        CheckText(request.Metadata?.CorrelationId, request.Metadata?.CausationId, request.Receipt?.Principal, request.Receipt?.Key);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var stream in request.Streams)
        {
            CheckStreamId(stream.StreamId);
            if (!keys.Add(stream.StreamId))
                throw new ArgumentException($"The stream '{stream.StreamId}' is named twice in one append.", nameof(request));
            if (stream.Events.Count == 0)
                throw new ArgumentException($"No event for the stream '{stream.StreamId}'.", nameof(request));
        }
    }
}

/// <summary>A state and the stream version it stands at.</summary>
/// <typeparam name="TState">The state.</typeparam>
/// <param name="State">The state.</param>
/// <param name="Version">0 for a stream that is not there.</param>
public readonly record struct StreamState<TState>(TState State, long Version);
