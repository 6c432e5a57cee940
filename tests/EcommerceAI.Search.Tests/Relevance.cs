namespace EcommerceAI.Search.Tests;

/// <summary>
/// NDCG@10: linear gain, log2(rank + 1) discount, the ideal from the query's own judgments, what is not judged counts nought.
/// </summary>
public static class Relevance
{
    private const int Depth = 10;

    public static double Ndcg(JudgedQuery query, IEnumerable<string> ids)
    {
        var gained = ids.Take(Depth).Select((id, i) => query.Grades.GetValueOrDefault(id) / Math.Log2(i + 2)).Sum();
        var ideal = query.Grades.Values.OrderDescending().Take(Depth).Select((grade, i) => grade / Math.Log2(i + 2)).Sum();
        return ideal > 0 ? gained / ideal : 0;
    }
}
