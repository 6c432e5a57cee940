using System.Text.Json;
using System.Text.Json.Nodes;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.AsOf;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Export;

namespace EcommerceAI.Replay.Diff;

/// <summary>A stream's state at two points: where they differ, and the events that made the difference.</summary>
internal static class StreamDiff
{
    private const int ValueLength = 50;

    public static async Task WriteAsync(
        OpenStore open, string streamId, StreamPoint? from, StreamPoint? to, bool asJson, CancellationToken cancellation)
    {
        // Without an earlier point it is the stream before its first event.
        var before = await StateAtPoint.ReadAsync(open, streamId, from ?? new StreamPoint.AtVersion(0), cancellation);
        var after = await StateAtPoint.ReadAsync(open, streamId, to, cancellation);
        if (after.Last is null) throw new ReplayException($"The stream '{streamId}' has no event up to there.");
        if (before.Last?.Version > after.Last.Version) throw new ReplayException($"--to lies before --from: '{streamId}' stood at version {after.Last.Version} and {before.Last.Version}.");

        var changes = JsonDifference.Between(Json(before), Json(after)).ToList();
        var events = (await new EventQueries(open.Store).ListAsync(
            new EventFilter { StreamId = streamId, After = before.Last?.Position ?? 0, UpTo = after.Last.Position }, int.MaxValue, cancellation: cancellation)).ToList();
        if (asJson)
            await JsonOutput.WriteAsync(new { stream = streamId, from = Point(before), to = Point(after), changes, events = events.ConvertAll(Object) });
        else
            WriteTables(before, after, changes, events);
    }

    private static void WriteTables(StateAtPoint before, StateAtPoint after, List<JsonDifference> changes, List<StoredEvent> events)
    {
        var points = new TextTable().Text("").Number("version").Number("position").Text("moment");
        points.Row("from", before.Last?.Version ?? 0, before.Last?.Position ?? 0, before.Last?.Timestamp);
        points.Row("to", after.Last!.Version, after.Last.Position, after.Last.Timestamp);
        points.Write();
        var table = new TextTable().Text("place").Text("change").Text("from").Text("to");
        foreach (var change in changes) table.Row(change.Path, change.Op, Value(change.From, change.Op == "add"), Value(change.To, change.Op == "remove"));
        table.Write();
        var between = new TextTable().Number("version").Number("position").Text("moment").Text("event");
        foreach (var @event in events) between.Row(@event.Version, @event.Position, @event.Timestamp, @event.Type);
        between.Write();
    }

    /// <summary>Before its first event a stream has no state; whatever it has afterwards is new.</summary>
    private static JsonNode? Json(StateAtPoint at) =>
        at.Last is null ? new JsonObject() : JsonSerializer.SerializeToNode(at.State, at.State.GetType(), EventSerializer.Options);

    private static object Point(StateAtPoint at) => new
    {
        version = at.Last?.Version ?? 0,
        position = at.Last?.Position ?? 0,
        timestamp = at.Last?.Timestamp,
        state = at.Last is null ? null : Json(at),
    };

    private static JsonElement Object(StoredEvent @event) => JsonOutput.Element(writer => EventLines.Write(writer, @event));

    private static string Value(JsonNode? value, bool isAbsent) =>
        isAbsent ? "" : TextTable.Shorten(value?.ToJsonString(EventSerializer.Options) ?? "null", ValueLength);
}
