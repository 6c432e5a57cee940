using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Checkout;

/// <summary>
/// <c>bench checkout</c>: whole checkouts over HTTP (cart, line, address, delivery, payment, place) until the order is paid, through the
/// order process and the sandbox provider; and a rush of buyers on fewer units.
/// </summary>
internal sealed class CheckoutBench : IBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var workers = new Option<int>("--workers") { Description = "Buyers at once.", DefaultValueFactory = _ => 8 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of the measurement.", DefaultValueFactory = _ => 30 };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "checkout",
            """
            Orders per second over HTTP against the whole API with all that runs in it: each a cart of its own, a line of one of 500 products, address,
            delivery, payment, and the order, which counts once its money is captured. The clients run in this same process. Beside it the empty JSON
            reply of the same server. Then 200 buyers at once on 50 units: who is paid, who is told that there is none, and what is left over.
            """,
            new Example("bench checkout --json", "One JSON object.")) { workers, seconds, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_checkout_{Environment.ProcessId}", cancellation);
            await using var shop = await CheckoutShop.StartAsync(
                scratch.Open.ConnectionString, Path.Combine(StoreOption.FolderOf(parsed), "bench"), cancellation);
            var figures = await shop.MeasureAsync(Math.Max(1, parsed.GetValue(workers)), Math.Max(0.1, parsed.GetValue(seconds)), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return figures.Rush is { Paid: CheckoutShop.RushUnits, Orphaned: 0 } ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
        });
        return command;
    }

    private static string Describe(CheckoutFigures figures) =>
        $"""
         checkouts, {figures.Workers} workers   {figures.OrdersPerSecond:N0} orders/s paid; {figures.P50Milliseconds} ms at the median, {figures.P95Milliseconds} ms at the 95th percentile
         empty JSON               {figures.EmptyPerSecond:N0} replies/s; a checkout is 6 requests: {figures.Ratios.RequestsVsEmpty} of that
         {CheckoutShop.RushBuyers} buyers, {CheckoutShop.RushUnits} units     {figures.Rush.Paid} paid, {figures.Rush.Told} told so, {figures.Rush.Orphaned} orphaned
         """;
}

/// <summary>What was measured.</summary>
internal sealed record CheckoutFigures(
    int Workers, double OrdersPerSecond, double P50Milliseconds, double P95Milliseconds, double EmptyPerSecond, RushFigures Rush, CheckoutRatios Ratios);

/// <summary>What became of the rush: orders and holds that belong to nobody are orphaned.</summary>
internal sealed record RushFigures(int Paid, int Told, long Orphaned);

/// <summary>What counts.</summary>
internal sealed record CheckoutRatios([property: JsonPropertyName("requests_vs_empty")] double RequestsVsEmpty);
