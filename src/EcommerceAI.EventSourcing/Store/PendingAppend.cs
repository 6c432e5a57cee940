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

    public PendingAppend(AppendRequest request, EventTypes types)
    {
        Request = request;
        Metadata = request.Metadata ?? EventMetadata.None;
        Headers = Metadata.Headers is { Count: > 0 } headers ? EventSerializer.Serialize(headers) : null;
        Receipt = request.Receipt is { } receipt ? EventSerializer.Serialize(receipt.Outcome) : null;
        Events = new PreparedEvent[request.Streams.Count][];
        for (var i = 0; i < request.Streams.Count; i++)
            Events[i] = [.. request.Streams[i].Events.Select(@event => PreparedEvent.From(@event, types))];
        EventCount = Events.Sum(events => events.Length);
        ByteCount = Events.Sum(events => events.Sum(prepared => (long)prepared.Json.Length));
    }

    public AppendRequest Request { get; }

    public EventMetadata Metadata { get; }

    public byte[]? Headers { get; }

    public byte[]? Receipt { get; }

    public PreparedEvent[][] Events { get; }

    public int EventCount { get; }

    /// <summary>Size of its events' JSON.</summary>
    public long ByteCount { get; }

    /// <summary>Set when it waited for a lock, and then travels alone, not before this tick, so that nobody waits with it.</summary>
    public long? AloneFrom { get; set; }

    /// <summary>When it first found one of its streams held by another session, in ticks.</summary>
    public long? HeldSince { get; set; }

    public bool IsWithdrawn => Volatile.Read(ref _state) == Withdrawn;

    public Task<AppendResult> Completion => _completion.Task;

    /// <summary>From now on its caller waits for the outcome, whatever it cancels.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Queued) == Queued;

    /// <summary>Nothing of it was written and it waits again, so that its caller may give up again.</summary>
    public void Release() => Volatile.Write(ref _state, Queued);

    /// <summary>Its caller gives up; true only while nobody has taken it, so nothing of it is or will be written.</summary>
    public bool TryWithdraw() => Interlocked.CompareExchange(ref _state, Withdrawn, Queued) == Queued;

    public void Complete(AppendResult result) => _completion.TrySetResult(result);

    public void Fail(Exception exception) => _completion.TrySetException(exception);
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
