using System.Diagnostics;

namespace EcommerceAI.Replay.Bench;

/// <summary>Concurrent clients that do one thing after another, for a while.</summary>
internal static class Clients
{
    private const int MostPasses = 10;
    private const double Faster = 1.05;

    /// <summary>Runs measurements in turns until a whole turn has made none of them faster by a twentieth, at most ten times.</summary>
    /// <param name="measurements">Each gives its rate.</param>
    public static async Task WarmUpAsync(params Func<Task<double>>[] measurements)
    {
        var best = new double[measurements.Length];
        var grows = true;
        for (var pass = 0; pass < MostPasses && grows; pass++)
        {
            grows = false;
            for (var i = 0; i < measurements.Length; i++)
            {
                var rate = await measurements[i]();
                grows |= rate > best[i] * Faster;
                best[i] = Math.Max(best[i], rate);
            }
        }
    }

    /// <summary>Runs the clients and counts what they finish after the warm-up.</summary>
    /// <param name="clients">How many, 1 or more.</param>
    /// <param name="seconds">How long to count.</param>
    /// <param name="step">What a client does, given its number from 0 and the number of the step, from 0.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Steps per second, all clients together.</returns>
    public static async Task<double> RunAsync(int clients, double seconds, Func<int, long, Task> step, CancellationToken cancellation)
    {
        var warmUp = TimeSpan.FromSeconds(seconds / 4);
        var end = warmUp + TimeSpan.FromSeconds(seconds);
        var started = Stopwatch.GetTimestamp();
        var running = Enumerable.Range(0, clients).Select(client => Task.Run(
            async () =>
            {
                var counted = 0L;
                for (var number = 0L; ; number++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    await step(client, number);
                    var elapsed = Stopwatch.GetElapsedTime(started);
                    if (elapsed > end) return counted;
                    if (elapsed > warmUp) counted++;
                }
            },
            cancellation));
        return (await Task.WhenAll(running)).Sum() / seconds;
    }

    /// <summary>The same with a thread a client, for what is spoken over a synchronous connection, as fast as that goes.</summary>
    /// <param name="clients">How many, 1 or more.</param>
    /// <param name="seconds">How long to count.</param>
    /// <param name="step">What a client does, given its number from 0 and the number of the step, from 0.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Steps per second, all clients together.</returns>
    public static Task<double> RunOnThreadsAsync(int clients, double seconds, Action<int, long> step, CancellationToken cancellation)
    {
        var warmUp = TimeSpan.FromSeconds(seconds / 4);
        var end = warmUp + TimeSpan.FromSeconds(seconds);
        var started = Stopwatch.GetTimestamp();
        long Count(int client)
        {
            var counted = 0L;
            for (var number = 0L; ; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                step(client, number);
                var elapsed = Stopwatch.GetElapsedTime(started);
                if (elapsed > end) return counted;
                if (elapsed > warmUp) counted++;
            }
        }

        return SumAsync(Enumerable.Range(0, clients).Select(client => Task.Factory.StartNew(
            () => Count(client), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)), seconds);
    }

    private static async Task<double> SumAsync(IEnumerable<Task<long>> clients, double seconds) => (await Task.WhenAll(clients)).Sum() / seconds;
}
