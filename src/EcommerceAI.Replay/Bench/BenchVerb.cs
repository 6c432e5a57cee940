using System.CommandLine;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench;

/// <summary><c>bench NAME</c>: measurements against a ceiling or a peer in the same run.</summary>
public sealed class BenchVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var command = new VerbCommand(
            "bench", "Measures, each figure beside a ceiling or a peer taken in the same run.",
            new Example("bench import --help", "What a measurement takes; bench --help lists them all."));
        foreach (var bench in ReplayCommandLine.Find<IBench>()) command.Add(bench.Create());
        return command;
    }
}
