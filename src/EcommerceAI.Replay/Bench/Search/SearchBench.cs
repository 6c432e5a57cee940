using System.CommandLine;
using System.Globalization;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Search;

/// <summary><c>bench search</c>: how fast the engines answer, each against a peer or ceiling in the same run.</summary>
internal sealed class SearchBench : IBench
{
    private const int DefaultDocuments = 50_000;
    private const string DocumentsVariable = "ECOMMERCEAI_DOCUMENTS";

    /// <inheritdoc/>
    public Command Create()
    {
        var documents = new Option<int>("--documents")
        {
            Description = $"How many generated documents, 1,000 or more; default: the environment's {DocumentsVariable}, else {DefaultDocuments:N0}.",
            DefaultValueFactory = _ =>
                int.TryParse(Environment.GetEnvironmentVariable(DocumentsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : DefaultDocuments,
        };
        documents.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1_000) result.AddError("--documents must be 1,000 or more.");
        });
        var json = JsonOutput.Option("one object");
        var command = new VerbCommand(
            "search",
            "Queries per second of the embedded search engines: words against SQLite FTS5, vectors through the graph against the scan of them all.",
            new Example("bench search --json", "One JSON object."),
            new Example("bench search --documents 1000000", "The same with a million documents.")) { documents, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var (figures, ratios) = (new Dictionary<string, object>(StringComparer.Ordinal), new Dictionary<string, double>(StringComparer.Ordinal));
            foreach (var part in ReplayCommandLine.Find<ISearchMeasurement>())
            {
                var measured = await part.MeasureAsync(parsed.GetValue(documents), cancellation);
                figures[part.Name] = measured.Figures;
                foreach (var (name, quality) in measured.Qualities) figures[name] = quality;
                foreach (var (name, ratio) in measured.Ratios) ratios[name] = ratio;
                if (!parsed.GetValue(json)) await Console.Out.WriteLineAsync(measured.Description);
            }

            figures["ratios"] = ratios;
            if (parsed.GetValue(json)) await JsonOutput.WriteAsync(figures);
            return ReplayCommandLine.Success;
        });
        return command;
    }
}
