using EcommerceAI.EventSourcing.Nodes;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>How a projection is doing.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Checkpoint">The position that its live tables have reached.</param>
/// <param name="Lag">Positions between it and the high-water mark.</param>
/// <param name="Error">Why it stopped, here or on the node that runs it, or null while it runs.</param>
public sealed record ProjectionStatus(string Projection, long Checkpoint, long Lag, string? Error)
{
    /// <summary>The version of this program's definition.</summary>
    public int Version { get; init; }

    /// <summary>The version that the live tables were written by, 0 where there are none.</summary>
    public int LiveVersion { get; init; }

    /// <summary>
    /// Whether the live tables are of this program's version. Until the new version has been built beside an older one and swapped in,
    /// this program's queries do not fit them: the node is not ready.
    /// </summary>
    public bool IsSwappedIn => LiveVersion >= Version;

    /// <summary>The node that runs this version of it, or null while none does.</summary>
    public string? Owner { get; init; }

    /// <summary>The event that it stands still at, or null where it runs or no event is at fault.</summary>
    public FailedEvent? FailedEvent { get; init; }
}
