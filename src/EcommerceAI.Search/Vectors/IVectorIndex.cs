namespace EcommerceAI.Search.Vectors;

/// <summary>The vector leg: finds documents whose vectors point where the query's points, nearest first.</summary>
public interface IVectorIndex
{
    /// <summary>How many numbers each vector has.</summary>
    int Dimensions { get; }

    /// <summary>
    /// Writes a batch. What is older than what the index has is refused, item by item; searches see the whole batch at once.
    /// </summary>
    /// <returns>What became of each write, in the order given.</returns>
    ValueTask<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<VectorWrite> writes, CancellationToken cancellationToken = default);

    /// <summary>The nearest vectors, by similarity descending, then by id ordinal.</summary>
    /// <exception cref="ArgumentException">The query's vector has another number of dimensions.</exception>
    ValueTask<IReadOnlyList<VectorHit>> SearchAsync(VectorQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Says that the index is filled and takes the place of the one before it: an engine outside this process points its alias here.
    /// </summary>
    ValueTask PublishAsync(CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    /// <summary>How many vectors can be found.</summary>
    ValueTask<long> CountAsync(CancellationToken cancellationToken = default);
}

/// <summary>What the vector leg is asked.</summary>
/// <param name="Vector">The query's vector, of any length; all noughts finds nothing.</param>
/// <param name="Limit">How many to give back at most.</param>
/// <param name="MinimumSimilarity">The least cosine, -1 to 1, of what is given back: nearest is not near.</param>
/// <param name="Filter">What may be found; null for all.</param>
/// <param name="Exact">True to compare with every vector that may be found, however long that takes.</param>
public sealed record VectorQuery(
    ReadOnlyMemory<float> Vector, int Limit, float MinimumSimilarity = -1, VectorFilter? Filter = null, bool Exact = false);

/// <summary>One neighbour.</summary>
/// <param name="Id">The document.</param>
/// <param name="Similarity">The cosine of the two vectors, -1 to 1.</param>
public readonly record struct VectorHit(string Id, float Similarity);
