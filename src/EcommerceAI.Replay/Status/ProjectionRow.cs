using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.Status;

/// <summary>A generation of a projection, or a projection without one.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Generation">The generation's number, or null where it has none.</param>
/// <param name="Version">The version of the definition that wrote it.</param>
/// <param name="State">live, building, verifying, retired, or missing where there is no live one.</param>
/// <param name="Checkpoint">How far it has read.</param>
/// <param name="Lag">Positions between it and the high-water mark; 0 for one that no longer moves.</param>
/// <param name="Changed">When it moved last.</param>
/// <param name="Amiss">What is wrong with it, or null.</param>
internal sealed record ProjectionRow(
    string Projection, int? Generation, int? Version, string State, long Checkpoint, long Lag, DateTimeOffset? Changed, string? Amiss)
{
    /// <summary>A row for every generation, and one for every definition that has no live one.</summary>
    public static IReadOnlyList<ProjectionRow> Of(StoreStatus status, IReadOnlyList<IProjection> definitions, TimeSpan patience)
    {
        var live = status.Generations.Where(found => found.Generation.State == EventSourcing.Projections.Generation.Live)
            .Select(found => found.Generation.Projection).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. status.Generations.Select(found => Of(found, status, definitions.FirstOrDefault(p => p.Name == found.Generation.Projection), patience))
                .Concat(definitions.Where(definition => !live.Contains(definition.Name)).Select(definition => new ProjectionRow(
                    definition.Name, null, definition.Version, "missing", 0, status.HighWaterMark, null,
                    status.HighWaterMark > 0 ? $"The projection {definition.Name} has no live tables: no host has run it, or it has never been built." : null)))
                .OrderBy(row => row.Projection, StringComparer.Ordinal).ThenBy(row => row.Generation),
        ];
    }

    private static ProjectionRow Of(GenerationStatus found, StoreStatus status, IProjection? definition, TimeSpan patience)
    {
        var generation = found.Generation;
        var moves = generation.State != EventSourcing.Projections.Generation.Retired;
        var lag = moves ? Math.Max(0, status.HighWaterMark - generation.Checkpoint) : 0;
        var still = status.Now - found.Changed;
        var amiss = definition is null || generation.State != EventSourcing.Projections.Generation.Live ? null
            : lag > 0 && still > patience
                ? $"The projection {generation.Projection} lags by {lag} and has not moved for {still.TotalSeconds:F0} s: it has stopped, or no host runs it."
            : generation.Version != definition.Version
                ? $"The live tables of {generation.Projection} are of version {generation.Version}; this program has version {definition.Version}."
            : null;
        return new ProjectionRow(
            generation.Projection, generation.Number, generation.Version, generation.State, generation.Checkpoint, lag, found.Changed, amiss);
    }
}
