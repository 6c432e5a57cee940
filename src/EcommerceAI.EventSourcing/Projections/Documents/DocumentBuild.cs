using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>What a parallel build reads, and the generation it fills.</summary>
/// <param name="Store">The event store.</param>
/// <param name="Schema">The schema of the generation; its tables are empty and nobody else writes them.</param>
/// <param name="Range">The stretch of the log, from its beginning.</param>
/// <param name="Options">How to go to work.</param>
/// <param name="Folded">Told after each page up to where the log has been folded.</param>
internal sealed record DocumentBuild(
    EventStore Store, string Schema, LogRange Range, RebuildOptions Options, Func<long, CancellationToken, Task> Folded);
