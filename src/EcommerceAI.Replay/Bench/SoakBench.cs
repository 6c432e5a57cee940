using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.OnlineRetail.Generation;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcommerceAI.Replay.Bench;

/// <summary><c>bench soak</c>: appends, loads and a followed projection for minutes, and what memory does meanwhile.</summary>
internal sealed class SoakBench : IBench
{
    /// <summary>Streams of each writer at a time.</summary>
    private const int Streams = 200;
    private const int Writers = 8;
    private const int Readers = 2;

    /// <summary>A stream that has grown to this is left for a fresh one, so that what a load costs does not grow with the run.</summary>
    private const int EventsEach = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long, after a warm-up of a fifth of it (two minutes at most).", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "soak",
            "Appends, loads and a followed projection for minutes. Growth is how much more the last quarter of the run used than its first, in percent: the managed heap after a collection, and the working set of the process; medians of samples.",
            new Example("bench soak --minutes 10", "Ten minutes."))
        {
            minutes, json,
        };
        minutes.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 10_000)) result.AddError("--minutes must be 0.1 to 10000.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_soak_{Environment.ProcessId}", cancellation);
            await using var store = await EventStore.OpenAsync(scratch.Open.ConnectionString, ShelfLog.Types, cancellation);
            var figures = await RunAsync(store, TimeSpan.FromMinutes(parsed.GetValue(minutes)), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<SoakFigures> RunAsync(EventStore store, TimeSpan time, CancellationToken cancellation)
    {
        var load = new Load(store);
        using var watch = new LogWatch(store, NullLogger<LogWatch>.Instance);
        using var host = new ProjectionHost(store, watch, [new ShelfProjection()], NullLogger<ProjectionHost>.Instance);
        await watch.StartAsync(cancellation);
        await host.StartAsync(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] work =
        [
            .. Enumerable.Range(0, Writers).Select(i => Task.Run(() => load.AppendAsync(i, stop.Token), CancellationToken.None)),
            .. Enumerable.Range(0, Readers).Select(i => Task.Run(() => load.ReadAsync(i, stop.Token), CancellationToken.None)),
        ];
        try
        {
            await Task.WhenAny(Task.Delay(TimeSpan.FromTicks(Math.Min(time.Ticks / 5, TimeSpan.FromMinutes(2).Ticks)), cancellation), Task.WhenAny(work).Unwrap());
            var before = load.Counts;
            var samples = await SampleAsync(time, work, cancellation);
            var after = load.Counts;
            var lag = await LagAsync(host, store, cancellation);
            return new SoakFigures(
                Math.Round(time.TotalMinutes, 2), after.Appends - before.Appends, after.Loads - before.Loads, lag,
                Growth.Of(samples.ConvertAll(sample => sample.Heap)), Growth.Of(samples.ConvertAll(sample => sample.WorkingSet)));
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await host.StopAsync(CancellationToken.None);
            await watch.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>At least forty samples; what the work throws ends it.</summary>
    private static async Task<List<(double Heap, double WorkingSet)>> SampleAsync(TimeSpan time, Task[] work, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var pause = TimeSpan.FromTicks(Math.Min(time.Ticks / 40, TimeSpan.FromSeconds(5).Ticks));
        var samples = new List<(double, double)>();
        while (Stopwatch.GetElapsedTime(started) < time)
        {
            if (await Task.WhenAny([Task.Delay(pause, cancellation), .. work]) is { } ended && work.Contains(ended)) await ended;
            cancellation.ThrowIfCancellationRequested();
            var heap = Heap.Used();
            using var self = Process.GetCurrentProcess();
            samples.Add((heap / 1048576.0, self.WorkingSet64 / 1048576.0));
        }

        return samples;
    }

    private static async Task<long> LagAsync(ProjectionHost host, EventStore store, CancellationToken cancellation)
    {
        var status = (await host.ReadStatusAsync(cancellation)).Single();
        if (status.Error is not null) throw new ReplayException($"The projection stopped: {status.Error}");
        return await store.HighWater.ReadAsync(cancellation) - status.Checkpoint;
    }

    private static string Describe(SoakFigures figures) =>
        $"""
         {figures.Minutes} minutes: {figures.Appends:N0} appends, {figures.Loads:N0} loads; the projection is {figures.ProjectionLag:N0} events behind
         heap         {figures.Heap.FirstMebibytes} MiB, then {figures.Heap.LastMebibytes} MiB: {figures.Heap.Percent} %
         working set  {figures.WorkingSet.FirstMebibytes} MiB, then {figures.WorkingSet.LastMebibytes} MiB: {figures.WorkingSet.Percent} %
         """;

    private sealed record SoakFigures(double Minutes, long Appends, long Loads, long ProjectionLag, Growth Heap, Growth WorkingSet);

    private sealed record Growth(double FirstMebibytes, double LastMebibytes, [property: JsonPropertyName("growthPercent")] double Percent)
    {
        public static Growth Of(List<double> samples)
        {
            var quarter = Math.Max(1, samples.Count / 4);
            var (first, last) = (Percentiles.Median(samples.Take(quarter)), Percentiles.Median(samples.TakeLast(quarter)));
            return new Growth(Math.Round(first, 1), Math.Round(last, 1), Math.Round(((last / first) - 1) * 100, 1));
        }
    }

    /// <summary>What clients do.</summary>
    private sealed class Load(EventStore store)
    {
        private long _appends;
        private long _loads;

        public (long Appends, long Loads) Counts => (Interlocked.Read(ref _appends), Interlocked.Read(ref _loads));

        public async Task AppendAsync(int writer, CancellationToken cancellation)
        {
            var random = new SplitMix64((ulong)writer);
            var generation = 0L;
            while (!cancellation.IsCancellationRequested)
            {
                var shelf = (((generation * Streams) + random.Below(Streams)) * Writers) + writer;
                var appended = await store.AppendAsync(
                    ShelfLog.StreamId(shelf), ExpectedVersion.Any, [ShelfLog.Move(shelf, 1, DateTimeOffset.UtcNow)], CancellationToken.None);
                if (appended is AppendResult.Appended { } done && done.Versions[0] >= EventsEach) generation++;
                Interlocked.Increment(ref _appends);
            }
        }

        public async Task ReadAsync(int reader, CancellationToken cancellation)
        {
            var random = new SplitMix64((ulong)reader + 1000);
            while (!cancellation.IsCancellationRequested)
            {
                await store.LoadAsync(ShelfLog.StreamId(random.Below(Streams * Writers)), ShelfStock.Empty, ShelfStock.Evolve, null, CancellationToken.None);
                Interlocked.Increment(ref _loads);
            }
        }
    }
}
