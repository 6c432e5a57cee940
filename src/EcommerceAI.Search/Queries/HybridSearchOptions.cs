using EcommerceAI.Search.Fusion;

namespace EcommerceAI.Search.Queries;

/// <summary>How a hybrid search weighs, waits and remembers.</summary>
public sealed class HybridSearchOptions
{
    /// <summary>How long a leg may take before the answer is given without it, where the other leg has one.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>How long to wait where neither leg has answered by the deadline: a late answer beats none.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How many of the vector leg's best belong to the result set.</summary>
    public int VectorLimit { get; init; } = 200;

    /// <summary>
    /// The least cosine of a hit of the vector leg. Each document has some cosine with any query; without a least one, a query that
    /// means nothing here would be flooded with the 200 documents that are least unlike it.
    /// </summary>
    public float MinimumSimilarity { get; init; } = 0.25f;

    /// <summary>The keyword leg's weight in the fusion, 0 or more.</summary>
    public double TextWeight { get; init; } = 1;

    /// <summary>
    /// The vector leg's weight in the fusion where a document has every word of the query, 0 or more. Less than the keyword leg's: vectors
    /// learned from short texts rank what has the words less surely than their statistics do, and are there for what the words miss.
    /// </summary>
    public double VectorWeight { get; init; } = 0.15;

    /// <summary>The vector leg's weight where no document has any word of the query, 0 or more.</summary>
    public double VagueVectorWeight { get; init; } = 0.3;

    /// <summary>
    /// What a query paraphrases is looked for where the best match has less than this share of the query's meaning, 0 to 1.
    /// </summary>
    public double ParaphraseBelow { get; init; } = 0.8;

    /// <summary>The k of the reciprocal rank fusion.</summary>
    public int K { get; init; } = ReciprocalRankFusion.DefaultK;

    /// <summary>The most characters that a query may have.</summary>
    public int LongestText { get; init; } = 100_000;

    /// <summary>How long a fused result is kept for its further pages after it was last asked for.</summary>
    public TimeSpan PinLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many hits are kept for further pages over all searches (about 150 bytes each); the longest unused go first.</summary>
    public int MostPinnedHits { get; init; } = 500_000;

    /// <summary>The vector leg's weight for a query of which the best keyword match has this share.</summary>
    internal double VectorWeightAt(double clarity) => VagueVectorWeight + (VectorWeight - VagueVectorWeight) * clarity;
}
