namespace EcommerceAI.Search.Queries;

/// <summary>What a leg gave: an answer, or the reason why there is none.</summary>
internal readonly record struct LegAnswer<T>(T? Answer, DegradedLeg? Degraded) where T : class;

/// <summary>
/// Runs the two legs so that whatever one does (fail, hang, ignore its cancellation), the search goes on at the deadline with the
/// other; only where neither has answered by then is the first answer waited for, within patience.
/// </summary>
internal sealed class LegRunner(TimeSpan deadline, TimeSpan patience, TimeProvider time)
{
    /// <summary>Waits for two running legs.</summary>
    public async Task<(LegAnswer<TOne> One, LegAnswer<TOther> Other)> WaitAsync<TOne, TOther>(
        RunningLeg<TOne> one, RunningLeg<TOther> other, CancellationToken cancellationToken)
        where TOne : class
        where TOther : class
    {
        var both = Task.WhenAll(one.Ended, other.Ended);
        if (!await EndsWithinAsync(both, deadline, cancellationToken) && !one.HasAnswered && !other.HasAnswered)
        {
            var left = patience > deadline ? patience - deadline : TimeSpan.Zero;
            var first = await EndsWithinAsync(Task.WhenAny(one.Ended, other.Ended), left, cancellationToken);
            // The first to end may have failed; then the other is the last hope.
            if (first && !one.HasAnswered && !other.HasAnswered) await EndsWithinAsync(both, left, cancellationToken);
        }

        return (await one.TakeAsync(deadline), await other.TakeAsync(deadline));
    }

    private async Task<bool> EndsWithinAsync(Task task, TimeSpan bound, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(bound, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
