using System.Numerics.Tensors;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// Makes vectors of text by latent semantic analysis (S. Deerwester et al., "Indexing by latent semantic analysis", JASIS 41(6),
/// 1990), learned from the texts that are searched: words and character grams that stand in the same texts come to point the same
/// way. Nothing is downloaded, and the same texts in any order give the same vectors.
/// </summary>
/// <remarks>
/// A new text or a query is folded in: it costs its features times the dimensions, and teaches nothing. Words that came after the
/// training are placed by their grams only, so the owner trains again when the texts have changed much (see
/// the hybrid index). Vectors of two trainings must not be compared.
/// </remarks>
public sealed class LatentSemanticEmbedder
{
    private readonly WordFeatures _features;
    private readonly float[] _projection;

    private LatentSemanticEmbedder(WordFeatures features, float[] projection, int dimensions)
    {
        _features = features;
        _projection = projection;
        Dimensions = dimensions;
    }

    /// <summary>How many numbers a vector has: as asked for, or less where the texts have not so much to tell.</summary>
    public int Dimensions { get; }

    /// <summary>Learns from texts; about a second for four thousand short ones.</summary>
    /// <exception cref="ArgumentException">The options are out of their range.</exception>
    public static LatentSemanticEmbedder Train(IEnumerable<string> texts, EmbedderOptions? options = null)
    {
        options ??= new();
        if (options.Dimensions is < 1 or > 1024)
            throw new ArgumentException($"An embedder has 1 to 1024 dimensions, not {options.Dimensions}.", nameof(options));
        var sorted = texts.Order(StringComparer.Ordinal).ToList();
        var features = WordFeatures.Learn(sorted, options.Analyzer, options.GramShare);
        var matrix = new SparseRows(features.Count);
        foreach (var row in sorted.Select(features.Of).Where(row => row.Count > 0)) matrix.Add(row);
        if (matrix.Rows == 0) return new(features, new float[features.Count], 1);
        var (vectors, values) = RandomizedSvd.RightVectors(matrix, options.Dimensions, options.Seed);
        var scales = values.Select(v => Math.Pow(v / values[0], -options.Flattening)).ToArray();
        var projection = new float[vectors.Length];
        for (var i = 0; i < projection.Length; i++) projection[i] = (float)(vectors[i] * scales[i % scales.Length]);
        return new(features, projection, scales.Length);
    }

    /// <summary>The vector of a text, of length 1; all noughts where nothing of the text is known.</summary>
    public float[] Embed(string text)
    {
        var vector = new float[Dimensions];
        foreach (var (column, value) in _features.Of(text))
            TensorPrimitives.MultiplyAdd(_projection.AsSpan(column * Dimensions, Dimensions), value, vector, vector);
        var length = TensorPrimitives.Norm(vector);
        if (length > 0) TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
