namespace EcommerceAI.Replay.Bench.Search;

/// <summary>What a measurement of the vector leg gave.</summary>
/// <param name="Vectors">Vectors in the index.</param>
/// <param name="Dimensions">Numbers of each.</param>
/// <param name="Queries">Different queries asked.</param>
/// <param name="BuildVectorsPerSecond">Vectors indexed a second, on all cores.</param>
/// <param name="BytesPerVector">Memory of the index by vector, all of it: the vector, codes, links, ids.</param>
/// <param name="HnswMicroseconds">One query through the graph, on one thread.</param>
/// <param name="ExactMicroseconds">One query by the scan of all, on one thread.</param>
/// <param name="HnswFilteredMicroseconds">One filtered query through the graph.</param>
/// <param name="ExactFilteredMicroseconds">One filtered query by the scan of what the filter leaves.</param>
/// <param name="SaveSeconds">Writing the index to a file.</param>
/// <param name="LoadSeconds">Reading it back, checksum included.</param>
internal sealed record VectorFigures(
    int Vectors, int Dimensions, int Queries, double BuildVectorsPerSecond, double BytesPerVector, double HnswMicroseconds, double ExactMicroseconds,
    double HnswFilteredMicroseconds, double ExactFilteredMicroseconds, double SaveSeconds, double LoadSeconds);
