namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Group commit. While one transaction is being flushed, the appends that arrive wait here and then travel together in the next one; a
/// lone caller waits for nobody. Two writers take turns, so that the server works on one batch while the other one is flushed or its
/// callers are answered. The queue is bounded: when it is full, callers wait at its door.
/// </summary>
/// <remarks>
/// Hops between threads cost as much as the work here, so there are few: the writers are threads of their own that talk to the server
/// synchronously, they are woken only when there is a batch worth taking, and a lone append is written by the thread that its caller
/// gives back to the pool.
/// </remarks>
internal sealed class AppendQueue : IAsyncDisposable
{
    private const int Capacity = 4096;
    private const int Writers = 2;

    /// <summary>Below so many appends two batches cost more than one.</summary>
    private const int LeastShare = 8;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PauseWhileHeld = TimeSpan.FromMilliseconds(5);

    private readonly object _door = new();
    private readonly SemaphoreSlim _room = new(Capacity, Capacity);
    private readonly HashSet<string> _busyStreams = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _busyReceipts = [];
    private readonly Func<AppendWriter> _createWriter;
    private readonly AppendWriter _lone;
    private readonly Task[] _writers;
    private readonly Timer _deadlines;
    private List<PendingAppend> _waiting = [];
    private List<PendingAppend> _left = [];
    private int _writing;
    private int _appendsInFlight;
    private bool _closing;

