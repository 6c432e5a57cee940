using EcommerceAI.Testing;
using Xunit.Abstractions;

namespace EcommerceAI.Search.Tests;

/// <summary>The measure that decides whether a change of ranking is a better one: NDCG@10 on the judged queries of a real shop.</summary>
public sealed class RelevanceTests(ITestOutputHelper output)
{
    [RealDataFact]
    public async Task Keywords_beat_a_plain_full_text_search_without_any_thesaurus_and_the_fusion_beats_its_legs()
    {
        var rows = await MeasureAsync(thesaurus: null);

        // SQLite FTS5 with porter stems has 0.594 on these.
        rows.Average(r => r.Keyword).ShouldBeGreaterThanOrEqualTo(0.66);
        rows.Average(r => r.Hybrid).ShouldBeGreaterThanOrEqualTo(rows.Average(r => r.Keyword));
        rows.Where(r => r.Kind == "exact").ShouldAllBe(r => r.Keyword > 0.999);
        Mean(rows, "typo").ShouldBeGreaterThanOrEqualTo(0.80);
        Mean(rows, "constraint").ShouldBeGreaterThanOrEqualTo(0.75);
    }

    [WordNetFact]
    public async Task With_a_thesaurus_wishes_in_other_words_are_understood()
    {
        var rows = await MeasureAsync(WordNet.Find());

        rows.Average(r => r.Hybrid).ShouldBeGreaterThanOrEqualTo(0.78);
        rows.Average(r => r.Hybrid).ShouldBeGreaterThanOrEqualTo(rows.Average(r => r.Keyword));
        Mean(rows, "semantic").ShouldBeGreaterThanOrEqualTo(0.30);
        Mean(rows, "wording").ShouldBeGreaterThanOrEqualTo(0.65);
        Mean(rows, "head").ShouldBeGreaterThanOrEqualTo(0.860);
        Mean(rows, "attribute").ShouldBeGreaterThanOrEqualTo(0.857);
        Mean(rows, "exact").ShouldBeGreaterThan(0.999);
    }

    private static double Mean(IEnumerable<(string Kind, double Keyword, double Vector, double Hybrid)> rows, string kind) =>
        rows.Where(r => r.Kind == kind).Average(r => r.Hybrid);

    private async Task<List<(string Kind, double Keyword, double Vector, double Hybrid)>> MeasureAsync(WordNet? thesaurus)
    {
        var queries = RealData.ReadJudgedQueries();
        var catalogue = RealData.ReadCatalogue();
        catalogue.Count.ShouldBe(3783);
        queries.Count.ShouldBe(45);
        using var index = new HybridIndex(Documents.TitleIndex(), new() { EmbeddedFields = ["title"], Thesaurus = () => thesaurus });
        await index.WriteAsync([.. catalogue.Select(DocumentWrite.Upsert)]);
        await index.TrainAsync();
        var searcher = new HybridSearcher(index, Shop.Patient);

        var rows = new List<(string Kind, double Keyword, double Vector, double Hybrid)>();
        foreach (var query in queries)
            rows.Add((query.Kind, await NdcgAsync(query, SearchLegs.Text), await NdcgAsync(query, SearchLegs.Vector), await NdcgAsync(query, SearchLegs.Both)));
        foreach (var kind in rows.GroupBy(r => r.Kind).Append(rows.GroupBy(_ => "all").Single()))
            output.WriteLine(
                $"{kind.Key,-10} keyword {kind.Average(r => r.Keyword):0.000} vector {kind.Average(r => r.Vector):0.000} hybrid {kind.Average(r => r.Hybrid):0.000}");
        return rows;

        async Task<double> NdcgAsync(JudgedQuery query, SearchLegs legs)
        {
            var page = (await searcher.SearchAsync(new() { Text = query.Text, PageSize = 10, Legs = legs })).ShouldBeOfType<SearchPage>();
            return Relevance.Ndcg(query, page.Hits.Select(h => h.Id));
        }
    }
}
