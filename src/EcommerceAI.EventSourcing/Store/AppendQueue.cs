using System.Threading.Channels;
using Npgsql;

namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Group commit. While one transaction is being flushed, the appends that arrive wait here and then travel together in the
/// next one; a lone caller waits for nobody. The queue is bounded: when it is full, callers wait at its door.
/// </summary>
internal sealed class AppendQueue : IAsyncDisposable
{
    private const int Capacity = 4096;
    private const int MostAppendsInBatch = 512;
    private const int MostEventsInBatch = 8192;

    private readonly Channel<PendingAppend> _queue = Channel.CreateBounded<PendingAppend>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly List<PendingAppend> _deferred = [];
    private readonly AppendWriter _writer;
    private readonly Task _loop;

    public AppendQueue(NpgsqlDataSource source)
    {
        _writer = new AppendWriter(source);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Waits for the outcome. Cancelling withdraws the append while it waits its turn; after that its outcome is told.</summary>
    public async Task<AppendResult> AppendAsync(PendingAppend append, CancellationToken cancellation)
    {
        await _queue.Writer.WriteAsync(append, cancellation);
        await using var registration = cancellation.Register(() =>
        {
            if (append.TryWithdraw()) append.Fail(new OperationCanceledException(cancellation));
        });
        return await append.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _loop;
        await _writer.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var batch = new List<PendingAppend>();
        while (_deferred.Count > 0 || await _queue.Reader.WaitToReadAsync())
        {
            Gather(batch);
            if (batch.Count > 0) await _writer.WriteAsync(batch);
            batch.Clear();
        }
    }

    /// <summary>
    /// Takes what waits, as much as one transaction should carry. A second append to a stream that is already in the batch
    /// is put off to the next, so that it sees the first one's version; whatever follows it on any of its streams keeps behind it.
    /// </summary>
    private void Gather(List<PendingAppend> batch)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var waiting = _deferred.ToArray();
        _deferred.Clear();
        var events = 0;
        foreach (var append in waiting) Place(append);
        while (batch.Count < MostAppendsInBatch && events < MostEventsInBatch && _queue.Reader.TryRead(out var append))
        {
            if (append.TryTake()) Place(append);
        }

        void Place(PendingAppend append)
        {
            var clash = batch.Count >= MostAppendsInBatch || append.Request.Streams.Any(stream => taken.Contains(stream.StreamId));
            foreach (var stream in append.Request.Streams) taken.Add(stream.StreamId);
            if (clash)
            {
                _deferred.Add(append);
            }
            else
            {
                batch.Add(append);
                events += append.EventCount;
            }
        }
    }
}
