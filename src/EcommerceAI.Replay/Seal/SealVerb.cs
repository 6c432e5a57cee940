using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Verify;

namespace EcommerceAI.Replay.Seal;

/// <summary><c>seal</c>: brings the tree up to the end of the log and signs it, so that <c>verify --chain</c> speaks for it.</summary>
public sealed class SealVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var heads = ChainOptions.Heads();
        var newKey = new Option<bool>("--new-key") { Description = "Put the signing key aside and sign with a new one; what the old one signed stays good." };
        var json = new Option<bool>("--json") { Description = "Print the head as JSON." };
        var command = new VerbCommand(
            "seal",
            "Signs the log as it stands, in the database and in a file outside it; verify --chain checks it.",
            new Example("seal", "Signs the log as it stands.")) { heads, newKey, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var chain = ChainOptions.ChainOf(open, parsed, heads);
            if (parsed.GetValue(newKey)) chain.Keys.Rotate();
            var before = (await chain.FindHeadAsync(cancellation))?.Size ?? 0;
            var started = Stopwatch.GetTimestamp();
            var head = await ProgressBar.RunAsync("seal", await open.Store.HighWater.ReadAsync(cancellation), progress => chain.SealAsync(progress, cancellation));
            await Console.Out.WriteLineAsync(parsed.GetValue(json) ? JsonSerializer.Serialize(head, JsonSerializerOptions.Web) : Tell(head, before, Stopwatch.GetElapsedTime(started)));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static string Tell(ChainHead? head, long before, TimeSpan took) =>
        head is null
            ? "The log is empty; nothing is sealed."
            : $"Sealed {head.Size:N0} events up to position {head.Position}, {head.Size - before:N0} of them new, in {took.TotalSeconds:F1} s\nroot {head.Root}\nsigned by {head.Key}";
}