    public AppendQueue(Func<AppendWriter> createWriter)
    {
        _createWriter = createWriter;
        _lone = createWriter();
        _writers = [.. Enumerable.Range(0, Writers).Select(number => RunOnThread(number))];
        _deadlines = new Timer(_ => GiveUpLate(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    /// <summary>Waits for room. From when the result completes the append is in its place behind those that came before.</summary>
    /// <exception cref="TimeoutException">There was no room for 30 s; nothing was written.</exception>
    public async ValueTask EnterAsync(PendingAppend append, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!await _room.WaitAsync(Deadline, cancellation)) throw TooLate();
        lock (_door)
        {
            ObjectDisposedException.ThrowIf(_closing, this);
            _waiting.Add(append);
            if (_writing == 0 && _waiting.Count == 1)
            {
                // Runs where its caller waits, or on a thread that is awake; appends that come meanwhile travel with it.
                _writing++;
                ThreadPool.UnsafeQueueUserWorkItem(static queue => queue.WriteLone(), this, preferLocal: true);
            }
            else if (IsWorthTaking)
            {
                Monitor.Pulse(_door);
            }
        }
    }

    /// <summary>Waits for the outcome. Cancelling withdraws the append while it waits its turn; after that its outcome is told.</summary>
    public static async Task<AppendResult> OutcomeAsync(PendingAppend append, CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled) return await append.Completion;
        await using var registration = cancellation.UnsafeRegister(
            static (state, token) =>
            {
                if (((PendingAppend)state!).TryWithdraw()) ((PendingAppend)state).Fail(new OperationCanceledException(token));
            },
            append);
        return await append.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        lock (_door)
        {
            _closing = true;
            Monitor.PulseAll(_door);
        }

        await Task.WhenAll(_writers);
        _lone.Dispose();
        await _deadlines.DisposeAsync();
        _room.Dispose();
    }

    private Task RunOnThread(int number)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            Run();
            done.SetResult();
        })
        { IsBackground = true, Name = $"append {number}" }.Start();
        return done.Task;
    }

    private void Run()
    {
        using var writer = _createWriter();
        while (WaitForBatch() is { } batch) Write(writer, batch);
    }

    /// <summary>The first append after a rest, with whatever has joined it. One at a time: <see cref="_writing"/> counts it from before it runs.</summary>
    private void WriteLone()
    {
        GatheredBatch batch;
        lock (_door)
        {
            _writing--;
            batch = Gather();
            if (batch.IsEmpty) return;
        }

        Write(_lone, batch);
    }

    private void Write(AppendWriter writer, GatheredBatch batch)
    {
        var again = writer.Write(batch);
        lock (_door)
        {
            _writing--;
            _appendsInFlight -= batch.Appends.Count;
            _busyStreams.ExceptWith(batch.Streams);
            _busyReceipts.ExceptWith(batch.Receipts);
            _waiting.InsertRange(0, again);
            foreach (var append in again) append.Release();
            if (_waiting.Count > 0) Monitor.Pulse(_door);
        }

        if (again.Count < batch.Appends.Count) _room.Release(batch.Appends.Count - again.Count);
    }

    /// <summary>
    /// Two batches under way are best equally long: a short one beside a long one pays a whole round trip and flush for little. What
    /// has not come together yet waits at most until the other batch is done.
    /// </summary>
    private bool IsWorthTaking => _waiting.Count > 0 && _waiting.Count >= _appendsInFlight;

    /// <summary>Null when the queue is closed and empty.</summary>
    private GatheredBatch? WaitForBatch()
    {
        lock (_door)
        {
            while (true)
            {
                if (IsWorthTaking && Gather() is { IsEmpty: false } batch) return batch;
                if (_closing && _waiting.Count == 0 && _writing == 0) return null;
                // What is left waits for a lock, or for the other writer, which then makes itself heard.
                Monitor.Wait(_door, _waiting.Count > 0 || _closing ? PauseWhileHeld : Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>
    /// Takes what waits, as much as one transaction should carry. An append that cannot go yet keeps everything behind it that goes to
    /// one of its streams or has its receipt, so that each finds what became of the one before.
    /// </summary>
    private GatheredBatch Gather()
    {
        var batch = new GatheredBatch(Math.Max(LeastShare, (_waiting.Count + _appendsInFlight + 1) / Writers));
        HashSet<string>? kept = null;
        var now = Environment.TickCount64;
        foreach (var append in _waiting)
        {
            if (IsOver(append))
            {
                _room.Release();
            }
            else if (batch.IsFull || append.NotBefore > now || IsBusy(append, kept) || !batch.Accepts(append))
            {
                _left.Add(append);
                kept ??= new HashSet<string>(StringComparer.Ordinal);
                foreach (var stream in append.Request.Streams) kept.Add(stream.StreamId);
            }
            else if (append.TryTake())
            {
                batch.Add(append);
            }
            else
            {
                // Its caller gave up in this very moment.
                _room.Release();
            }
        }

        (_waiting, _left) = (_left, _waiting);
        _left.Clear();
        if (batch.IsEmpty) return batch;
        _writing++;
        _appendsInFlight += batch.Appends.Count;
        _busyStreams.UnionWith(batch.Streams);
        _busyReceipts.UnionWith(batch.Receipts);
        return batch;
    }

    /// <summary>Its caller has given up, or it was decided on a state that never came to be: then its caller is told so.</summary>
    private static bool IsOver(PendingAppend append)
    {
        if (append.IsWithdrawn) return true;
        foreach (var before in append.After)
        {
            if (!before.HasFailed) continue;
            var stream = append.Request.Streams[0];
            if (append.TryTake()) append.Complete(new AppendResult.VersionConflict(stream.StreamId, stream.Expected, 0));
            return true;
        }

        return false;
    }

    private bool IsBusy(PendingAppend append, HashSet<string>? kept)
    {
        foreach (var stream in append.Request.Streams)
        {
            if (_busyStreams.Contains(stream.StreamId) || kept?.Contains(stream.StreamId) == true) return true;
        }

        return append.Request.Receipt is { } receipt && _busyReceipts.Contains((receipt.Principal, receipt.Key));
    }

    private void GiveUpLate()
    {
        var latest = Environment.TickCount64 - (long)Deadline.TotalMilliseconds;
        lock (_door)
        {
            foreach (var append in _waiting)
            {
                if (append.Since < latest && append.TryWithdraw()) append.Fail(TooLate());
            }
        }
    }

    private static TimeoutException TooLate() =>
        new($"The append could not be taken up for {Deadline.TotalSeconds:0} s; nothing was written.");
}
