using System.CommandLine;
using System.IO.Compression;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Import.Ndjson;

/// <summary><c>import ndjson FILE</c>: brings in what <c>export</c> wrote, to the letter, all of it or nothing.</summary>
public sealed class NdjsonImport : IImport
{
    private const int ChunkEvents = 5000;
    private const long ChunkBytes = 16 << 20;

    /// <inheritdoc/>
    public Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "What export wrote; - for standard input. A name that ends in .gz is uncompressed." };
        var append = new Option<bool>("--append") { Description = "Into a store that holds events: none of the streams may be there yet; positions are drawn anew." };
        var keep = new Option<bool>("--keep-positions") { Description = "Refuse rather than draw new positions. Into an empty store they are kept anyway where every line has one." };
        var json = JsonOutput.Option("one object");
        var command = new VerbCommand(
            "ndjson", "Imports what export wrote: ids, versions, moments, metadata, archived marks and all. All of it is there afterwards, or nothing.",
            new Example("import ndjson store.ndjson.gz", "Into an empty store; an export of it gives the same file again."),
            new Example("import ndjson branch.ndjson --append", "Streams that are not there yet, after everything that is."),
            new Example("import ndjson - --keep-positions", "From standard input, at the positions told there."))
        { file, append, keep, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(append) && result.GetValue(keep)) result.AddError("--append draws positions anew; --keep-positions goes with an empty store.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var mode = parsed.GetValue(append) ? LogImportMode.Append : parsed.GetValue(keep) ? LogImportMode.KeepPositions : LogImportMode.IntoEmpty;
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var result = await ReadFileAsync(open.Store, parsed.GetRequiredValue(file), mode, cancellation);
            if (parsed.GetValue(json)) await JsonOutput.WriteAsync(result);
            else await Console.Out.WriteLineAsync($"Imported {result.Events:N0} events in {result.Streams:N0} streams; the last stands at position {result.LastPosition:N0}.");
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<LogImportResult> ReadFileAsync(EventStore store, string path, LogImportMode mode, CancellationToken cancellation)
    {
        if (path == "-") return await ImportAsync(store, Console.OpenStandardInput(), mode, null, cancellation);
        await using var source = File.OpenRead(path);
        await using var content = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(source, CompressionMode.Decompress) : (Stream)source;
        return await ProgressBar.RunAsync(
            "reading", source.Length, progress => ImportAsync(store, content, mode, () => progress.Report(source.Position), cancellation), "bytes");
    }

    private static async Task<LogImportResult> ImportAsync(
        EventStore store, Stream content, LogImportMode mode, Action? moved, CancellationToken cancellation)
    {
        await using var import = await LogImport.BeginAsync(store, cancellation);
        var streams = new List<(long, StoredStream)>();
        var events = new List<(long, StoredEvent)>();
        var bytes = 0L;
        try
        {
            await foreach (var (number, line) in Lines.ReadAsync(content, cancellation))
            {
                if (StoredLine.Parse(line.Span, number, out var @event) is { } stream) streams.Add((number, stream));
                else events.Add((number, @event!));
                bytes += line.Length;
                if (streams.Count + events.Count < ChunkEvents && bytes < ChunkBytes) continue;
                await FlushAsync();
            }
        }
        catch (InvalidDataException broken)
        {
            throw new LogImportException(null, $"the file cannot be read: {broken.Message}");
        }

        await FlushAsync();
        return await import.CompleteAsync(mode, cancellation);

        async Task FlushAsync()
        {
            if (streams.Count > 0) await import.AddAsync(streams, cancellation);
            if (events.Count > 0) await import.AddAsync(events, cancellation);
            streams.Clear();
            events.Clear();
            bytes = 0;
            moved?.Invoke();
        }
    }
}
