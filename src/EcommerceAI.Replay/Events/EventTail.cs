using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcommerceAI.Replay.Events;

/// <summary>Follows the log as it grows. It goes by the high-water mark, so that no event is passed over and none comes twice.</summary>
internal sealed class EventTail(EventStore store)
{
    /// <summary>Runs until it is cancelled.</summary>
    /// <param name="filter">Which events.</param>
    /// <param name="after">The position to begin after; null to begin with the last events there are.</param>
    /// <param name="last">How many those are.</param>
    /// <param name="write">What is done with each event.</param>
    /// <param name="cancellation">The end.</param>
    public async Task FollowAsync(EventFilter filter, long? after, int last, Func<StoredEvent, Task> write, CancellationToken cancellation)
    {
        var queries = new EventQueries(store);
        var reached = after ?? await store.HighWater.ReadAsync(cancellation);
        if (after is null)
        {
            foreach (var @event in (await queries.ListAsync(filter with { UpTo = reached }, last, newestFirst: true, cancellation)).Reverse()) await write(@event);
        }

        using var watch = new LogWatch(store, NullLogger<LogWatch>.Instance);
        await watch.StartAsync(cancellation);
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                await foreach (var @event in queries.ReadAllAsync(filter with { After = reached }, position => reached = position, cancellation)) await write(@event);
                await watch.WaitBeyondAsync(reached, cancellation);
            }
        }
        finally
        {
            await watch.StopAsync(CancellationToken.None);
        }
    }
}
