namespace EcommerceAI.Replay.Bench.Relevance;

/// <summary>How good one answer is: 0 (nothing of worth) to 1 (as good as can be).</summary>
internal static class RankingQuality
{
    /// <summary>How far down NDCG looks.</summary>
    public const int NdcgDepth = 10;

    /// <summary>How far down recall looks.</summary>
    public const int RecallDepth = 100;

    /// <summary>
    /// NDCG@10 (K. Järvelin, J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20(4), 2002): linear gain,
    /// log2(rank + 1) discount, the ideal from the query's own judgments, what is not judged counts nought.
    /// </summary>
    public static double Ndcg(IReadOnlyDictionary<string, int> grades, IEnumerable<string> ids)
    {
        var gained = Cumulated(ids.Select(id => grades.GetValueOrDefault(id)));
        var ideal = Cumulated(grades.Values.OrderDescending());
        return ideal > 0 ? gained / ideal : 0;
    }

    /// <summary>The share of the documents of any worth that are among the first hundred.</summary>
    public static double Recall(IReadOnlyDictionary<string, int> grades, IEnumerable<string> ids) =>
        grades.Count == 0 ? 0 : ids.Take(RecallDepth).Count(grades.ContainsKey) / (double)grades.Count;

    private static double Cumulated(IEnumerable<int> gains) => gains.Take(NdcgDepth).Select((gain, i) => gain / Math.Log2(i + 2)).Sum();
}
