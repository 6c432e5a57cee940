using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace EcommerceAI.Search.Tests;

public sealed class EmbedderTests
{
    private static readonly string[] Texts =
    [
        "advent calendar wood", "advent calendar red", "christmas advent calendar", "christmas tree red", "christmas tree decoration",
        "garden spade", "garden rake and spade", "garden gloves", "gardening tools spade rake", "kitchen spoon", "kitchen spoon wood",
        "kitchen bowl", "bowl and spoon", "tea towel kitchen", "tea cup", "tea cup and saucer", "red tea cup",
    ];

    [Fact]
    public void The_same_texts_in_any_order_give_the_same_vectors()
    {
        var shuffled = Texts.ToArray();
        new Random(3).Shuffle(shuffled);
        var (one, other) = (LatentSemanticEmbedder.Train(Texts), LatentSemanticEmbedder.Train(shuffled));

        foreach (var text in Texts.Append("calender of a gardner")) other.Embed(text).ShouldBe(one.Embed(text));
    }

    [Fact]
    public void A_misspelt_word_lands_near_the_word()
    {
        var embedder = LatentSemanticEmbedder.Train(Texts, new() { Dimensions = 8 });

        var nearest = Texts.OrderByDescending(t => Cosine(embedder, "advnt calender", t)).Take(3);

        nearest.ShouldAllBe(t => t.Contains("advent calendar"));
    }

    [Fact]
    public void Words_that_never_met_are_near_when_they_keep_the_same_company()
    {
        var embedder = LatentSemanticEmbedder.Train(Texts, new() { Dimensions = 5, GramShare = 0 });

        Cosine(embedder, "rake", "gloves").ShouldBeGreaterThan(Cosine(embedder, "rake", "saucer") + 0.3);
    }

    [Fact]
    public void A_vector_has_length_one_or_is_nought()
    {
        var embedder = LatentSemanticEmbedder.Train(Texts);

        foreach (var text in Texts) TensorPrimitives.Norm(embedder.Embed(text)).ShouldBe(1, 1e-5);
        foreach (var unknown in new[] { "", "the", "85123A", "жук" }) embedder.Embed(unknown).ShouldAllBe(number => number == 0);
    }

    [Theory]
    [InlineData()]
    [InlineData("")]
    [InlineData("lamp")]
    [InlineData("lamp", "lamp", "lamp")]
    public void Little_or_nothing_to_learn_from_is_no_error(params string[] texts)
    {
        var embedder = LatentSemanticEmbedder.Train(texts);

        embedder.Embed("lamp shade").Length.ShouldBe(embedder.Dimensions);
        embedder.Embed("lamp").ShouldAllBe(number => float.IsFinite(number));
    }

    [Fact]
    public void Dimensions_out_of_range_are_refused() =>
        Should.Throw<ArgumentException>(() => LatentSemanticEmbedder.Train(Texts, new() { Dimensions = 0 })).Message.ShouldContain("1 to 1024");

    [Fact]
    public void The_randomised_decomposition_has_the_singular_values_of_the_exact_one()
    {
        var random = new Random(8);
        var dense = Matrix<double>.Build.Dense(60, 40);
        var sparse = new SparseRows(40);
        for (var row = 0; row < 60; row++)
        {
            var entries = Enumerable.Range(0, 40).Where(_ => random.Next(5) == 0).ToDictionary(c => c, _ => (float)random.NextDouble());
            foreach (var (column, value) in entries) dense[row, column] = value;
            sparse.Add(entries);
        }

        var (vectors, values) = RandomizedSvd.RightVectors(sparse, 10, seed: 1);

        var exact = dense.Svd();
        values.ShouldBe(exact.S.Take(10), 1e-2);
        Math.Abs(Enumerable.Range(0, 40).Sum(i => vectors[i * 10] * exact.VT[0, i])).ShouldBe(1, 1e-6);
    }

    private static double Cosine(LatentSemanticEmbedder embedder, string one, string other) =>
        TensorPrimitives.Dot<float>(embedder.Embed(one), embedder.Embed(other));
}
