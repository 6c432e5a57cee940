using System.CommandLine;
using System.Globalization;
using System.Text;
using EcommerceAI.Projections.Search.Feed;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Import;
using EcommerceAI.Replay.OnlineRetail;
using EcommerceAI.Search;
using EcommerceAI.Search.Queries;

namespace EcommerceAI.Replay.Bench.Relevance;

/// <summary>
/// <c>bench relevance</c>: how good the answers are to judged queries over the catalogue of the real year, by keywords only, by vectors
/// only and fused, with what the host runs. The peer of the fused ranking are its own two legs, compared query by query.
/// </summary>
internal sealed class RelevanceBench : IBench
{
    private static readonly (string Name, SearchLegs Legs)[] Rankings =
        [("keyword", SearchLegs.Text), ("vector", SearchLegs.Vector), ("hybrid", SearchLegs.Both)];

    /// <inheritdoc/>
    public Command Create()
    {
        var data = new Option<string?>("--data") { Description = "Invoice lines whose products are the catalogue; default: the real year beside the repository." };
        var queries = new Option<string?>("--queries") { Description = "Queries, a line each: id, kind, text, parted by tabs; default: those beside the real year." };
        var judgments = new Option<string?>("--judgments") { Description = "Judgments, a line each: query id, stock code, grade; default: those beside the real year." };
        var json = JsonOutput.Option("one object");
        var command = new VerbCommand(
            "relevance",
            "NDCG@10, recall@100 and the share of empty answers on judged queries, by keywords, vectors and both, by kind of query.",
            new Example("bench relevance --json", "One JSON object."),
            new Example("bench relevance --queries mine.tsv --judgments judged.tsv", "The same for other queries.")) { data, queries, judgments, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if ((parsed.GetValue(data) ?? RealYear.Find()) is not { } year)
                throw new ReplayException("There is no real year beside the repository; name a file of invoice lines with --data.");
            var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(year))!, "judgments");
            var judged = JudgedQueries.Read(
                parsed.GetValue(queries) ?? Path.Combine(beside, "queries.tsv"), parsed.GetValue(judgments) ?? Path.Combine(beside, "judgments.tsv"));
            var figures = await MeasureAsync(year, judged, cancellation);
            if (parsed.GetValue(json)) await JsonOutput.WriteAsync(figures);
            else await Console.Out.WriteLineAsync(Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<RelevanceFigures> MeasureAsync(string year, IReadOnlyList<JudgedQuery> queries, CancellationToken cancellation)
    {
        using var index = ProductSearch.CreateIndex();
        var catalogue = RetailCatalogue.Of(OnlineRetailReader.Read(year, cancellation));
        await index.WriteAsync([.. catalogue.Select(DocumentWrite.Upsert)], cancellation);
        await index.TrainAsync(cancellation);
        // Quality is measured, not speed: a busy machine must not cost a leg.
        var searcher = new HybridSearcher(index, new() { Deadline = TimeSpan.FromMinutes(1) });
        var answers = new List<JudgedAnswer>();
        foreach (var query in queries)
            foreach (var (name, legs) in Rankings)
            {
                var request = new SearchRequest { Text = query.Text, Legs = legs, PageSize = RankingQuality.RecallDepth };
                answers.Add(await searcher.SearchAsync(request, cancellation) is SearchPage page
                    ? JudgedAnswer.Of(query, name, [.. page.Hits.Select(h => h.Id)])
                    : throw new InvalidOperationException($"Query '{query.Id}' was refused."));
            }

        return RelevanceFigures.Of(catalogue.Count, queries.Count, [.. Rankings.Select(r => r.Name)], answers);
    }

    private static string Describe(RelevanceFigures figures)
    {
        var text = new StringBuilder().AppendLine(CultureInfo.InvariantCulture, $"{figures.Queries} judged queries over {figures.Documents:N0} documents");
        foreach (var kind in figures.Ndcg.Values.First().Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"{kind,-11}");
            foreach (var name in figures.Ndcg.Keys)
                text.Append(CultureInfo.InvariantCulture, $" {name} ndcg@10 {figures.Ndcg[name][kind]:0.000} recall@100 {figures.RecallAt100[name][kind]:0.000} empty {figures.ZeroResultRate[name][kind]:0.000} ");
            text.AppendLine();
        }

        foreach (var (pair, interval) in figures.Differences)
            text.AppendLine(CultureInfo.InvariantCulture, $"{pair}: {interval.Mean:+0.000;-0.000} ({interval.Low:+0.000;-0.000} to {interval.High:+0.000;-0.000})");
        return text.ToString();
    }
}
