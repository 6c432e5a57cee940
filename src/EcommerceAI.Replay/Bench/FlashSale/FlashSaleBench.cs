using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>
/// <c>bench flash-sale</c>: reservations of one product by 64 clients, each checked for duplicates and the limit per customer and durable
/// before its reply, against Redis with the same check in a script, in turns on the same disk; each figure is the median of its rounds.
/// </summary>
internal sealed class FlashSaleBench : IBench
{
    private const int Buyers = 10_000;
    private const int Units = 500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var clients = new Option<int>("--clients") { Description = "Clients at once.", DefaultValueFactory = _ => 64 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median of each figure counts.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "flash-sale",
            """
            Reservations accepted per second on one product, in process and over HTTP, every one durable before its reply, and their ratio to
            Redis (redis-server where it is installed) doing the same check-and-decrement in a Lua script, flushed always and every second.
            """,
            new Example("bench flash-sale --json", "One JSON object."),
            new Example("bench flash-sale --seconds 5 --rounds 5", "Longer, for a machine that is not quiet.")) { clients, seconds, rounds, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var run = new FlashSaleRun(
                Math.Max(1, parsed.GetValue(clients)), Math.Max(0.1, parsed.GetValue(seconds)), Math.Max(1, parsed.GetValue(rounds)),
                Path.Combine(StoreOption.FolderOf(parsed), "bench"));
            var figures = await run.MeasureAsync(open.ConnectionString, Buyers, Units, cancellation);
            if (figures.Redis is null) await Console.Error.WriteLineAsync("redis-server is not installed; measured without it.");
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return figures.Oversold == 0 ? ReplayCommandLine.Success : ReplayCommandLine.Failure;
        });
        return command;
    }

    private static string Describe(FlashSaleFigures figures) =>
        $"""
         one drop, {figures.Clients} clients; reservations accepted and durable per second
         in process    {figures.ReservationsPerSecond,8:N0}/s
         over HTTP     {figures.HttpReservationsPerSecond,8:N0}/s   {figures.Ratios.HttpVsInProcess} of that
         Redis always  {(figures.Redis is { } redis ? $"{redis.AlwaysPerSecond,8:N0}/s   ratio {figures.Ratios.VsRedisAlways}" : "not installed")}
         Redis everysec{(figures.Redis is { } second ? $"{second.EverySecondPerSecond,8:N0}/s   ratio {figures.Ratios.VsRedisEverySecond}" : " not installed")}
         {figures.Buyers:N0} buyers, {figures.Units:N0} units: {figures.Oversold} oversold
         """;
}

/// <summary>What was measured.</summary>
internal sealed record FlashSaleFigures(
    int Clients, double ReservationsPerSecond, double HttpReservationsPerSecond, RedisFigures? Redis, int Buyers, int Units, long Oversold,
    FlashSaleRatios Ratios);

/// <summary>The peer.</summary>
internal sealed record RedisFigures(double AlwaysPerSecond, double EverySecondPerSecond);

/// <summary>What counts.</summary>
internal sealed record FlashSaleRatios(
    [property: JsonPropertyName("vs_redis_always")] double? VsRedisAlways,
    [property: JsonPropertyName("vs_redis_everysec")] double? VsRedisEverySecond,
    [property: JsonPropertyName("http_vs_in_process")] double HttpVsInProcess,
    [property: JsonPropertyName("http_vs_redis_always")] double? HttpVsRedisAlways);
