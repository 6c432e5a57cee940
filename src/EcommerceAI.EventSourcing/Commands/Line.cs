namespace EcommerceAI.EventSourcing.Commands;

/// <summary>
/// Lets in one at a time, in the order in which they came. A semaphore does the same, but makes a timer and a token source for each
/// that waits for a limited time; here those who wait too long are sent on by whoever holds the clock.
/// </summary>
internal sealed class Line
{
    private readonly Queue<Place> _waiting = new();
    private bool _taken;

    /// <summary>Waits to be let in.</summary>
    /// <returns>Whether it was; false when it was sent on, and then it must not leave.</returns>
    public ValueTask<bool> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Place place;
        lock (_waiting)
        {
            if (!_taken)
            {
                _taken = true;
                return new ValueTask<bool>(true);
            }

            place = new Place();
            _waiting.Enqueue(place);
        }

        return cancellation.CanBeCanceled ? WaitAsync(place, cancellation) : new ValueTask<bool>(place.Task);
    }

    /// <summary>Lets in the next one.</summary>
    public void Leave()
    {
        lock (_waiting)
        {
            while (_waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult(true)) return;
            }

            _taken = false;
        }
    }

    /// <summary>Sends on those who have waited for so long; they go without their turn.</summary>
    public void SendOn(TimeSpan patience)
    {
        lock (_waiting)
        {
            while (_waiting.TryPeek(out var first) && (first.Task.IsCompleted || Environment.TickCount64 - first.Since >= patience.TotalMilliseconds))
                _waiting.Dequeue().TrySetResult(false);
        }
    }

    private static async ValueTask<bool> WaitAsync(Place place, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(
            static (state, token) => ((Place)state!).TrySetCanceled(token), place);
        return await place.Task;
    }

    /// <summary>Completed outside the lock's thread, so that who leaves does not run who comes.</summary>
    private sealed class Place() : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Since { get; } = Environment.TickCount64;
    }
}
