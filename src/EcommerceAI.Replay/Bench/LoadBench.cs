using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using Npgsql;

namespace EcommerceAI.Replay.Bench;

/// <summary><c>bench load</c>: states of streams of 100 events, against the bare SELECT of their rows; and any state as of any moment.</summary>
internal sealed class LoadBench : IBench
{
    private const int EventsPerStream = 100;
    private const int Rounds = 3;

    /// <summary>Every column of the layout.</summary>
    private const string Select =
        """
        select seq_id, id, stream_id, version, data, bdata, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived
        from events.mt_events where stream_id = $1 order by version
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <inheritdoc/>
    public Command Create()
    {
        var streams = new Option<int>("--streams") { Description = "Streams of 100 events each.", DefaultValueFactory = _ => 1000 };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each of the twelve measurements.", DefaultValueFactory = _ => 2 };
        var asOf = new Option<bool>("--as-of") { Description = "Where the store is empty, import a year first, into a database of its own, to measure as-of (some 40 s)." };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "load",
            """
            Loads per second of the state of a 100-event stream, without snapshot or cache, for 1 client and for 16. The ratio is to SELECT: the bare
            prepared SELECT of the same rows by the same driver on connections of a pool, all 14 columns fetched in the type of each, the JSON as its
            bytes, nothing deserialised or folded; the two take turns, medians of three rounds. Then as-of over the store at hand, where it is not empty:
            milliseconds until the state of a random stream at a random moment is there as JSON.
            """,
            new Example("bench load --as-of", "With states as of past moments of the real year."))
        {
            streams, seconds, asOf, json,
        };
        streams.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--streams must be 1 or more.");
        });
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and < 3600)) result.AddError("--seconds must be above 0 and below 3600.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var figures = await MeasureAsync(open.ConnectionString, parsed.GetValue(streams), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation);
            figures = figures with { AsOf = await AsOfLatency.MeasureAsync(open, parsed.GetValue(asOf), StoreOption.FolderOf(parsed), cancellation) };
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<LoadFigures> MeasureAsync(string server, int streams, TimeSpan time, CancellationToken cancellation)
    {
        await using var scratch = await ScratchDatabase.CreateAsync(server, $"bench_load_{Environment.ProcessId}", cancellation);
        await using var store = await EventStore.OpenAsync(scratch.Open.ConnectionString, ShelfLog.Types, cancellation);
        await ShelfLog.FillAsync(store, streams, EventsPerStream, cancellation);
        await scratch.CheckpointAsync(cancellation);
        // Both sides once for nothing: the programs are compiled, the statements prepared, the log is in memory.
        await RateAsync(16, time / 2, streams, shelf => SelectAsync(store.Source, shelf), cancellation);
        await RateAsync(16, time / 2, streams, shelf => LoadAsync(store, shelf), cancellation);
        var rates = new List<(int Clients, double Select, double Load)>();
        foreach (var clients in new[] { 1, 16 })
        {
            for (var round = 0; round < Rounds; round++)
                rates.Add((
                    clients,
                    await RateAsync(clients, time, streams, shelf => SelectAsync(store.Source, shelf), cancellation),
                    await RateAsync(clients, time, streams, shelf => LoadAsync(store, shelf), cancellation)));
        }

        double Of(int clients, Func<(int Clients, double Select, double Load), double> side) =>
            Percentiles.Median(rates.Where(rate => rate.Clients == clients).Select(side));
        var (select1, load1) = (Of(1, rate => rate.Select), Of(1, rate => rate.Load));
        var (select16, load16) = (Of(16, rate => rate.Select), Of(16, rate => rate.Load));
        return new LoadFigures(
            EventsPerStream, streams, Math.Round(load1), Math.Round(select1), Math.Round(load16), Math.Round(select16),
            new LoadRatios(Math.Round(load1 / select1, 3), Math.Round(load16 / select16, 3)));
    }

    private static async Task<double> RateAsync(
        int clients, TimeSpan time, int streams, Func<string, Task<long>> operation, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            var random = new OnlineRetail.Generation.SplitMix64((ulong)client);
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                cancellation.ThrowIfCancellationRequested();
                var streamId = ShelfLog.StreamId(random.Below(streams));
                var events = await operation(streamId);
                if (events != EventsPerStream) throw new ReplayException($"The stream '{streamId}' came with {events} events, not {EventsPerStream}.");
                count++;
            }

            return count;
        }, cancellation)));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<long> LoadAsync(EventStore store, string streamId) =>
        (await store.LoadAsync(streamId, ShelfStock.Empty, ShelfStock.Evolve)).State.Moves;

    private static async Task<long> SelectAsync(NpgsqlDataSource source, string streamId)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Select, connection);
        command.Parameters.AddWithValue(NpgsqlTypes.NpgsqlDbType.Varchar, streamId);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        for (; await reader.ReadAsync(); rows++)
        {
            _ = reader.GetInt64(0);
            _ = reader.GetGuid(1);
            _ = reader.GetString(2);
            _ = reader.GetInt64(3);
            _ = reader.GetFieldValue<byte[]>(4);
            _ = reader.GetString(6);
            _ = reader.GetDateTime(7);
            for (var text = 8; text <= 11; text++) _ = reader.IsDBNull(text) ? null : reader.GetString(text);
            _ = reader.IsDBNull(5) ? null : reader.GetFieldValue<byte[]>(5);
            _ = reader.IsDBNull(12) ? null : reader.GetFieldValue<byte[]>(12);
            _ = reader.GetBoolean(13);
        }

        return rows;
    }

    private static string Describe(LoadFigures figures) =>
        $"""
         states of streams of {figures.EventsEach} events, of {figures.Streams:N0}
         1 client    load {figures.LoadsPerSecond1:N0}/s, select {figures.SelectsPerSecond1:N0}/s, ratio {figures.Ratios.LoadVsSelect}
         16 clients  load {figures.LoadsPerSecond16:N0}/s, select {figures.SelectsPerSecond16:N0}/s, ratio {figures.Ratios.Load16VsSelect}
         as-of       {(figures.AsOf is { } asOf
             ? $"{asOf.P50Milliseconds} ms at the median, {asOf.P99Milliseconds} ms at the 99th percentile, over {asOf.Events:N0} events; longest stream {asOf.LongestStream:N0} events: {asOf.LongestStreamMilliseconds} ms"
             : "not measured: the store is empty (--as-of imports a year)")}
         """;

    private sealed record LoadFigures(
        int EventsEach, int Streams, double LoadsPerSecond1, double SelectsPerSecond1, double LoadsPerSecond16, double SelectsPerSecond16,
        LoadRatios Ratios, AsOfFigures? AsOf = null);

    private sealed record LoadRatios(
        [property: JsonPropertyName("load_vs_select")] double LoadVsSelect, [property: JsonPropertyName("load16_vs_select")] double Load16VsSelect);
}
