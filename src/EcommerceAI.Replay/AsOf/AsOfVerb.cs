using System.CommandLine;
using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.AsOf;

/// <summary><c>as-of POINT STREAM</c>: any stream's state at a moment, a version or a position.</summary>
public sealed class AsOfVerb : IVerb
{
    private static readonly JsonSerializerOptions Indented = new(EventSerializer.Options) { WriteIndented = true };

    /// <inheritdoc/>
    public Command Create()
    {
        var point = new Argument<string>("POINT") { Description = "A moment with offset (2011-06-01T00:00+01:00), v3 for a version, #1200 for a position." };
        var stream = new Argument<string>("STREAM") { Description = "The stream's key, for example order-536365 or stock-22423@warehouse." };
        var command = new Command("as-of", "Prints a stream's state at a point of its history, as JSON.") { point, stream };
        command.Validators.Add(result =>
        {
            if (result.GetValue(point) is { } text && !PointArgument.TryParse(text, out _))
                result.AddError($"'{text}' is no point: give a moment with offset (2011-06-01T00:00+01:00), a version (v3) or a position (#1200).");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var at = PointArgument.TryParse(parsed.GetRequiredValue(point), out var parsedPoint) ? parsedPoint : null;
            await using var open = await StoreOption.OpenAsync(parsed, cancellation);
            return await PrintAsync(open, parsed.GetRequiredValue(stream), at!, cancellation);
        });
        return command;
    }

    private static async Task<int> PrintAsync(OpenStore open, string streamId, StreamPoint point, CancellationToken cancellation)
    {
        var found = await new StreamHistory(open).FindAsync(streamId, point, cancellation)
            ?? throw new ReplayException($"The stream '{streamId}' has no event up to there.");
        var (state, last) = found;
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(
            new { stream = streamId, last.Version, last.Position, last.Timestamp, state }, Indented));
        return ReplayCommandLine.Success;
    }
}
