using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.AsOf;

/// <summary>A stream's state at a point of its history, and the last event that it follows from.</summary>
internal sealed record PastState(object State, RecordedEvent Last);

/// <summary>Folds streams of the known categories as of any point.</summary>
internal sealed class StreamHistory(OpenStore open)
{
    /// <summary>Whether streams of this key's category can be folded.</summary>
    public bool Knows(string streamId) => FindFold(streamId) is not null;

    /// <summary>The state as of a point, or null where the stream has no event up to there.</summary>
    /// <exception cref="ReplayException">The key is of no known category.</exception>
    public async Task<PastState?> FindAsync(string streamId, StreamPoint point, CancellationToken cancellation)
    {
        var fold = FindFold(streamId)
            ?? throw new ReplayException(
                $"'{streamId}' is of no known category. There are: {string.Join(", ", open.Contexts.SelectMany(context => context.States.Keys).Order(StringComparer.Ordinal))}.");
        RecordedEvent? last = null;
        var state = fold.Initial;
        await foreach (var @event in open.Store.Reader.ReadStreamAsync(streamId, 1, point, cancellation))
        {
            // An event whose name has no record here cannot be folded; the state goes on without it.
            if (@event.Data is DomainEvent data) state = fold.Evolve(state, data);
            last = @event;
        }

        return last is null ? null : new PastState(state, last);
    }

    private StateFold? FindFold(string streamId)
    {
        var category = StreamKeys.CategoryOf(streamId);
        return open.Contexts.Select(context => context.States.GetValueOrDefault(category)).FirstOrDefault(found => found is not null);
    }
}
