using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Status;

/// <summary>A further part of <c>status</c>. Every class that is one is found at start; no list names them.</summary>
internal interface IStatusPart
{
    /// <summary>Looks at its part of the store.</summary>
    /// <returns>What it found, or null where the store has no such part.</returns>
    Task<StatusSection?> ReadAsync(EventStore store, CancellationToken cancellation);
}

/// <summary>One part of a status.</summary>
/// <param name="Name">Its name in JSON.</param>
/// <param name="Json">For programs.</param>
/// <param name="Table">For people.</param>
/// <param name="Amiss">What somebody should look at, a sentence each.</param>
internal sealed record StatusSection(string Name, JsonNode Json, TextTable Table, IReadOnlyList<string> Amiss);
