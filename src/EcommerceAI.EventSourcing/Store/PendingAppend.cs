using EcommerceAI.EventSourcing.Privacy;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>An append on its way through the queue, with its events already as JSON.</summary>
internal sealed class PendingAppend
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<AppendResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Queued;

    /// <param name="request">What to append.</param>
    /// <param name="types">Event names.</param>
    /// <param name="after">Appends that it rests on: it is written only when each of them was.</param>
    public PendingAppend(AppendRequest request, EventTypes types, IReadOnlyList<PendingAppend>? after = null)
    {
        Request = request;
        After = after ?? [];
        Metadata = request.Metadata ?? EventMetadata.None;
        Headers = Metadata.Headers is { Count: > 0 } headers ? EventSerializer.Serialize(headers) : null;
        Receipt = request.Receipt is { } receipt ? EventSerializer.Serialize(receipt.Outcome) : null;
        Events = new PreparedEvent[request.Streams.Count][];
        for (var i = 0; i < Events.Length; i++)
        {
            var events = request.Streams[i].Events;
            var prepared = Events[i] = new PreparedEvent[events.Count];
            for (var j = 0; j < prepared.Length; j++)
            {
                prepared[j] = PreparedEvent.From(events[j], types);
                ByteCount += prepared[j].Json.Length;
            }

            EventCount += prepared.Length;
        }

        NeedsCare = Events.Length != 1 || request.Streams[0].Expected.Value < 0;
    }

    public AppendRequest Request { get; }

    /// <summary>Empty once the outcome is known: on a hot stream each holds the one before, and together they would never end.</summary>
    public IReadOnlyList<PendingAppend> After { get; private set; }

    public EventMetadata Metadata { get; }

    public byte[]? Headers { get; }

    public byte[]? Receipt { get; }

    public PreparedEvent[][] Events { get; }

    public int EventCount { get; }

    /// <summary>Size of its events' JSON.</summary>
    public long ByteCount { get; }

    /// <summary>
    /// Goes by the statement that tells apart everything that can stand against an append: several streams, any version, or the quick
    /// statement has refused it.
    /// </summary>
    public bool NeedsCare { get; set; }

    /// <summary>Set when it waited for a lock, and then travels alone, so that nobody waits with it.</summary>
    public bool TravelsAlone { get; set; }

    /// <summary>Not to be tried before this tick.</summary>
    public long NotBefore { get; set; }

    /// <summary>When it first found one of its streams held by another session, in ticks.</summary>
    public long? HeldSince { get; set; }

    /// <summary>When it came into the queue, in ticks.</summary>
    public long Since { get; } = Environment.TickCount64;

    public bool IsWithdrawn => Volatile.Read(ref _state) == Withdrawn;

    public Task<AppendResult> Completion => _completion.Task;

    /// <summary>Durable.</summary>
    public bool IsAppended => Completion is { IsCompletedSuccessfully: true, Result: AppendResult.Appended };

    /// <summary>It was not written and never will be.</summary>
    public bool HasFailed => Completion.IsCompleted && !IsAppended;

    /// <summary>From now on its caller waits for the outcome, whatever it cancels.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    /// <summary>Nothing of it was written and it waits again, so that its caller may give up again.</summary>
    public void Release() => Volatile.Write(ref _state, Queued);

    /// <summary>Its caller gives up; true only while nobody has taken it, so nothing of it is or will be written.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Queued) == Queued;

    public void Complete(AppendResult result)
    {
        After = [];
        _completion.TrySetResult(result);
    }

    public void Fail(Exception exception)
    {
        After = [];
        _completion.TrySetException(exception);
    }
}

/// <summary>An event as it will stand in the log.</summary>
internal readonly record struct PreparedEvent(Guid Id, string Type, string ClrType, byte[] Json, DateTimeOffset? Timestamp)
{
    public static PreparedEvent From(NewEvent @event, EventTypes types)
    {
        var isReady = @event.Data is SealedEvent;
        var type = @event.Data is SealedEvent { Record: var record } ? record : @event.Data.GetType();
        var json = @event.Data is SealedEvent { Json: var ready } ? ready : EventSerializer.Serialize(@event.Data);
        if (!isReady) EventSealing.RefuseClear(types, type, json);
        return new PreparedEvent(@event.Id ?? Guid.CreateVersion7(), types.NameOf(type), ClrTypeNames.Of(type), json, @event.Timestamp);
    }
}
