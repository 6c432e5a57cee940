using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Parked;

/// <summary>Delivers parked events again, to the subscriptions of this build.</summary>
internal sealed class ParkedReplay(EventStore store, BuiltSubscriptions subscriptions)
{
    private readonly ParkedEvents _parked = new(store);

    /// <summary>Replays, and tells for each subscription what came of it.</summary>
    /// <param name="name">One subscription, or null for every one that has parked events.</param>
    /// <param name="streamId">One stream, or null for all.</param>
    /// <param name="cancellation">Gives up between events.</param>
    /// <returns>The exit code: 1 when something of these subscriptions stays parked.</returns>
    /// <exception cref="ReplayException">There is no such subscription.</exception>
    public async Task<int> RunAsync(string? name, string? streamId, CancellationToken cancellation)
    {
        if (name is not null && subscriptions.Find(name) is null) throw new ReplayException(subscriptions.Describe(name));
        var waiting = await _parked.CountAsync(cancellation);
        string[] names = name is null ? [.. waiting.Keys.Order(StringComparer.Ordinal)] : [name];
        if (names.Length == 0) await Console.Out.WriteLineAsync("Nothing is parked.");
        var isLeft = false;
        foreach (var each in names) isLeft |= await ReplayAsync(each, streamId, cancellation);
        return isLeft ? ReplayCommandLine.Failure : ReplayCommandLine.Success;
    }

    /// <summary>Replays one subscription; whether something stays parked.</summary>
    private async Task<bool> ReplayAsync(string name, string? streamId, CancellationToken cancellation)
    {
        if (subscriptions.Find(name) is not { } subscription)
        {
            await Console.Error.WriteLineAsync(subscriptions.Describe(name));
            return true;
        }

        var result = await _parked.ReplayAsync(subscription, streamId, cancellation);
        await Console.Out.WriteLineAsync($"{name}: {result.Delivered} events delivered, {result.Left} are still parked.");
        return result.Left > 0;
    }
}
