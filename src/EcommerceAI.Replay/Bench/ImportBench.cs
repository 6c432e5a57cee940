using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Generate;
using EcommerceAI.Replay.Import;
using EcommerceAI.Replay.OnlineRetail;

namespace EcommerceAI.Replay.Bench;

/// <summary>
/// <c>bench import</c>: the whole import, from opening the file to the last commit, against COPY of the same rows; then the read models.
/// </summary>
internal sealed class ImportBench : IBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var data = new Option<string?>("--data") { Description = "The file to import; default: the real year beside the repository, else a generated one." };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "import",
            "Lines and events per second of the import, and their ratio to PostgreSQL's own COPY.",
            new Example("bench import --json", "One JSON object.")) { data, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var file = parsed.GetValue(data) ?? RealYear.Find() ?? GeneratedYear.EnsureFile(StoreOption.FolderOf(parsed));
            var figures = await MeasureAsync(open.ConnectionString, file, cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static async Task<ImportFigures> MeasureAsync(string server, string file, CancellationToken cancellation)
    {
        var prefix = $"bench_import_{Environment.ProcessId}";
        await using var target = await ScratchDatabase.CreateAsync(server, prefix, cancellation);
        await target.CheckpointAsync(cancellation);
        var started = Stopwatch.GetTimestamp();
        var plan = ImportPlan.Create(OnlineRetailReader.Read(file, cancellation));
        var done = await new ImportRun(target.Open.Store, plan, file).RunAsync(null, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        await using var ceiling = await ScratchDatabase.CreateAsync(server, $"{prefix}_copy", cancellation);
        var copySeconds = await CopyCeiling.MeasureAsync(target, ceiling, cancellation);

        started = Stopwatch.GetTimestamp();
        await new CatchUp(target.Open.Store, OpenStore.Projections).RunAsync(null, cancellation);
        var projectionSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        using var self = Process.GetCurrentProcess();
        return new ImportFigures(
            Path.GetFileName(file), done.Lines, done.Events, Round(seconds), Round(done.Lines / seconds), Round(done.Events / seconds),
            Round(copySeconds), Round(done.Events / copySeconds), Round(projectionSeconds), self.PeakWorkingSet64 >> 20,
            new ImportRatios(Math.Round(copySeconds / seconds, 3)));
    }

    private static double Round(double value) => Math.Round(value, value < 100 ? 2 : 0);

    private static string Describe(ImportFigures figures) =>
        $"""
         {figures.File}: {figures.Lines:N0} lines became {figures.Events:N0} events in {figures.Seconds} s
         import   {figures.LinesPerSecond:N0} lines/s, {figures.EventsPerSecond:N0} events/s
         COPY     {figures.CopyEventsPerSecond:N0} events/s of the same rows into the same layout
         ratio    {figures.Ratios.ImportVsCopy} import against COPY
         then     {figures.ProjectionSeconds} s until all read models are up to date
         memory   {figures.PeakMebibytes:N0} MiB at most
         """;

    private sealed record ImportFigures(
        string File, long Lines, long Events, double Seconds, double LinesPerSecond, double EventsPerSecond, double CopySeconds,
        double CopyEventsPerSecond, double ProjectionSeconds, long PeakMebibytes, ImportRatios Ratios);

    private sealed record ImportRatios([property: System.Text.Json.Serialization.JsonPropertyName("import_vs_copy")] double ImportVsCopy);
}
