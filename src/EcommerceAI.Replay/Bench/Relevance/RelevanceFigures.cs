namespace EcommerceAI.Replay.Bench.Relevance;

/// <summary>How one ranking answered one query.</summary>
internal sealed record JudgedAnswer(string Query, string Kind, string Ranking, double Ndcg, double Recall, bool IsEmpty)
{
    /// <summary>Judges an answer.</summary>
    public static JudgedAnswer Of(JudgedQuery query, string ranking, IReadOnlyList<string> ids) =>
        new(query.Id, query.Kind, ranking, RankingQuality.Ndcg(query.Grades, ids), RankingQuality.Recall(query.Grades, ids), ids.Count == 0);
}

/// <summary>What <c>bench relevance</c> prints: figures by ranking (keyword, vector, hybrid) and kind of query, with "all" for all.</summary>
/// <param name="Documents">Size of the catalogue.</param>
/// <param name="Queries">Number of queries.</param>
/// <param name="Ndcg">Mean NDCG@10.</param>
/// <param name="RecallAt100">Mean recall among the first hundred.</param>
/// <param name="ZeroResultRate">Share of queries without a hit.</param>
/// <param name="Intervals">95 % bootstrap intervals of the mean NDCG@10 over all queries, by ranking.</param>
/// <param name="Differences">95 % paired bootstrap intervals of the differences of NDCG@10 over all queries.</param>
internal sealed record RelevanceFigures(
    int Documents, int Queries, IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Ndcg,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> RecallAt100,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> ZeroResultRate,
    IReadOnlyDictionary<string, Interval> Intervals, IReadOnlyDictionary<string, Interval> Differences)
{
    private const string All = "all";

    /// <summary>Sums up answers; each ranking answered the same queries.</summary>
    public static RelevanceFigures Of(int documents, int queries, IReadOnlyList<string> rankings, IReadOnlyList<JudgedAnswer> answers)
    {
        var byRanking = rankings.ToDictionary(r => r, r => answers.Where(a => a.Ranking == r).OrderBy(a => a.Query, StringComparer.Ordinal).ToList());
        var fused = rankings[^1];
        return new(
            documents, queries, Means(byRanking, a => a.Ndcg), Means(byRanking, a => a.Recall), Means(byRanking, a => a.IsEmpty ? 1 : 0),
            byRanking.ToDictionary(r => r.Key, r => PairedBootstrap.Of([.. r.Value.Select(a => a.Ndcg)])),
            rankings.Take(rankings.Count - 1).ToDictionary(
                leg => $"{fused}_minus_{leg}",
                leg => PairedBootstrap.Of([.. byRanking[fused].Zip(byRanking[leg], (one, other) => one.Ndcg - other.Ndcg)])));
    }

    private static Dictionary<string, IReadOnlyDictionary<string, double>> Means(
        Dictionary<string, List<JudgedAnswer>> byRanking, Func<JudgedAnswer, double> figure) =>
        byRanking.ToDictionary(
            r => r.Key,
            r => (IReadOnlyDictionary<string, double>)r.Value.GroupBy(a => a.Kind).Prepend(r.Value.GroupBy(_ => All).Single())
                .ToDictionary(kind => kind.Key, kind => Math.Round(kind.Average(figure), 4)));
}
