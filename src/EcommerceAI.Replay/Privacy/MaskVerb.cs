using System.CommandLine;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.Replay.CommandLine;
using EcommerceAI.Replay.Verify;

namespace EcommerceAI.Replay.Privacy;

/// <summary><c>mask --position N --path $.reason --reason TEXT</c>: masks a text of an event that was written already.</summary>
public sealed class MaskVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var position = new Option<long>("--position") { Description = "The event's global position.", Required = true };
        var path = new Option<string>("--path") { Description = "Where the text stands: $.reason, $.lines[0].note.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, for the record; nothing personal.", Required = true };
        var command = new VerbCommand(
            "mask",
            "Masks a text of a written event and records it. Example: mask --position 1200 --path $.reason --reason 'name in a free text'",
            new Example("mask --position 17 --path $.note --reason \"a name in a free text\"", "Masks one text of one event."))
        {
            position, path, reason,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            // Of a sealed event the chain must know, or it would find the mask as a change behind the store's back.
            var redactions = new ChainRedactions(ChainOptions.ChainOf(open, parsed).Keys);
            var masking = new Masking(
                open.Store, OpenStore.Projections, (connection, at, why, change, stop) => redactions.RecordRedactionAsync(connection, at, why, change, stop));
            var result = await masking.MaskAsync(
                parsed.GetValue(position), parsed.GetRequiredValue(path), parsed.GetRequiredValue(reason), cancellation);
            await Console.Out.WriteLineAsync(Describe(result));
            return ReplayCommandLine.Success;
        });
        return command;
    }

    private static string Describe(MaskingResult result)
    {
        var masked = $"{result.Type} at position {result.Position} of {result.StreamId}";
        if (result.Paths.Count == 0) return $"{masked} is masked there already; nothing was changed.";
        return string.Join(
            '\n',
            [
                $"Masked {string.Join(", ", result.Paths)} of {masked}.",
                $"The data's SHA-256 was {Convert.ToHexStringLower(result.OldHash)} and is {Convert.ToHexStringLower(result.NewHash)}.",
                "Rebuild the read models that were made of it:",
                .. result.Projections.Select(projection => $"  ecommerce-ai rebuild {projection}"),
                "The old text stays as a dead row of events.mt_events until `vacuum full`, in its statistics until `analyze`, and in the write-ahead log until that is recycled.",
            ]);
    }
}
