namespace EcommerceAI.EventSourcing.Store;

/// <summary>An event to be appended.</summary>
/// <param name="Data">A registered event record.</param>
/// <param name="Id">Its id, or null for a new UUIDv7.</param>
/// <param name="Timestamp">When it happened, or null for the moment of the append by the database's clock.</param>
public sealed record NewEvent(object Data, Guid? Id = null, DateTimeOffset? Timestamp = null);

/// <summary>What a stream's version must be for an append to count.</summary>
/// <param name="Value">-1 for any, 0 for a stream that is not there, else the exact version.</param>
public readonly record struct ExpectedVersion(long Value)
{
    /// <summary>Whatever it is; a stream that is not there is made.</summary>
    public static ExpectedVersion Any { get; } = new(-1);

    /// <summary>The stream must not be there yet.</summary>
    public static ExpectedVersion NoStream { get; } = new(0);

    /// <summary>Exactly <paramref name="version"/>.</summary>
    /// <param name="version">0 or more.</param>
    public static ExpectedVersion Exactly(long version) =>
        version >= 0 ? new(version) : throw new ArgumentOutOfRangeException(nameof(version), version, "A version is 0 or more.");
}

/// <summary>Events for one stream.</summary>
/// <param name="StreamId">The stream's key: 1 to 500 characters.</param>
/// <param name="Expected">What its version must be.</param>
/// <param name="Events">One event or more, in order.</param>
public sealed record StreamAppend(string StreamId, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events);

/// <summary>One unit of work: everything in it commits, or nothing does.</summary>
/// <param name="Streams">The streams to append to, each at most once; none for a receipt alone.</param>
/// <param name="Metadata">Written with each event.</param>
/// <param name="Receipt">The receipt that commits with the events, or null.</param>
public sealed record AppendRequest(IReadOnlyList<StreamAppend> Streams, EventMetadata? Metadata = null, NewReceipt? Receipt = null);

/// <summary>What became of an append. Each of the three is a normal answer.</summary>
public abstract record AppendResult
{
    private AppendResult()
    {
    }

    /// <summary>Durable: committed and flushed before this was returned.</summary>
    /// <param name="Position">Global position of the last event, or 0 where there was none.</param>
    /// <param name="Versions">The new version of each stream, in the order of the request.</param>
    public sealed record Appended(long Position, IReadOnlyList<long> Versions) : AppendResult;

    /// <summary>A stream was not at its expected version; nothing was written and no position was drawn.</summary>
    /// <param name="StreamId">The stream.</param>
    /// <param name="Expected">What was expected.</param>
    /// <param name="Actual">The stream's version, 0 when it is not there.</param>
    public sealed record VersionConflict(string StreamId, ExpectedVersion Expected, long Actual) : AppendResult;

    /// <summary>A stream is archived and takes no more events; nothing was written.</summary>
    /// <param name="StreamId">The stream.</param>
    public sealed record StreamArchived(string StreamId) : AppendResult;

    /// <summary>Another node wrote a receipt under this key in the meantime; nothing was written.</summary>
    /// <param name="Principal">Whose key.</param>
    /// <param name="Key">The key.</param>
    public sealed record ReceiptExists(string Principal, string Key) : AppendResult;
}

/// <summary>A receipt to be written with an append.</summary>
/// <param name="Principal">Whose key it is.</param>
/// <param name="Key">The idempotency key.</param>
/// <param name="RequestHash">SHA-256 of the request, to tell another request under the same key.</param>
/// <param name="Outcome">The answer, given the position and the versions of the streams. Nothing personal belongs in it.</param>
public sealed record NewReceipt(string Principal, string Key, byte[] RequestHash, object Outcome);
