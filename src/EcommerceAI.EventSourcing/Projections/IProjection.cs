namespace EcommerceAI.EventSourcing.Projections;

/// <summary>
/// How events become the rows of a read model: one definition, run to follow the log, to rebuild beside the live tables, and
/// to verify them. A row must follow from the events alone (no clock, no random number), or a rebuild differs.
/// </summary>
public interface IProjection
{
    /// <summary>Stable name in snake_case, at most 40 characters; also the stem of its schemas.</summary>
    string Name { get; }

    /// <summary>
    /// Raised by one whenever the tables or the meaning of their rows change: a new version is built beside the old one and takes
    /// its place when it has caught up.
    /// </summary>
    int Version { get; }

    /// <summary>The event records, or abstract families of them, that the projection reads.</summary>
    IReadOnlyList<Type> Handles { get; }

    /// <summary>
    /// Whether the rows speak for archived streams too. By default a rebuild leaves their events out, and with them their rows; a change
    /// of mind is a new <see cref="Version"/>.
    /// </summary>
    bool IncludesArchived => false;

    /// <summary>The statements that create its tables and indexes, with <c>{schema}</c> where the schema's name goes.</summary>
    string Tables { get; }

    /// <summary>Applies a batch, in the transaction that also moves the checkpoint.</summary>
    /// <param name="batch">Events of <see cref="Handles"/> in order of position, and the way to the tables.</param>
    /// <param name="cancellation">Gives up; the batch is then rolled back.</param>
    Task ApplyAsync(ProjectionBatch batch, CancellationToken cancellation);
}
