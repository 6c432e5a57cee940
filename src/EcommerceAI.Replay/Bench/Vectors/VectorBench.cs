using System.CommandLine;
using System.Text.Json;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Vectors;

/// <summary><c>bench vectors</c>: the embedded vector index against the scan of its vectors.</summary>
internal sealed class VectorBench : IBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <inheritdoc/>
    public Command Create()
    {
        var count = Bounded("--vectors", "Vectors in the index.", 200_000, 10_000, 10_000_000);
        var dimensions = Bounded("--dimensions", "Numbers of each vector.", 384, 2, 65_536);
        var queries = Bounded("--queries", "Different queries.", 300, 1, 100_000);
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output." };
        var command = new VerbCommand(
            "vectors",
            """
            Clustered vectors in the embedded index: queries through its graph against the one-thread SIMD scan of all vectors, and with a filter that
            keeps a tenth against the scan of that tenth; recall of the ten nearest, speed of building, memory, and a file's writing and loading. The
            two sides take turns, medians.
            """,
            new Example("bench vectors --json", "The figures as one JSON object."))
        {
            count, dimensions, queries, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var figures = await VectorMeasurement.MeasureAsync(
                parsed.GetValue(count), parsed.GetValue(dimensions), parsed.GetValue(queries), cancellation);
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, Json) : Describe(figures));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static Option<int> Bounded(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < least || value > most)) result.AddError($"{name} must be {least} to {most}.");
        });
        return option;
    }

    private static string Describe(VectorFigures figures) =>
        $"""
         {figures.Vectors:N0} vectors of {figures.Dimensions} dimensions, built at {figures.BuildVectorsPerSecond:N0}/s, {figures.BytesPerVector:N0} bytes each
         all     graph {figures.HnswMicroseconds} us, scan {figures.ExactMicroseconds} us, ratio {figures.Ratios.HnswVsExact}, recall@10 {figures.RecallAt10}
         tenth   graph {figures.HnswFilteredMicroseconds} us, scan {figures.ExactFilteredMicroseconds} us, ratio {figures.Ratios.HnswFilteredVsExact}, recall@10 {figures.RecallAt10Filtered}
         file    saved in {figures.SaveSeconds} s, loaded in {figures.LoadSeconds} s
         """;
}
