using System.Numerics.Tensors;

namespace EcommerceAI.Search.Tests;

/// <summary>Seeded vectors around centres, as embeddings of a catalogue lie, and what a scan by hand finds among them.</summary>
internal sealed class ClusteredVectors(int seed, int dimensions, int clusters)
{
    private readonly Random _random = new(seed);
    private readonly float[][] _centres =
        [.. Enumerable.Range(0, clusters).Select(i => Gaussian(new Random(seed * 1000 + i), dimensions, 1))];

    /// <summary>A vector near a centre, and the centre's number.</summary>
    public (float[] Vector, int Cluster) Next()
    {
        var cluster = _random.Next(_centres.Length);
        var vector = Gaussian(_random, dimensions, 0.5);
        for (var i = 0; i < dimensions; i++) vector[i] += _centres[cluster][i];
        return (vector, cluster);
    }

    /// <summary>The share of the true nearest among those found; the equally near count too.</summary>
    public static double Recall(IEnumerable<float[]> among, float[] query, IReadOnlyList<VectorHit> found, int limit)
    {
        var cosines = among.Select(vector => TensorPrimitives.CosineSimilarity(vector, query)).OrderDescending().Take(limit).ToList();
        return cosines.Count == 0 ? 1 : found.Count(hit => hit.Similarity >= cosines[^1] - 1e-5) / (double)cosines.Count;
    }

    private static float[] Gaussian(Random random, int dimensions, double spread) =>
        [.. Enumerable.Range(0, dimensions).Select(_ =>
            (float)(spread * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
