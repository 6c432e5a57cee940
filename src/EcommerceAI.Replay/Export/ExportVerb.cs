using System.Buffers;
using System.CommandLine;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Export;

/// <summary><c>export FILE</c>: the whole store as lines of JSON: its streams, then its events in the order of the log.</summary>
public sealed class ExportVerb : IVerb
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write; - for standard output. A name that ends in .gz is compressed." };
        var withoutPositions = new Option<bool>("--without-positions")
        {
            Description = "Only the events, without their positions, which differ between stores that hold the same events: two such exports can be compared byte by byte.",
        };
        var command = new VerbCommand(
            "export", "Writes every stream and event as a line of JSON (NDJSON), as they stand at one moment.",
            new Example("export store.ndjson.gz", "The whole store, compressed; import ndjson reads it back to the letter."),
            new Example("export - --without-positions", "The events on standard output, to be compared with those of another store."))
        { file, withoutPositions };
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
    private static async Task<long> WriteFileAsync(EventStore store, string path, bool whole, CancellationToken cancellation)
    {
        var unfinished = path + ".part";
        long events;
        await using (var file = File.Create(unfinished))
        await using (var target = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest) : (Stream)file)
            events = await WriteAsync(store, target, whole, cancellation);
        File.Move(unfinished, path, overwrite: true);
        return events;
    }

    private static async Task<long> WriteAsync(EventStore store, Stream target, bool whole, CancellationToken cancellation)
    {
        await using var view = await LogView.OpenAsync(store, cancellation);
        await using var writer = new BufferedStream(target, 1 << 16);
        var buffer = new ArrayBufferWriter<byte>();
        await using var line = new Utf8JsonWriter(buffer, Json);
        async ValueTask EndLineAsync()
        {
            await line.FlushAsync(cancellation);
            buffer.Write("\n"u8);
            await writer.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
            line.Reset(buffer);
        }

        if (whole)
        {
            await foreach (var stream in view.ReadStreamsAsync(cancellation))
            {
                EventLines.Write(line, stream);
                await EndLineAsync();
            }
        }

        var events = 0L;
        await foreach (var @event in view.ReadEventsAsync(cancellation))
        {
            EventLines.Write(line, @event, withPosition: whole);
            await EndLineAsync();
            events++;
        }

        return events;
    }
}
