using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using Npgsql;

namespace EcommerceAI.Replay.Bench.Append;

/// <summary>
/// <c>bench append</c>: appends per second of 1 to 256 clients against the bare INSERT of the same row by as many clients, taken in turns
/// so that both see the same machine; each figure is the median of its rounds.
/// </summary>
internal sealed class AppendBench : IBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly int[] ClientCounts = [1, 16, 64, 256];

    /// <inheritdoc/>
    public Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Seconds of each measurement.", DefaultValueFactory = _ => 3 };
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median of each figure counts.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "append",
            "Appends per second, and their ratio to a bare INSERT of the same row by as many clients.",
            new Example("bench append --json", "One JSON object."), new Example("bench append --seconds 5 --rounds 5", "Longer, for a machine that is not quiet.")) { seconds, rounds, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var figures = await MeasureAsync(
                open.ConnectionString, Math.Max(1, parsed.GetValue(seconds)), Math.Max(1, parsed.GetValue(rounds)), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<AppendFigures> MeasureAsync(string server, int seconds, int rounds, CancellationToken cancellation)
    {
        await using var scratch = await ScratchDatabase.CreateAsync(server, $"bench_append_{Environment.ProcessId}", cancellation);
        // Bounded, so that the clients of the peers find room beside the store's own connections.
        var connectionString = new NpgsqlConnectionStringBuilder(scratch.Open.ConnectionString) { MaxPoolSize = 30 }.ConnectionString;
        await using var store = await EventStore.OpenAsync(connectionString, Noted.Types, cancellation);
        var peer = new InsertPeer(connectionString);
        await peer.PrepareAsync(cancellation);
        await WarmUpAsync(store, peer, cancellation);

        var taken = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        void Take(string name, double? value)
        {
            if (!taken.TryGetValue(name, out var values)) taken[name] = values = [];
            if (value is { } rate) values.Add(rate);
        }

        for (var round = 0; round < rounds; round++)
        {
            foreach (var clients in ClientCounts)
            {
                await scratch.CheckpointAsync(cancellation);
                Take($"insert{clients}", await peer.MeasureAsync(clients, seconds, cancellation));
                var prefix = $"new-{round}-{clients}";
                Take($"append{clients}", await Clients.RunAsync(
                    clients, seconds, (client, number) => AppendAsync(store, prefix, client, number, 1, cancellation), cancellation));
                Take($"pgbench{clients}", await PgBench.MeasureAsync(connectionString, clients, seconds, peer.NextRound(), cancellation));
            }

            await scratch.CheckpointAsync(cancellation);
            var turn = round;
            Take("tens16", 10 * await Clients.RunAsync(
                16, seconds, (client, number) => AppendAsync(store, $"ten-{turn}", client, number, 10, cancellation), cancellation));
            Take("commands16", await HotStream.MeasureAsync(store, 16, seconds, (client, number) => $"command-{turn}-{client}-{number % 100}", cancellation));
            Take("hot64", await HotStream.MeasureAsync(store, 64, seconds, (_, _) => $"hot-{turn}", cancellation));
        }

        return AppendFigures.Of(ClientCounts, taken.ToDictionary(pair => pair.Key, pair => Median(pair.Value), StringComparer.Ordinal));
    }

    /// <summary>
    /// Everything is compiled to its end and every table has grown beyond its first pages before anything counts: the compiler works in
    /// steps of its own time, on the cores that the measured share, so both sides run until neither gets faster.
    /// </summary>
    private static async Task WarmUpAsync(EventStore store, InsertPeer peer, CancellationToken cancellation)
    {
        var warmed = 0;
        await Clients.WarmUpAsync(
            () => Clients.RunAsync(16, 1, (client, number) => AppendAsync(store, $"warming-{warmed}", client, number, 1, cancellation), cancellation),
            () => HotStream.MeasureAsync(store, 64, 1, (_, _) => $"warming-hot-{warmed++}", cancellation),
            () => peer.MeasureAsync(16, 1, cancellation));
    }

    private static async Task AppendAsync(
        EventStore store, string prefix, int client, long number, int events, CancellationToken cancellation)
    {
        var data = new NewEvent[events];
        for (var i = 0; i < events; i++) data[i] = new NewEvent(Noted.Of(number + i));
        var request = new AppendRequest([new StreamAppend($"{prefix}-{client}-{number}", ExpectedVersion.NoStream, data)]);
        if (await store.AppendAsync(request, cancellation) is not AppendResult.Appended)
            throw new ReplayException($"An append to a new stream was refused: '{request.Streams[0].StreamId}'.");
    }

    private static double? Median(List<double> values) => values.Count == 0 ? null : values.Order().ElementAt(values.Count / 2);

    private static string Describe(AppendFigures figures) =>
        $"""
         new streams, one event each; appends/s against a bare INSERT/s of the same row by as many clients
         {string.Join('\n', figures.Clients.Select(c =>
             $"{c.Clients,4} clients   append {c.AppendsPerSecond,8:N0}   INSERT {c.InsertsPerSecond,8:N0}   pgbench {c.PgbenchPerSecond,8:N0}   ratio {c.Ratio}"))}
         new streams, ten events each, 16 clients                  {figures.TensPerSecond,8:N0} events/s
         load, decide, append on 1,600 streams, 16 clients          {figures.CommandsPerSecond,8:N0}/s
         load, decide, append on one stream, 64 clients             {figures.HotPerSecond,8:N0}/s   ratio {figures.Ratios.HotStream64}
         """;

    private sealed record AppendFigures(
        IReadOnlyList<ClientFigures> Clients, double TensPerSecond, double CommandsPerSecond, double HotPerSecond, AppendRatios Ratios)
    {
        public static AppendFigures Of(int[] counts, Dictionary<string, double?> medians)
        {
            double Get(string name) => medians[name] ?? 0;
            double Ratio(double value, int clients) => Math.Round(value / Get($"insert{clients}"), 3);
            return new AppendFigures(
                [
                    .. counts.Select(c => new ClientFigures(
                        c, Math.Round(Get($"append{c}")), Math.Round(Get($"insert{c}")),
                        medians[$"pgbench{c}"] is { } pgbench ? Math.Round(pgbench) : null, Ratio(Get($"append{c}"), c))),
                ],
                Math.Round(Get("tens16")),
                Math.Round(Get("commands16")),
                Math.Round(Get("hot64")),
                new AppendRatios(
                    Ratio(Get("append1"), 1), Ratio(Get("append16"), 16), Ratio(Get("append64"), 64), Ratio(Get("append256"), 256), Ratio(Get("hot64"), 64)));
        }
    }

    private sealed record ClientFigures(int Clients, double AppendsPerSecond, double InsertsPerSecond, double? PgbenchPerSecond, double Ratio);

    private sealed record AppendRatios(
        [property: JsonPropertyName("single_vs_insert")] double Single,
        [property: JsonPropertyName("concurrent16_vs_insert")] double Concurrent16,
        [property: JsonPropertyName("concurrent64_vs_insert")] double Concurrent64,
        [property: JsonPropertyName("concurrent256_vs_insert")] double Concurrent256,
        [property: JsonPropertyName("hot_stream64_vs_insert")] double HotStream64);
}
