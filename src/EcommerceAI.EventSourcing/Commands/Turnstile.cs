namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Lets callers through one at a time, in the order in which they came, for as long as they are patient. Whoever leaves runs the next one
/// on their own thread, a bounded number deep: on a hot stream a hop between threads takes longer than the decision that follows it.
/// </summary>
internal sealed class Turnstile
{
    private const int Deepest = 32;
    private static readonly long Patience = (long)TimeSpan.FromSeconds(2).TotalMilliseconds;

    [ThreadStatic]
    private static int _depth;

    private readonly Lock _lock = new();
    private readonly Queue<Waiter> _waiting = new();
    private bool _taken;

    /// <summary>Waits for the turn.</summary>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it came in time; then <see cref="Leave"/> must follow.</returns>
    public ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Waiter waiter;
        lock (_lock)
        {
            if (!_taken)
            {
                _taken = true;
                return ValueTask.FromResult(true);
            }

            waiter = new Waiter();
            _waiting.Enqueue(waiter);
        }

        return new ValueTask<bool>(WaitAsync(waiter, cancellation));
    }

    /// <summary>Lets the next one through.</summary>
    public void Leave()
    {
        var next = Next();
        if (next is null) return;
        if (_depth < Deepest) RunHere(next);
        else ThreadPool.UnsafeQueueUserWorkItem(static waiter => waiter.Go(), next, preferLocal: true);
    }

    private static void RunHere(Waiter next)
    {
        _depth++;
        try
        {
            next.Go();
        }
        finally
        {
            _depth--;
        }
    }

    private static async Task<bool> WaitAsync(Waiter waiter, CancellationToken cancellation)
    {
        Impatience.Watch(waiter);
        if (!cancellation.CanBeCanceled) return await waiter.Turn;
        await using var registration = cancellation.UnsafeRegister(static (state, token) => ((Waiter)state!).Cancel(token), waiter);
        return await waiter.Turn;
    }

    private Waiter? Next()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TryClaim()) return next;
            }

            _taken = false;
            return null;
        }
    }

    /// <summary>Somebody who waits: the turn, the end of patience and the caller's cancelling race for it, and one of them gets it.</summary>
    private sealed class Waiter
    {
        private readonly TaskCompletionSource<bool> _turn = new();
        private int _claimed;

        public long Since { get; } = Environment.TickCount64;

        public Task<bool> Turn => _turn.Task;

        public bool IsOver => Volatile.Read(ref _claimed) == 1;

        public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

        public void Go() => _turn.SetResult(true);

        public void Cancel(CancellationToken token)
        {
            if (TryClaim()) _turn.SetCanceled(token);
        }

        public void GiveUp()
        {
            if (TryClaim()) ThreadPool.UnsafeQueueUserWorkItem(static waiter => waiter._turn.SetResult(false), this, preferLocal: false);
        }
    }

    /// <summary>One clock for everybody's patience: a timer each would cost more than the wait.</summary>
    private static class Impatience
    {
        private static readonly Queue<Waiter> Waiters = new();
        private static readonly Timer Clock = new(_ => GiveUpLate(), null, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));

        public static void Watch(Waiter waiter)
        {
            lock (Waiters)
            {
                // Those whose turn has come are let go of here, so that a busy stream does not gather them until the clock strikes.
                for (var n = 0; n < 2 && Waiters.TryPeek(out var first) && first.IsOver; n++) Waiters.Dequeue();
                Waiters.Enqueue(waiter);
            }

            GC.KeepAlive(Clock);
        }

        private static void GiveUpLate()
        {
            lock (Waiters)
            {
                var latest = Environment.TickCount64 - Patience;
                while (Waiters.TryPeek(out var first) && (first.IsOver || first.Since <= latest))
                {
                    first.GiveUp();
                    Waiters.Dequeue();
                }
            }
        }
    }
}
