using System.Globalization;
using System.Text;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Export;

namespace EcommerceAI.Replay.Events;

/// <summary>Events for people, as a table or a line each, or for programs, as an object a line.</summary>
internal sealed class EventOutput(bool asJson)
{
    private const int DataLength = 60;

    public async Task WriteAsync(IReadOnlyList<StoredEvent> events)
    {
        if (asJson)
        {
            foreach (var @event in events) await WriteLineAsync(@event);
            return;
        }

        var table = new TextTable().Number("position").Text("moment").Text("stream").Number("version").Text("event").Text("data");
        foreach (var @event in events)
            table.Row(@event.Position, @event.Timestamp, @event.StreamId, @event.Version, @event.Type + (@event.IsArchived ? " (archived)" : ""), Data(@event));
        table.Write();
    }

    /// <summary>Written at once, so that whoever follows sees it.</summary>
    public async Task WriteLineAsync(StoredEvent @event)
    {
        if (asJson)
            await JsonOutput.WriteLineAsync(JsonOutput.Element(writer => EventLines.Write(writer, @event)));
        else
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{@event.Position,10} {TextTable.Show(@event.Timestamp)} {TextTable.Show(@event.StreamId)} v{@event.Version} {TextTable.Show(@event.Type)} {Data(@event)}"));
        await Console.Out.FlushAsync();
    }

    private static string Data(StoredEvent @event) => TextTable.Shorten(TextTable.Show(Encoding.UTF8.GetString(@event.Data)), DataLength);
}
