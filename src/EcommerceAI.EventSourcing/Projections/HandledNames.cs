using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>The names in the log of the events that a projection reads.</summary>
internal static class HandledNames
{
    public static HashSet<string> Of(IProjection projection, EventTypes types) =>
        projection.Handles.SelectMany(types.NamesOf).ToHashSet(StringComparer.Ordinal);
}
