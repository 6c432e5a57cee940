using EcommerceAI.Replay.Bench.Relevance;
using EcommerceAI.Replay.CommandLine;
using Shouldly;
using Xunit;

namespace EcommerceAI.Replay.Tests.Bench;

public sealed class RelevanceMeasureTests
{
    private static readonly Dictionary<string, int> Grades = new(StringComparer.Ordinal) { ["a"] = 2, ["b"] = 1, ["c"] = 1 };

    [Theory]
    [InlineData("a,b,c", 1)]
    [InlineData("a,c,b", 1)]
    [InlineData("x,a", 0.4030)]
    [InlineData("x,y", 0)]
    [InlineData("", 0)]
    public void Ndcg_is_the_discounted_gain_over_the_best_that_can_be(string ranking, double expected) =>
        RankingQuality.Ndcg(Grades, ranking.Split(',')).ShouldBe(expected, 1e-4);

    [Fact]
    public void Recall_is_the_share_of_what_is_worth_anything_within_the_first_hundred() =>
        RankingQuality.Recall(Grades, ["a", .. Enumerable.Range(0, 99).Select(i => $"x{i}"), "b"]).ShouldBe(1 / 3.0, 1e-9);

    [Fact]
    public void The_interval_holds_the_mean_and_is_the_same_each_time()
    {
        double[] values = [.. Enumerable.Range(0, 45).Select(i => i % 7 / 6.0)];

        var interval = PairedBootstrap.Of(values);

        interval.Low.ShouldBeInRange(interval.Mean - 0.15, interval.Mean - 0.05);
        interval.High.ShouldBeInRange(interval.Mean + 0.05, interval.Mean + 0.15);
        PairedBootstrap.Of(values).ShouldBe(interval);
        PairedBootstrap.Of([0.5, 0.5, 0.5]).ShouldBe(new Interval(0.5, 0.5, 0.5));
    }

    [Theory]
    [InlineData("q1\thead\tcake stand\n", "q1\t22423\n", "judgments.tsv, line 1")]
    [InlineData("q1\thead\tcake stand\n", "q2\t22423\t2\n", "there is no query 'q2'")]
    [InlineData("q1\thead\tcake stand\n", "q1\t22423\ttwo\n", "'two' is not a grade")]
    [InlineData("q1\thead\ta\nq1\thead\tb\n", "", "line 2: query 'q1' is there twice")]
    [InlineData("", "", "has no query")]
    public void What_cannot_be_read_is_named_by_file_and_line(string queries, string judgments, string wrong)
    {
        var folder = Directory.CreateTempSubdirectory("judged").FullName;
        var (queriesFile, judgmentsFile) = (Path.Combine(folder, "queries.tsv"), Path.Combine(folder, "judgments.tsv"));
        File.WriteAllText(queriesFile, queries);
        File.WriteAllText(judgmentsFile, judgments);

        Should.Throw<ReplayException>(() => JudgedQueries.Read(queriesFile, judgmentsFile)).Message.ShouldContain(wrong);

        Directory.Delete(folder, recursive: true);
    }
}
