using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Vectors;

/// <summary>How an embedder learns.</summary>
public sealed class EmbedderOptions
{
    /// <summary>The most numbers a vector gets, 1 to 1024.</summary>
    public int Dimensions { get; init; } = 128;

    /// <summary>How much the character grams of a word weigh against the word itself; 0 leaves them out.</summary>
    public float GramShare { get; init; } = 1.5f;

    /// <summary>
    /// How far the strongest directions are toned down, 0 (by their singular values) to 1 (all alike). The strongest ones tell what
    /// all texts have in common, which helps least to tell them apart.
    /// </summary>
    public double Flattening { get; init; } = 0.5;

    /// <summary>Where the random projection starts; two embedders of one seed and the same texts are the same.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How words are made of text; the same as the text index's.</summary>
    public TextAnalyzer Analyzer { get; init; } = TextAnalyzer.English;
}
