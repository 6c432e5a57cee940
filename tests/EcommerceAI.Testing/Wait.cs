namespace EcommerceAI.Testing;

/// <summary>Waits for what another thread or process does.</summary>
public static class Wait
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Until the condition holds, 60 s at most.</summary>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="what">What is waited for, in words.</param>
    /// <exception cref="TimeoutException">It did not come.</exception>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Bound) throw new TimeoutException($"Waited {Bound.TotalSeconds:0} s for {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, string)"/>
    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);
}
