using System.Diagnostics;

namespace EcommerceAI.Api.Tests;

/// <summary>Waits for what comes about by itself.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks again and again until it is so.</summary>
    public static async Task TrueAsync(string what, Func<Task<bool>> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience) throw new TimeoutException($"Not so within {Patience.TotalSeconds} s: {what}");
            await Task.Delay(20);
        }
    }
}
