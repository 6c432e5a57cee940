using System.CommandLine;
using System.Diagnostics;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Rebuild;

/// <summary><c>rebuild PROJECTION</c>: builds the tables anew beside the live ones and swaps them in.</summary>
public sealed class RebuildVerb : IVerb
{
    /// <inheritdoc/>
    public Command Create()
    {
        var name = new Argument<string>("PROJECTION") { Description = "The projection's name, or all." };
        var command = new VerbCommand(
            "rebuild", "Builds a projection anew from the log, beside its live tables, and swaps it in.",
            new Example("rebuild all", "Every projection, one after another."),
            new Example("rebuild storefront_orders", "One of them; status lists their names."))
        { name };
        command.SetAction(async (parsed, cancellation) =>
        {
            IReadOnlyList<IProjection> chosen = parsed.GetRequiredValue(name) is var text && text == "all" ? OpenStore.Projections : [OpenStore.Projection(text)];
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            var rebuild = new ProjectionRebuild(open.Store);
            foreach (var projection in chosen)
            {
                var started = Stopwatch.GetTimestamp();
                var generation = await ProgressBar.RunAsync(
                    projection.Name, await open.Store.HighWater.ReadAsync(cancellation), progress => rebuild.RunAsync(projection, progress, cancellation));
                await Console.Out.WriteLineAsync(
                    $"{projection.Name}: generation {generation.Number} is live at position {generation.Checkpoint} after {Stopwatch.GetElapsedTime(started).TotalSeconds:F1} s");
            }

            return ReplayCommandLine.Success;
        });
        return command;
    }
}
