using System.Diagnostics;

namespace EcommerceAI.Replay.Bench;

/// <summary>
/// The ceiling of an import: PostgreSQL's own COPY of the very same rows into a table of the same layout, with its primary key, unique
/// index and foreign key, as one stream of bytes that was made before the clock starts.
/// </summary>
internal static class CopyCeiling
{
    private const string Streams = "events.mt_streams";
    private const string Events = "events.mt_events";

    /// <summary>Copies streams (not timed) and events (timed) from one database to another.</summary>
    /// <returns>Seconds for the events.</returns>
    public static async Task<double> MeasureAsync(ScratchDatabase from, ScratchDatabase to, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            await ExportAsync(from, Streams, file, cancellation);
            await ImportAsync(to, Streams, file, cancellation);
            await ExportAsync(from, Events, file, cancellation);
            await to.CheckpointAsync(cancellation);
            var started = Stopwatch.GetTimestamp();
            await ImportAsync(to, Events, file, cancellation);
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task ExportAsync(ScratchDatabase database, string table, string file, CancellationToken cancellation)
    {
        await using var connection = await database.Open.Store.Source.OpenConnectionAsync(cancellation);
        await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {table} to stdout (format binary)", cancellation);
        await using var target = File.Create(file);
        await rows.CopyToAsync(target, cancellation);
    }

    private static async Task ImportAsync(ScratchDatabase database, string table, string file, CancellationToken cancellation)
    {
        await using var connection = await database.Open.Store.Source.OpenConnectionAsync(cancellation);
        await using var source = File.OpenRead(file);
        await using var rows = await connection.BeginRawBinaryCopyAsync($"copy {table} from stdin (format binary)", cancellation);
        await source.CopyToAsync(rows, cancellation);
    }
}
