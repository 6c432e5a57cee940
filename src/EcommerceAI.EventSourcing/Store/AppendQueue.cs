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
    private const long MostBytesInBatch = 16 << 20;
    private static readonly TimeSpan PauseWhileHeld = TimeSpan.FromMilliseconds(5);

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
            IReadOnlyList<PendingAppend> held = batch.Count > 0 ? await _writer.WriteAsync(batch) : [];
            foreach (var append in held) append.Release();
            _deferred.InsertRange(0, held);
            // Nothing went through, so asking again at once would only spin.
            if (held.Count == batch.Count) await Task.Delay(PauseWhileHeld);
            batch.Clear();
        }
    }

    /// <summary>
    /// Takes what waits, as much as one transaction should carry. A second append to a stream or with a receipt that is already in
    /// the batch is put off to the next, so that it sees what became of the first; whatever follows it on any of its streams keeps
    /// behind it.
    /// </summary>
    private void Gather(List<PendingAppend> batch)
    {
        var taken = new HashSet<(string, string)>();
        var waiting = _deferred.ToArray();
        _deferred.Clear();
        var events = 0;
        var bytes = 0L;
        foreach (var append in waiting) Place(append);
        while (HasRoom() && _queue.Reader.TryRead(out var append)) Place(append);

        bool HasRoom() =>
            batch.Count < MostAppendsInBatch && events < MostEventsInBatch && bytes < MostBytesInBatch && batch is not [{ AloneFrom: not null }];

        void Place(PendingAppend append)
        {
            if (append.IsWithdrawn) return;
            var clash = !HasRoom() || (append.AloneFrom is { } from && (batch.Count > 0 || Environment.TickCount64 < from));
            foreach (var stream in append.Request.Streams) clash |= !taken.Add((stream.StreamId, ""));
            if (append.Request.Receipt is { } receipt) clash |= !taken.Add((receipt.Principal, " " + receipt.Key));
            if (clash)
            {
                _deferred.Add(append);
            }
            else if (append.TryTake())
            {
                batch.Add(append);
                events += append.EventCount;
                bytes += append.ByteCount;
            }
        }
    }
}
