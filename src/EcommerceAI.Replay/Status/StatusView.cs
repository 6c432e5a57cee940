using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Status;

/// <summary>The parts of a status that every store has.</summary>
internal sealed class StatusView(StoreStatus status, IReadOnlyList<ProjectionRow> projections, TimeSpan patience)
{
    public StatusSection Log()
    {
        var table = new TextTable().Number("high-water mark").Number("drawn last").Number("events").Number("holes").Number("streams").Number("archived").Text("held back");
        table.Row(
            status.HighWaterMark, status.LastDrawn, status.Events, status.Holes, status.Streams, status.ArchivedStreams,
            status.IsHeldBack ? $"by {status.Highest - status.HighWaterMark} positions" : "no");
        return new StatusSection(
            "log",
            Node(new
            {
                status.HighWaterMark,
                status.LastDrawn,
                status.Highest,
                status.Events,
                status.Holes,
                status.Streams,
                status.ArchivedStreams,
                status.IsHeldBack,
                at = status.Now,
            }),
            table,
            []);
    }

    /// <summary>Whoever has drawn a number and not ended: harmless for a moment, and after that what everybody waits for.</summary>
    public StatusSection Holders()
    {
        var table = new TextTable().Text("has drawn a number").Text("process").Text("state").Text("since").Text("for");
        foreach (var holder in status.Holders)
            table.Row(holder.Application, Process(holder), holder.State, holder.Since, status.Now - holder.Since);
        var tooLong = status.IsHeldBack ? status.Holders.Where(holder => status.Now - holder.Since > patience) : [];
        return new StatusSection(
            "holders", Node(status.Holders), table,
            [
                .. tooLong.Select(holder =>
                    $"The mark is held back by '{TextTable.Show(holder.Application)}' ({Process(holder)}, {holder.State}) since {TextTable.Show(holder.Since)}."),
            ]);
    }

    public StatusSection Projections()
    {
        var table = new TextTable().Text("projection").Number("generation").Number("version").Text("state").Number("checkpoint").Number("lag").Text("moved");
        foreach (var row in projections) table.Row(row.Projection, row.Generation, row.Version, row.State, row.Checkpoint, row.Lag, row.Changed);
        return new StatusSection("projections", Node(projections), table, [.. projections.Select(row => row.Amiss).OfType<string>()]);
    }

    private static string Process(SequenceHolder holder) => holder.ProcessId is { } id ? $"process {id}" : "prepared transaction";

    private static JsonNode Node(object value) => JsonSerializer.SerializeToNode(value, EventSerializer.Options)!;
}
