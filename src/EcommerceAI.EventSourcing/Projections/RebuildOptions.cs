namespace EcommerceAI.EventSourcing.Projections;

/// <summary>How a rebuild goes to work; what it builds does not depend on it.</summary>
public sealed record RebuildOptions
{
    /// <summary>Connections that read the log, and as many that write documents; 1 or more. Default: the machine's processors.</summary>
    public int Connections { get; init; } = Environment.ProcessorCount;

    /// <summary>Positions of the log that are read, and events of which are in memory, at a time and connection; 1 or more.</summary>
    public int PageSize { get; init; } = 10_000;

    /// <summary>
    /// Documents that are kept in memory while events are folded into them, 1 or more. When there are more, they are written and taken
    /// up again when another of their events comes.
    /// </summary>
    public int DocumentsInMemory { get; init; } = 500_000;
}
