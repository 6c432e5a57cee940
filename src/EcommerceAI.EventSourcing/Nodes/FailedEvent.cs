using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Nodes;

/// <summary>The event that something could not take.</summary>
/// <param name="Position">Its global position.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Type">Its name.</param>
public sealed record FailedEvent(long Position, string StreamId, string Type)
{
    internal static FailedEvent Of(RecordedEvent @event) => new(@event.Position, @event.StreamId, @event.Type);

    internal static FailedEvent Of(UnreadableEventException unreadable) => new(unreadable.Position, unreadable.StreamId, unreadable.Type);
}

/// <summary>A projection or subscription cannot take an event. It has taken everything before it, and nothing of it.</summary>
public sealed class EventFailedException(string follower, FailedEvent failed, Exception inner)
    : Exception($"{follower} failed at position {failed.Position} ('{failed.Type}' of stream '{failed.StreamId}'): {inner.Message}", inner)
{
    /// <summary>The event at fault.</summary>
    public FailedEvent Event { get; } = failed;
}
