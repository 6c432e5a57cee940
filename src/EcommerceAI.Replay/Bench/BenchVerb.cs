using System.CommandLine;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench;

/// <summary><c>bench NAME</c>: measurements against a ceiling or a peer in the same run.</summary>
public sealed class BenchVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var command = new Command("bench", "Measures, each figure beside a ceiling or a peer taken in the same run.");
        foreach (var bench in ReplayCommandLine.Find<IBench>()) command.Add(bench.Create());
        return command;
    }
}
