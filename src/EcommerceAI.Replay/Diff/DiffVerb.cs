using System.CommandLine;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Diff;

/// <summary><c>diff STREAM</c>: a stream's state at two points and what lies between; <c>diff --category C</c>: which streams changed.</summary>
public sealed class DiffVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var stream = new Argument<string?>("STREAM") { Description = "The stream's key; left out with --category.", Arity = ArgumentArity.ZeroOrOne };
        var category = new Option<string?>("--category") { Description = "Tell which streams of this category changed, and by how many events." };
        var from = ListOptions.Point("--from", "The earlier point, what happened at it included; the beginning when left out");
        var to = ListOptions.Point("--to", "The later point; now when left out");
        var limit = ListOptions.Limit(100, "streams shown with --category");
        var json = JsonOutput.Option("one object");
        var command = new VerbCommand(
            "diff", "Shows what changed between two points: in a stream's state, or in the streams of a category.",
            new Example("diff order-536365 --from v1 --to v3", "What the second and the third event changed."),
            new Example("diff stock-22423@warehouse --from 2011-06-01T00:00Z --to 2011-07-01T00:00Z", "What a month did to a stock."),
            new Example("diff --category order --from 2011-06-01T00:00Z --to 2011-06-02T00:00Z --json", "The orders that changed in a day."))
        { stream, category, from, to, limit, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(stream) is null == result.GetValue(category) is null)
                result.AddError("Name a STREAM or a --category, one of the two.");
            if (result.GetValue(category) is not null && (result.IsVersion(from) || result.IsVersion(to)))
                result.AddError("With --category a point is a moment or a position: streams have versions of their own.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var (earlier, later) = (parsed.GetValue(from), parsed.GetValue(to));
            if (parsed.GetValue(stream) is { } streamId)
                await StreamDiff.WriteAsync(open, streamId, earlier, later, parsed.GetValue(json), cancellation);
            else
                await new CategoryDiff(parsed.GetValue(category)!, earlier, later).WriteAsync(open, parsed.GetValue(limit), parsed.GetValue(json), cancellation);
            return ReplayCommandLine.Success;
        });
        return command;
    }
}
