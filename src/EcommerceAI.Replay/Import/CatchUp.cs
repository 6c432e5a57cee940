using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.Import;

/// <summary>Brings every projection to the end of the log, side by side.</summary>
public sealed class CatchUp(EventStore store, IReadOnlyList<IProjection> projections)
{
    private readonly Generations _generations = new(store.Source);

    /// <summary>Runs until all have reached the high-water mark of this moment; others may run the same projections meanwhile.</summary>
    /// <param name="progress">Told the sum of all checkpoints.</param>
    /// <param name="cancellation">Stops between transactions.</param>
    /// <returns>The position that all have reached.</returns>
    public async Task<long> RunAsync(IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var mark = await store.HighWater.ReadAsync(cancellation);
        var checkpoints = new long[projections.Count];
        await Task.WhenAll(projections.Select((projection, i) => RunAsync(projection, mark, new Part(checkpoints, i, progress), cancellation)));
        return mark;
    }

    private async Task RunAsync(IProjection projection, long mark, IProgress<long> progress, CancellationToken cancellation)
    {
        var runner = new ProjectionRunner(store, projection);
        var live = await _generations.EnsureLiveAsync(projection, cancellation);
        while (live.Checkpoint < mark)
            live = await runner.RunAsync(live, mark, progress, cancellation) ?? await _generations.EnsureLiveAsync(projection, cancellation);
    }

    /// <summary>One projection's share of the whole progress.</summary>
    private sealed class Part(long[] checkpoints, int place, IProgress<long>? whole) : IProgress<long>
    {
        public void Report(long value)
        {
            lock (checkpoints)
            {
                checkpoints[place] = value;
                whole?.Report(checkpoints.Sum());
            }
        }
    }
}
