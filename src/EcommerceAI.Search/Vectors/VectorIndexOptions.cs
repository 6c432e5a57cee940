namespace EcommerceAI.Search.Vectors;

/// <summary>How the embedded vector index builds and walks its graph. The names of HNSW's own parameters stand in brackets.</summary>
public sealed class VectorIndexOptions
{
    /// <summary>Links that a new vector asks for at each level, 2 to 64 (M); the lowest level keeps up to twice as many.</summary>
    public int Links { get; init; } = 16;

    /// <summary>How many candidates a new vector's links are chosen from, <see cref="Links"/> to 4,096 (efConstruction).</summary>
    public int BuildBreadth { get; init; } = 100;

    /// <summary>How many of the best a search keeps in sight, 1 to 65,536 (ef); a query with a larger limit keeps more.</summary>
    public int SearchBreadth { get; init; } = 64;

    /// <summary>
    /// Where no more than so many vectors are to be compared, they are, one by one: exact, and no slower than the graph. An index
    /// that has never held more has no graph.
    /// </summary>
    public int ScanUpTo { get; init; } = 4_096;

    /// <summary>Decides the vectors' levels; the same writes in the same order with the same seed give the same graph.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Threads that link new vectors; the graph does not depend on it.</summary>
    public int BuildThreads { get; init; } = Environment.ProcessorCount;

    internal static string? WhatIsWrongWith(VectorIndexOptions options) =>
        options.Links is < 2 or > 64 ? $"A vector has 2 to 64 links, not {options.Links}."
        : options.BuildBreadth < options.Links || options.BuildBreadth > 4_096
            ? $"The breadth of building must be from the number of links to 4,096, not {options.BuildBreadth}."
        : options.SearchBreadth is < 1 or > 65_536 ? $"The breadth of searching must be 1 to 65,536, not {options.SearchBreadth}."
        : options.ScanUpTo < 1 ? $"The number of vectors to scan must be 1 or more, not {options.ScanUpTo}."
        : options.BuildThreads < 1 ? $"Building takes 1 thread or more, not {options.BuildThreads}."
        : null;
}
