using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Api;

/// <summary>
/// <c>bench api</c>: product pages, searches and cart lines over HTTP against the same server's own empty reply, in turns, so that both
/// see the same machine; of each the median of its rounds counts.
/// </summary>
internal sealed class ApiBench : IBench
{
    private const int Carts = 500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 5 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median of each figure counts.", DefaultValueFactory = _ => 3 };
        var connections = new Option<int>("--connections") { Description = "Connections at once.", DefaultValueFactory = _ => 16 };
        var products = new Option<int>("--products") { Description = "Products of the catalogue, at most 50,000.", DefaultValueFactory = _ => 3_783 };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "api",
            """
            Replies per second of the whole API, loaded by wrk: product pages drawn uniformly over the catalogue while five prices a second change,
            searches that never repeat, lines added to carts; each against the same server's empty JSON reply, measured before and after it.
            """,
            new Example("bench api --json", "One JSON object."), new Example("bench api --products 50000", "A larger catalogue.")) { seconds, rounds, connections, products, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (ProgramOnPath.Find("wrk") is not { } program) throw new ReplayException("bench api needs wrk on the PATH: install Debian's package wrk.");
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_api_{Environment.ProcessId}", cancellation);
            var size = Math.Clamp(parsed.GetValue(products), 1, 50_000);
            await using var shop = await ApiShop.StartAsync(
                scratch.Open.ConnectionString, Path.Combine(StoreOption.FolderOf(parsed), "bench"), size, cancellation);
            var load = new WrkLoad(program, shop.Url, shop.Token, Math.Max(1, parsed.GetValue(connections)));
            var figures = await MeasureAsync(shop, load, size, Math.Max(1, parsed.GetValue(seconds)), Math.Max(1, parsed.GetValue(rounds)), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return figures.Loads.Sum(named => named.Figures.Refused + named.Figures.Broken) == 0 ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
        });
        return command;
    }

    private static async Task<ApiFigures> MeasureAsync(ApiShop shop, WrkLoad load, int products, int seconds, int rounds, CancellationToken cancellation)
    {
        var carts = await shop.CreateCartsAsync(Carts, cancellation);
        const int unseen = 10_000_000;
        var measured = 0;
        (string Name, Func<string> Script)[] kinds =
        [
            ("productPage", () => LoadScripts.ProductPages(products, ++measured)),
            ("search", () => LoadScripts.Searches(CatalogueWords.All, unseen * ++measured)),
            ("addToCart", () => LoadScripts.CartLines(carts, products, ++measured)),
        ];
        // Everything is compiled to its end before anything counts: on two cores the compiler works beside the requests for minutes.
        await Clients.WarmUpAsync(
            [() => RateAsync(LoadScripts.Empty), .. kinds.Select(kind => (Func<Task<double>>)(() => RateAsync(kind.Script())))]);
        async Task<double> RateAsync(string script) => (await load.RunAsync(script, seconds, cancellation)).PerSecond;

        var taken = kinds.ToDictionary(kind => kind.Name, _ => new List<(LoadFigures Figures, double Empty)>(), StringComparer.Ordinal);
        var empties = new List<LoadFigures>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var kind in kinds)
            {
                var before = await load.RunAsync(LoadScripts.Empty, seconds, cancellation);
                var figures = await load.RunAsync(kind.Script(), seconds, cancellation);
                var after = await load.RunAsync(LoadScripts.Empty, seconds, cancellation);
                empties.AddRange([before, after]);
                taken[kind.Name].Add((figures, (before.PerSecond + after.PerSecond) / 2));
            }
        }

        double Ratio(string name) => Math.Round(Percentiles.Median([.. taken[name].Select(one => one.Figures.PerSecond / one.Empty)]), 3);
        return new ApiFigures(
            products,
            [new NamedLoad("empty", MedianOf(empties)), .. kinds.Select(kind => new NamedLoad(kind.Name, MedianOf([.. taken[kind.Name].Select(one => one.Figures)])))],
            new ApiRatios(Ratio("productPage"), Ratio("search"), Ratio("addToCart")));
    }

    private static LoadFigures MedianOf(List<LoadFigures> rounds) => new(
        Percentiles.Median([.. rounds.Select(round => round.PerSecond)]), Percentiles.Median([.. rounds.Select(round => round.P50)]),
        Percentiles.Median([.. rounds.Select(round => round.P95)]), Percentiles.Median([.. rounds.Select(round => round.P99)]),
        rounds.Sum(round => round.Refused), rounds.Sum(round => round.Broken));

    private static string Describe(ApiFigures figures) =>
        $"""
         {figures.Products:N0} products; replies/s and milliseconds at the 50th, 95th and 99th percentile
         {string.Join('\n', figures.Loads.Select(load =>
             $"{load.Name,-12} {load.Figures.PerSecond,9:N0}/s   {load.Figures.P50,7} {load.Figures.P95,7} {load.Figures.P99,7}   refused {load.Figures.Refused}, broken {load.Figures.Broken}"))}
         against the empty reply: product page {figures.Ratios.ProductPage}, search {figures.Ratios.Search}, cart line {figures.Ratios.AddToCart}
         """;

    private sealed record ApiFigures(int Products, IReadOnlyList<NamedLoad> Loads, ApiRatios Ratios);

    private sealed record NamedLoad(string Name, LoadFigures Figures);

    private sealed record ApiRatios(
        [property: JsonPropertyName("product_page_vs_empty")] double ProductPage,
        [property: JsonPropertyName("search_vs_empty")] double Search,
        [property: JsonPropertyName("add_to_cart_vs_empty")] double AddToCart);
}
