using EcommerceAI.Testing;
using Xunit.Abstractions;

namespace EcommerceAI.Search.Tests;

/// <summary>The measure that decides whether a change of ranking is a better one: NDCG@10 on the judged queries of a real shop.</summary>
public sealed class RelevanceTests(ITestOutputHelper output)
{
    [RealDataFact]
    public async Task Keywords_beat_a_plain_full_text_search_and_the_fusion_is_no_worse_than_keywords()
    {
        var queries = RealData.ReadJudgedQueries();
        var catalogue = RealData.ReadCatalogue();
        catalogue.Count.ShouldBe(3783);
        queries.Count.ShouldBe(45);
        using var index = new HybridIndex(Documents.TitleIndex(), new() { EmbeddedFields = ["title"] });
        await index.WriteAsync([.. catalogue.Select(DocumentWrite.Upsert)]);
        await index.TrainAsync();
        var searcher = new HybridSearcher(index, Shop.Patient);

        var rows = new List<(string Kind, double Keyword, double Vector, double Hybrid)>();
        foreach (var query in queries)
        {
            var keyword = await index.Text.IdsAsync(query.Text);
            var vector = await index.Vectors!.Index.SearchAsync(new(index.Vectors.Embedder.Embed(query.Text), 200));
            var hybrid = (await searcher.SearchAsync(new() { Text = query.Text, PageSize = 10 })).ShouldBeOfType<SearchPage>();
            rows.Add((query.Kind, Relevance.Ndcg(query, keyword), Relevance.Ndcg(query, vector.Select(h => h.Id)),
                Relevance.Ndcg(query, hybrid.Hits.Select(h => h.Id))));
        }

        foreach (var kind in rows.GroupBy(r => r.Kind).Append(rows.GroupBy(_ => "all").Single()))
            output.WriteLine(
                $"{kind.Key,-10} keyword {kind.Average(r => r.Keyword):0.000} vector {kind.Average(r => r.Vector):0.000} hybrid {kind.Average(r => r.Hybrid):0.000}");
        // SQLite FTS5 with porter stems has 0.594 on these.
        rows.Average(r => r.Keyword).ShouldBeGreaterThanOrEqualTo(0.60);
        rows.Average(r => r.Hybrid).ShouldBeGreaterThanOrEqualTo(rows.Average(r => r.Keyword));
        rows.Where(r => r.Kind == "exact").ShouldAllBe(r => r.Keyword > 0.999);
    }
}
