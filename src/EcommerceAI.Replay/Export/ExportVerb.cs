using System.CommandLine;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Export;

/// <summary><c>export FILE</c>: the log as lines of JSON, one event each, in the order of the log.</summary>
public sealed class ExportVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write; - for standard output." };
        var withoutPositions = new Option<bool>("--without-positions")
        {
            Description = "Leave out positions, which differ between stores that hold the same events: two such exports can be compared byte by byte.",
        };
        var command = new Command("export", "Writes every event as a line of JSON (NDJSON).") { file, withoutPositions };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var path = parsed.GetRequiredValue(file);
            var events = path == "-"
                ? await WriteAsync(open.Store, Console.OpenStandardOutput(), !parsed.GetValue(withoutPositions), cancellation)
                : await WriteFileAsync(open.Store, path, !parsed.GetValue(withoutPositions), cancellation);
            await Console.Error.WriteLineAsync($"Exported {events:N0} events.");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    /// <summary>Written beside and renamed, so that a file of this name is always whole.</summary>
    private static async Task<long> WriteFileAsync(EventStore store, string path, bool withPositions, CancellationToken cancellation)
    {
        var unfinished = path + ".part";
        long events;
        await using (var target = File.Create(unfinished)) events = await WriteAsync(store, target, withPositions, cancellation);
        File.Move(unfinished, path, overwrite: true);
        return events;
    }

    private static async Task<long> WriteAsync(EventStore store, Stream target, bool withPositions, CancellationToken cancellation)
    {
        var lines = new EventLines(withPositions);
        await using var writer = new BufferedStream(target, 1 << 16);
        var events = 0L;
        await foreach (var line in lines.ReadAsync(store, cancellation))
        {
            await writer.WriteAsync(line, cancellation);
            events++;
        }

        return events;
    }
}
