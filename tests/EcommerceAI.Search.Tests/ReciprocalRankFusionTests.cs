namespace EcommerceAI.Search.Tests;

public sealed class ReciprocalRankFusionTests
{
    [Fact]
    public void Scores_are_sums_of_weighted_reciprocal_ranks()
    {
        var fused = ReciprocalRankFusion.Fuse([new(["a", "b", "c"], 1), new(["c", "d"], 0.5)]);

        fused.Select(f => f.Id).ShouldBe(["c", "a", "b", "d"]);
        fused[0].Score.ShouldBe(1.0 / 63 + 0.5 / 61, 1e-15);
        fused[0].Ranks.ShouldBe([3, 1]);
        fused[3].Score.ShouldBe(0.5 / 62, 1e-15);
        fused[3].Ranks.ShouldBe([0, 2]);
    }

    [Fact]
    public void Equal_scores_are_ordered_by_id() =>
        ReciprocalRankFusion.Fuse([new(["b", "Z"]), new(["a", "é"])]).Select(f => f.Id).ShouldBe(["a", "b", "Z", "é"]);

    [Fact]
    public void A_repeated_id_counts_once() => ReciprocalRankFusion.Fuse([new(["a", "a", "b"])])[0].Score.ShouldBe(1.0 / 61, 1e-15);

    [Fact]
    public void Any_lists_give_each_id_once_with_the_score_of_the_formula()
    {
        var random = new Random(4);
        for (var round = 0; round < 200; round++)
        {
            var lists = Enumerable.Range(0, random.Next(0, 4)).Select(_ =>
            {
                var ids = Enumerable.Range(0, 30).Select(i => $"i{i}").ToArray();
                random.Shuffle(ids);
                return new RankedList([.. ids.Take(random.Next(30))], random.NextDouble() * 2);
            }).ToList();

            var fused = ReciprocalRankFusion.Fuse(lists, k: 10);

            fused.Select(f => f.Id).Order().ShouldBe(lists.SelectMany(l => l.Ids).Distinct().Order());
            foreach (var (id, score, _) in fused)
                score.ShouldBe(lists.Sum(l => l.Ids.ToList().IndexOf(id) is >= 0 and var at ? l.Weight / (11 + at) : 0), 1e-12);
            fused.Select(f => f.Score).ShouldBe(fused.Select(f => f.Score).OrderDescending());
        }
    }

    [Fact]
    public void A_weight_below_nought_is_refused() => Should.Throw<ArgumentException>(() => ReciprocalRankFusion.Fuse([new(["a"], -1)]));
}
