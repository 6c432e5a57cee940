using System.Diagnostics;
using System.Text.Json;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.AsOf;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Generate;
using EcommerceAI.Replay.Import;
using EcommerceAI.Replay.OnlineRetail;
using EcommerceAI.Replay.OnlineRetail.Generation;

namespace EcommerceAI.Replay.Bench;

/// <summary>How long a state of the past takes.</summary>
/// <param name="Events">Events in the log.</param>
/// <param name="Questions">How many states were asked for.</param>
/// <param name="P50Milliseconds">At the median.</param>
/// <param name="P99Milliseconds">At the 99th percentile.</param>
/// <param name="LongestStream">Events of the longest stream.</param>
/// <param name="LongestStreamMilliseconds">Its state as of the end of the log, at the median of some.</param>
internal sealed record AsOfFigures(
    long Events, int Questions, double P50Milliseconds, double P99Milliseconds, long LongestStream, double LongestStreamMilliseconds);

/// <summary>
/// Asks for states of streams at moments as the verb <c>as-of</c> does, its JSON included. Half of the streams are drawn from all alike,
/// half by their events, so that long ones come as often as they are long; the moments are those of random events of the log.
/// </summary>
internal static class AsOfLatency
{
    private const int Questions = 2000;

    /// <summary>Measures over a store, or over a year imported for it; null where the store is empty and none is asked for.</summary>
    public static async Task<AsOfFigures?> MeasureAsync(OpenStore open, bool import, string folder, CancellationToken cancellation)
    {
        if (await open.Store.HighWater.ReadAsync(cancellation) > 0) return await AskAsync(open, cancellation);
        if (!import) return null;
        await using var scratch = await ScratchDatabase.CreateAsync(open.ConnectionString, $"bench_as_of_{Environment.ProcessId}", cancellation);
        var file = RealYear.Find() ?? GeneratedYear.EnsureFile(folder);
        await new ImportRun(scratch.Open.Store, ImportPlan.Create(OnlineRetailReader.Read(file, cancellation)), file).RunAsync(null, cancellation);
        await scratch.CheckpointAsync(cancellation);
        return await AskAsync(scratch.Open, cancellation);
    }

    private static async Task<AsOfFigures?> AskAsync(OpenStore open, CancellationToken cancellation)
    {
        var known = open.Contexts.SelectMany(context => context.States.Keys).ToHashSet(StringComparer.Ordinal);
        var streams = (await ReadAsync(open, "select id, version from events.mt_streams where version > 0 order by version desc, id", cancellation))
            .FindAll(stream => known.Contains(StreamKeys.CategoryOf(stream.Id)));
        if (streams.Count == 0) return null;
        var mark = await open.Store.HighWater.ReadAsync(cancellation);
        var random = new SplitMix64(1);
        var positions = Enumerable.Range(0, Questions).Select(_ => 1 + (long)(random.Next() % (ulong)mark)).ToArray();
        var events = await ReadAsync(
            open, "select stream_id, (extract(epoch from timestamp) * 1000)::bigint from events.mt_events where seq_id = any($1)", cancellation, positions);
        var byEvents = events.FindAll(@event => known.Contains(StreamKeys.CategoryOf(@event.Id)));
        var times = new List<double>(Questions);
        // The first tenth only warms up.
        for (var i = -Questions / 10; i < Questions; i++)
        {
            var stream = i % 2 == 0 || byEvents.Count == 0 ? random.Pick(streams).Id : random.Pick(byEvents).Id;
            var moment = DateTimeOffset.FromUnixTimeMilliseconds(random.Pick(events).Number);
            var time = await AskAsync(open, stream, new StreamPoint.AtMoment(moment), cancellation);
            if (i >= 0) times.Add(time);
        }

        var longest = new List<double>();
        for (var i = 0; i < 20; i++) longest.Add(await AskAsync(open, streams[0].Id, new StreamPoint.AtPosition(mark), cancellation));
        return new AsOfFigures(
            streams.Sum(stream => stream.Number), Questions, Math.Round(Percentiles.Median(times), 2), Math.Round(Percentiles.At(times, 0.99), 2),
            streams[0].Number, Math.Round(Percentiles.Median(longest), 2));
    }

    private static async Task<double> AskAsync(OpenStore open, string streamId, StreamPoint point, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var (state, last) = await StateAtPoint.ReadAsync(open, streamId, point, cancellation);
        if (last is not null) JsonSerializer.Serialize(state, EventSerializer.Options);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<List<(string Id, long Number)>> ReadAsync(
        OpenStore open, string sql, CancellationToken cancellation, params long[] positions)
    {
        await using var command = open.Store.Source.CreateCommand(sql);
        if (positions.Length > 0) command.Parameters.AddWithValue(positions);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadRowsAsync(row => (row.GetString(0), row.GetInt64(1)), cancellation);
    }
}
