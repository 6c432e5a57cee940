using System.CommandLine;
using System.Text;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Export;

namespace EcommerceAI.Replay.Streams;

/// <summary><c>streams</c>: lists streams; <c>streams show STREAM</c>: one of them with its events.</summary>
public sealed class StreamsVerb : IVerb
{
    private const int DataLength = 70;

    /// <inheritdoc/>
    public Command Create()
    {
        var category = new Option<string?>("--category") { Description = "Only streams of this category, the key's part before its first dash." };
        var prefix = new Option<string?>("--prefix") { Description = "Only streams whose key begins with this text." };
        var archived = ListOptions.Archived();
        var order = new Option<StreamOrder>("--order") { Description = "id; changed: last appended to first; size: most events first." };
        var after = new Option<string?>("--after") { Description = "Go on after this key, which the page before ended with." };
        var limit = ListOptions.Limit(50, "streams");
        var json = JsonOutput.Option("an object a line");
        var command = new VerbCommand(
            "streams", "Lists streams.",
            new Example("streams --category order --order changed --limit 20", "The twenty orders that were changed last."),
            new Example("streams --archived no --order size", "The longest streams that still take events."),
            new Example("streams --prefix stock-224 --json", "An object a line, for programs."))
        { category, prefix, archived, order, after, limit, json, Show() };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var filter = new StreamFilter(
                parsed.GetValue(category), parsed.GetValue(prefix), ListOptions.IsArchived(parsed.GetRequiredValue(archived)), null, parsed.GetValue(order));
            try
            {
                var page = await new StreamQueries(open.Store).ListAsync(filter, parsed.GetValue(after), parsed.GetValue(limit), cancellation);
                await WriteAsync(page.Items, parsed.GetValue(json));
                if (page.Next is { } next) await Console.Error.WriteLineAsync($"There are more: --after '{next}'");
                return ReplayCommandLine.Success;
            }
            catch (FormatException noKey)
            {
                await Console.Error.WriteLineAsync(noKey.Message);
                return ReplayCommandLine.Usage;
            }
        });
        return command;
    }

    private static VerbCommand Show()
    {
        var stream = new Argument<string>("STREAM") { Description = "The stream's key." };
        var after = new Option<long>("--after") { Description = "Only events above this position." };
        var limit = ListOptions.Limit(100, "events");
        var json = JsonOutput.Option("one object");
        var command = new VerbCommand(
            "show", "Shows a stream with its events.",
            new Example("streams show order-536365", "What is known of an order, and its events."),
            new Example("streams show stock-22423@warehouse --after 1200 --limit 10 --json", "Ten events above a position, as one object."))
        { stream, after, limit, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var id = parsed.GetRequiredValue(stream);
            var found = await new StreamQueries(open.Store).FindAsync(id, cancellation) ?? throw new ReplayException($"There is no stream '{id}'.");
            var events = await new EventQueries(open.Store).ListAsync(
                new EventFilter { StreamId = id, After = parsed.GetValue(after) }, parsed.GetValue(limit), cancellation: cancellation);
            await WriteAsync(found, events, parsed.GetValue(json));
            if (events.Count > 0 && events[^1].Version < found.Version && events.Count == parsed.GetValue(limit))
                await Console.Error.WriteLineAsync($"There are more: --after {events[^1].Position}");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task WriteAsync(IReadOnlyList<StoredStream> streams, bool asJson)
    {
        if (asJson)
        {
            foreach (var stream in streams) await JsonOutput.WriteLineAsync(Object(stream));
            return;
        }

        var table = new TextTable().Text("stream").Number("events").Text("created").Text("changed").Text("archived").Text("type");
        foreach (var stream in streams) table.Row(stream.Id, stream.Version, stream.Created, stream.Changed, stream.IsArchived ? "yes" : "", stream.Type);
        table.Write();
    }

    private static async Task WriteAsync(StoredStream stream, IReadOnlyList<StoredEvent> events, bool asJson)
    {
        if (asJson)
        {
            var rows = JsonOutput.Element(writer =>
            {
                writer.WriteStartArray();
                foreach (var @event in events) EventLines.Write(writer, @event);
                writer.WriteEndArray();
            });
            await JsonOutput.WriteAsync(new { stream = Object(stream), events = rows });
            return;
        }

        var facts = new TextTable().Text("stream").Number("version").Text("created").Text("changed").Text("archived").Text("type");
        facts.Row(stream.Id, stream.Version, stream.Created, stream.Changed, stream.IsArchived ? "yes" : "no", stream.Type);
        facts.Write();
        var table = new TextTable().Number("version").Number("position").Text("moment").Text("event").Text("data");
        foreach (var @event in events)
            table.Row(@event.Version, @event.Position, @event.Timestamp, @event.Type, TextTable.Shorten(Encoding.UTF8.GetString(@event.Data), DataLength));
        table.Write();
    }

    private static JsonElement Object(StoredStream stream) => JsonOutput.Element(writer => EventLines.Write(writer, stream));
}
