using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Append;

/// <summary>Commands of many clients: each loads a stream's state, decides on it and appends one event, through the command handler.</summary>
internal static class HotStream
{
    /// <summary>Commands per second, and proof that each counted once.</summary>
    /// <param name="store">The store.</param>
    /// <param name="clients">How many clients.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="streamOf">The stream that a client's command goes to, given the client and the number of the command.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ReplayException">A command was lost or counted twice.</exception>
    public static async Task<double> MeasureAsync(
        EventStore store, int clients, double seconds, Func<int, long, string> streamOf, CancellationToken cancellation)
    {
        using var handler = new CommandHandler(store, new Receipts(store.Source));
        var accepted = 0L;
        var streams = new System.Collections.Concurrent.ConcurrentDictionary<string, byte>(StringComparer.Ordinal);
        var rate = await Clients.RunAsync(
            clients,
            seconds,
            async (client, number) =>
            {
                var stream = streamOf(client, number);
                streams.TryAdd(stream, 0);
                var outcome = await handler.HandleAsync(
                    new CommandContext("bench", null, []), session => DecideAsync(session, stream, number), cancellation);
                if (outcome is not CommandOutcome.Accepted) throw new ReplayException($"A command on '{stream}' was not accepted: {outcome}");
                Interlocked.Increment(ref accepted);
            },
            cancellation);
        var counted = 0L;
        foreach (var stream in streams.Keys)
            counted += (await store.LoadAsync(stream, 0L, (count, _) => count + 1, cancellation: cancellation)).State;
        return counted == accepted ? rate : throw new ReplayException($"{accepted} commands were accepted and {counted} events are there.");
    }

    private static async Task<CommandDecision> DecideAsync(CommandSession session, string stream, long number)
    {
        var count = await session.LoadAsync(stream, 0L, (count, _) => count + 1);
        session.Append(stream, [Noted.Of(count + number)]);
        return CommandDecision.Accept();
    }
}
