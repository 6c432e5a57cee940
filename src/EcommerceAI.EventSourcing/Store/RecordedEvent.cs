using System.Text.Json;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>An event as it stands in the log.</summary>
/// <param name="Position">Global position (<c>seq_id</c>), 1 or more; holes are ordinary.</param>
/// <param name="Id">The event's own id.</param>
/// <param name="StreamId">The stream's key, <c>category-id</c>.</param>
/// <param name="Version">Place in its stream, from 1 without holes.</param>
/// <param name="Type">Stable event name.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="Data">The event record, or a <see cref="JsonElement"/> for a name that this code has no record for.</param>
/// <param name="Metadata">Who and what it came from.</param>
public sealed record RecordedEvent(
    long Position, Guid Id, string StreamId, long Version, string Type, DateTimeOffset Timestamp, object Data, EventMetadata Metadata)
{
    /// <summary>The part of the stream's key before its first dash.</summary>
    public string Category => StreamKeys.CategoryOf(StreamId);
}

/// <summary>Where an event came from; none of it personal.</summary>
/// <param name="CorrelationId">What all events of one conversation share, or null.</param>
/// <param name="CausationId">The command or event that caused it, or null.</param>
/// <param name="Headers">Further facts about the append, or null.</param>
public sealed record EventMetadata(
    string? CorrelationId = null, string? CausationId = null, IReadOnlyDictionary<string, string>? Headers = null)
{
    /// <summary>Nothing known.</summary>
    public static EventMetadata None { get; } = new();
}

/// <summary>Stream keys are <c>category-id</c>.</summary>
public static class StreamKeys
{
    /// <summary>The part of <paramref name="streamId"/> before its first dash, or all of it.</summary>
    /// <param name="streamId">A stream's key.</param>
    public static string CategoryOf(string streamId)
    {
        var dash = streamId.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? streamId : streamId[..dash];
    }
}
