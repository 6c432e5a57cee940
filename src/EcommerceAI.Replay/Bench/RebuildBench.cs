using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Projections.Documents;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench;

/// <summary>
/// <c>bench rebuild</c>: a document a stream, rebuilt from the whole log and swapped in, against fetching and deserialising the same
/// events over as many connections with nothing applied.
/// </summary>
internal sealed class RebuildBench : IBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var events = new Option<int>("--events") { Description = "Events in the log.", DefaultValueFactory = _ => 1_000_000 };
        var streams = new Option<int>("--streams") { Description = "Streams they are spread over.", DefaultValueFactory = _ => 100_000 };
        var connections = new Option<int>("--connections") { Description = "Connections of both sides.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var rounds = new Option<int>("--rounds") { Description = "Times that both sides are measured, in turn; the medians count.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "rebuild",
            "Events per second of a rebuild of one document a stream, first read to swap, and its ratio to reading: fetching and deserialising the same events over as many connections, with nothing applied.",
            new Example("bench rebuild --json", "One JSON object."))
        {
            events, streams, connections, rounds, json,
        };
        foreach (var count in new[] { events, streams, connections, rounds })
            count.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1) result.AddError($"{count.Name} must be 1 or more.");
            });
        command.Validators.Add(result =>
        {
            if (result.GetValue(events) < result.GetValue(streams)) result.AddError("--events must not be below --streams: each stream has at least one.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_rebuild_{Environment.ProcessId}", cancellation);
            await using var store = await EventStore.OpenAsync(scratch.Open.ConnectionString, ShelfLog.Types, cancellation);
            var count = parsed.GetValue(streams);
            await ShelfLog.FillAsync(store, count, parsed.GetValue(events) / count, cancellation);
            await scratch.CheckpointAsync(cancellation);
            var options = new RebuildOptions { Connections = parsed.GetValue(connections) };
            var figures = await MeasureAsync(store, options, count, parsed.GetValue(rounds), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<RebuildFigures> MeasureAsync(
        EventStore store, RebuildOptions options, int streams, int rounds, CancellationToken cancellation)
    {
        var mark = await store.HighWater.ReadAsync(cancellation);
        var (reads, rebuilds) = (new List<double>(), new List<double>());
        var events = 0L;
        // Round 0 warms both sides up: the programs are compiled, the log is in memory.
        for (var round = 0; round <= rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            events = await ReadAsync(store, mark, options, cancellation);
            var read = Stopwatch.GetElapsedTime(started).TotalSeconds;
            started = Stopwatch.GetTimestamp();
            await new ProjectionRebuild(store, options).RunAsync(new ShelfProjection(), null, cancellation);
            var rebuild = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await CheckAsync(store, streams, events, cancellation);
            if (round == 0) continue;
            reads.Add(read);
            rebuilds.Add(rebuild);
        }

        var (readSeconds, rebuildSeconds) = (Percentiles.Median(reads), Percentiles.Median(rebuilds));
        using var self = Process.GetCurrentProcess();
        return new RebuildFigures(
            events, streams, options.Connections, rounds, Math.Round(rebuildSeconds, 2), Math.Round(events / rebuildSeconds),
            Math.Round(readSeconds, 2), Math.Round(events / readSeconds), self.PeakWorkingSet64 >> 20,
            new RebuildRatios(Math.Round(readSeconds / rebuildSeconds, 3)));
    }

    private static async Task<long> ReadAsync(EventStore store, long mark, RebuildOptions options, CancellationToken cancellation)
    {
        var range = new LogRange(0, mark, options.PageSize, ["shelf_moved"]);
        var events = 0L;
        await foreach (var page in store.Reader.ReadLogAsync(range, options.Connections, page => page.Events.Count, cancellation)) events += page;
        return events;
    }

    /// <summary>A rebuild that left something out would be fast.</summary>
    private static async Task CheckAsync(EventStore store, int streams, long events, CancellationToken cancellation)
    {
        var shelves = new DocumentQueries<ShelfStock>(new ReadModels(store.Source), new ShelfProjection());
        var (documents, moves) = (0, 0L);
        string? after = null;
        do
        {
            var page = (await shelves.ListAsync(after, 10_000, cancellation)).Value;
            documents += page.Items.Count;
            moves += page.Items.Sum(shelf => (long)shelf.Value.Moves);
            after = page.Next;
        }
        while (after is not null);
        if (documents != streams || moves != events)
            throw new ReplayException($"The rebuild made {documents:N0} documents of {moves:N0} events; the log holds {streams:N0} streams and {events:N0} events.");
    }

    private static string Describe(RebuildFigures figures) =>
        $"""
         {figures.Events:N0} events in {figures.Streams:N0} streams over {figures.Connections} connections
         rebuild  {figures.EventsPerSecond:N0} events/s ({figures.RebuildSeconds} s)
         read     {figures.ReadEventsPerSecond:N0} events/s ({figures.ReadSeconds} s), fetched and deserialised, nothing applied
         ratio    {figures.Ratios.RebuildVsRead} rebuild against read
         memory   {figures.PeakMebibytes:N0} MiB at most
         """;

    private sealed record RebuildFigures(
        long Events, int Streams, int Connections, int Rounds, double RebuildSeconds, double EventsPerSecond, double ReadSeconds,
        double ReadEventsPerSecond, long PeakMebibytes, RebuildRatios Ratios);

    private sealed record RebuildRatios([property: JsonPropertyName("rebuild_vs_read")] double RebuildVsRead);
}
