using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.AsOf;

/// <summary>A stream's state at a point of its history.</summary>
/// <param name="State">The state.</param>
/// <param name="Last">The last event that counts, or null where the stream had none yet.</param>
internal sealed record StateAtPoint(object State, RecordedEvent? Last)
{
    /// <summary>Folds a stream up to a point.</summary>
    /// <exception cref="ReplayException">No context folds streams of this category.</exception>
    public static async Task<StateAtPoint> ReadAsync(OpenStore open, string streamId, StreamPoint? point, CancellationToken cancellation)
    {
        var category = StreamKeys.CategoryOf(streamId);
        var fold = open.Contexts.Select(context => context.States.GetValueOrDefault(category)).FirstOrDefault(found => found is not null)
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

        return new StateAtPoint(state, last);
    }
}
