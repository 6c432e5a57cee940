namespace EcommerceAI.EventSourcing.Store;

/// <summary>A point in a stream's history, everything up to which counts.</summary>
public abstract record StreamPoint
{
    private StreamPoint()
    {
    }

    /// <summary>Up to this stream version, inclusive.</summary>
    /// <param name="Version">0 or more.</param>
    public sealed record AtVersion(long Version) : StreamPoint;

    /// <summary>Up to this global position, inclusive.</summary>
    /// <param name="Position">0 or more.</param>
    public sealed record AtPosition(long Position) : StreamPoint;

    /// <summary>Up to this moment, inclusive: the longest run of events from the first on none of which happened later.</summary>
    /// <param name="Moment">The moment.</param>
    public sealed record AtMoment(DateTimeOffset Moment) : StreamPoint;
}
