namespace EcommerceAI.Search.Queries;

/// <summary>What a leg gave: an answer, or the reason why there is none.</summary>
internal readonly record struct LegAnswer<T>(T? Answer, DegradedLeg? Degraded) where T : class;

/// <summary>Runs a leg so that whatever it does (fail, hang, ignore its cancellation), the search goes on at the deadline.</summary>
internal sealed class LegRunner(TimeSpan deadline, TimeProvider time)
{
    public async Task<LegAnswer<T>> RunAsync<T>(
        string leg, Func<CancellationToken, ValueTask<T>> search, CancellationToken cancellationToken) where T : class
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // On a thread of its own: an embedded leg computes where it is called, and would keep the other from starting.
        var running = Task.Run(async () => await search(stop.Token), cancellationToken);
        // Also when nobody waits for it any longer, its end is seen and the source freed.
        _ = running.ContinueWith(
            ended =>
            {
                _ = ended.Exception;
                stop.Dispose();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return new(await running.WaitAsync(deadline, time, cancellationToken), null);
        }
        catch (TimeoutException) when (!running.IsCompleted)
        {
            await stop.CancelAsync();
            return new(null, new(leg, $"no answer within {deadline.TotalMilliseconds:0} ms"));
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever a leg throws, the other leg's answer is worth more than an error; the reply carries the reason.
            return new(null, new(leg, $"{failure.GetType().Name}: {failure.Message}"));
        }
    }
}
