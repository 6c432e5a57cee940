using System.CommandLine;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Archive;

/// <summary><c>unarchive STREAM…</c>: brings archived streams back.</summary>
public sealed class UnarchiveVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var streams = new Argument<string[]>("STREAM") { Description = "The streams' keys.", Arity = ArgumentArity.OneOrMore };
        var json = JsonOutput.Option("an object a line, one for every stream");
        var command = new VerbCommand(
            "unarchive", "Brings archived streams back: they take events again. Projections that left them out show them once they are rebuilt.",
            new Example("unarchive order-536365", "One stream."))
        { streams, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var report = new ArchiveReport("brought back", parsed.GetValue(json));
            await report.AddAsync(new StreamArchive(open.Store).UnarchiveAsync([.. parsed.GetRequiredValue(streams).Distinct(StringComparer.Ordinal)], cancellation));
            return await report.EndAsync();
        });
        return command;
    }
}
