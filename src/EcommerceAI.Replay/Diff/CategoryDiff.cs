using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Diff;

/// <summary>Which streams of a category have events between two points: after the one, up to and with the other.</summary>
internal sealed class CategoryDiff(string category, StreamPoint? from, StreamPoint? to)
{
    public async Task WriteAsync(OpenStore open, int limit, bool asJson, CancellationToken cancellation)
    {
        if (from is StreamPoint.AtMoment earlier && to is StreamPoint.AtMoment later && later.Moment < earlier.Moment)
            throw new ReplayException("--to lies before --from.");
        var changes = await new EventQueries(open.Store).CountByStreamAsync(Filter(), cancellation);
        var shown = changes.Take(limit).ToList();
        var total = changes.Sum(change => change.Events);
        if (asJson)
        {
            await JsonOutput.WriteAsync(new { category, streams = changes.Count, events = total, changed = shown });
        }
        else
        {
            var table = new TextTable().Text("stream").Number("events").Number("from version").Number("to version").Text("kinds");
            foreach (var change in shown) table.Row(change.StreamId, change.Events, change.FirstVersion - 1, change.LastVersion, string.Join(", ", change.Types));
            table.Write();
            await Console.Out.WriteLineAsync($"{total:N0} events in {changes.Count:N0} streams.");
        }

        if (shown.Count < changes.Count) await Console.Error.WriteLineAsync($"{changes.Count - shown.Count:N0} more streams are not shown: --limit");
    }

    private EventFilter Filter()
    {
        var filter = new EventFilter { Category = category };
        filter = from switch
        {
            StreamPoint.AtMoment moment => filter with { From = JustAfter(moment.Moment) },
            StreamPoint.AtPosition position => filter with { After = position.Position },
            _ => filter,
        };
        return to switch
        {
            StreamPoint.AtMoment moment => filter with { To = JustAfter(moment.Moment) },
            StreamPoint.AtPosition position => filter with { UpTo = position.Position },
            _ => filter,
        };
    }

    /// <summary>The next microsecond, which is as fine as the database keeps moments.</summary>
    private static DateTimeOffset JustAfter(DateTimeOffset moment) => moment.AddTicks(TimeSpan.TicksPerMicrosecond - (moment.Ticks % TimeSpan.TicksPerMicrosecond));
}
