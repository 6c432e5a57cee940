using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>What differs from the ordinary when a store is opened.</summary>
public sealed record EventStoreOptions
{
    /// <summary>
    /// Projections that are applied in the transaction of each append; none by default. Appends then go one batch after another over all
    /// nodes. Events of a foreign writer are not seen inline: a rebuild brings them in. Tables of another version than the definition's are
    /// not written: until a <see cref="ProjectionHost"/> has built those of a newer one, appends are refused.
    /// </summary>
    public IReadOnlyList<IProjection> Inline { get; init; } = [];

    /// <summary>Wraps the keys of data subjects; null to store new ones as they are.</summary>
    public MasterKey? MasterKey { get; init; }
}
