using System.CommandLine;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.OnlineRetail.Generation;

namespace EcommerceAI.Replay.Generate;

/// <summary><c>generate FILE</c>: writes an invented year in the form that <c>import online-retail</c> reads.</summary>
public sealed class GenerateVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write; a name that ends in .gz is compressed." };
        var seed = new Option<ulong>("--seed") { Description = "The same seed gives the same bytes on any machine.", DefaultValueFactory = _ => 1 };
        var lines = new Option<int>("--lines") { Description = "How many lines.", DefaultValueFactory = _ => RetailYearGenerator.DefaultLines };
        lines.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1) result.AddError("--lines must be 1 or more.");
        });
        var command = new VerbCommand(
            "generate", "Writes an invented year of invoice lines.",
            new Example("generate year.csv.gz", "A year of the usual size, compressed."),
            new Example("generate small.csv --lines 5000 --seed 7", "A small one; the same seed gives the same bytes."))
        { file, seed, lines };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            new RetailYearGenerator(parsed.GetValue(seed), parsed.GetValue(lines)).WriteFile(path);
            await Console.Error.WriteLineAsync($"Wrote {parsed.GetValue(lines):N0} lines to {path}.");
            return ReplayCommandLine.Success;
        });
        return command;
    }
}
