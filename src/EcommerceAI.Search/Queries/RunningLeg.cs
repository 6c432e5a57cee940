namespace EcommerceAI.Search.Queries;

/// <summary>A leg at work.</summary>
/// <typeparam name="T">What it answers.</typeparam>
internal sealed class RunningLeg<T>
    where T : class
{
    private readonly string _name;
    private readonly string? _absence;
    private readonly Task<T>? _running;
    private readonly Func<Task> _cancelAsync = () => Task.CompletedTask;

    private RunningLeg(string name, string absence)
    {
        _name = name;
        _absence = absence;
        Ended = Task.CompletedTask;
    }

    private RunningLeg(string name, Func<CancellationToken, ValueTask<T>> search, CancellationToken cancellationToken)
    {
        _name = name;
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _cancelAsync = stop.CancelAsync;
        // On a thread of its own: an embedded leg computes where it is called, and would keep the other from starting.
        _running = Task.Run(async () => await search(stop.Token), cancellationToken);
        // Also when nobody waits for it any longer, its end is seen and the source freed.
        Ended = _running.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                stop.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Ends when the leg does, however it ends; never fails.</summary>
    public Task Ended { get; }

    /// <summary>Whether it has an answer already.</summary>
    public bool HasAnswered => _running is { IsCompletedSuccessfully: true };

    /// <summary>Sets a leg to work.</summary>
    public static RunningLeg<T> Start(string name, Func<CancellationToken, ValueTask<T>> search, CancellationToken cancellationToken) =>
        new(name, search, cancellationToken);

    /// <summary>A leg that cannot be asked.</summary>
    public static RunningLeg<T> Absent(string name, string reason) => new(name, reason);

    /// <summary>Its answer, or why there is none; a leg that is still at work is told to stop and not waited for.</summary>
    /// <param name="deadline">What it has missed, where it is still at work.</param>
    public async Task<LegAnswer<T>> TakeAsync(TimeSpan deadline)
    {
        if (_running is null) return Missing(_absence!);
        if (HasAnswered) return new(await _running, null);
        // Whatever a leg throws, the other leg's answer is worth more than an error; the reply carries the reason.
        if (_running is { IsFaulted: true, Exception.InnerException: { } failure }) return Missing($"{failure.GetType().Name}: {failure.Message}");
        if (!_running.IsCompleted) await StopAsync();
        return Missing($"no answer within {deadline.TotalMilliseconds:0} ms");
    }

    private async Task StopAsync()
    {
        try
        {
            await _cancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in this very moment.
        }
    }

    private LegAnswer<T> Missing(string reason) => new(null, new(_name, reason));
}
