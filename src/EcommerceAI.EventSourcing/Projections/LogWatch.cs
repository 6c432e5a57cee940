using System.Diagnostics;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>
/// Tells waiters when the high-water mark has moved: woken by the store's notification, and polling behind it, since a foreign
/// writer notifies nobody and a notification can be lost with its connection.
/// </summary>
/// <remarks>
/// After a rest they are told at once. While the log goes on moving its events are gathered, the longer the more of them come: each look
/// costs the server some round trips for every follower, however few events it finds, and one look for each append would leave no time
/// for the appends.
/// </remarks>
public sealed class LogWatch(EventStore store, ILogger<LogWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Polling = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PollingAtGap = TimeSpan.FromMilliseconds(10);

    /// <summary>Time from one telling to the next, for each event told, between the least and the most.</summary>
    private static readonly TimeSpan GatheringOfEach = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LeastGathering = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MostGathering = TimeSpan.FromMilliseconds(50);

    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The high-water mark of this moment.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<long> ReadMarkAsync(CancellationToken cancellation = default) => store.HighWater.ReadAsync(cancellation);

    /// <summary>Waits until the log can be read beyond a position.</summary>
    /// <param name="position">What is already known.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The high-water mark, above <paramref name="position"/>.</returns>
    public async Task<long> WaitBeyondAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            var moved = Volatile.Read(ref _moved);
            if (store.HighWater.Last is var mark && mark > position) return mark;
            await moved.Task.WaitAsync(cancellation);
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost) when (lost is NpgsqlException or IOException)
            {
                logger.LogWarning(lost, "Lost the connection that watches the log; trying again.");
                await Task.Delay(Polling, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using (var listen = new NpgsqlCommand("listen events_appended", connection)) await listen.ExecuteNonQueryAsync(cancellation);
        var told = -1L;
        var (toldAt, gathering) = (0L, TimeSpan.Zero);
        while (!cancellation.IsCancellationRequested)
        {
            if (gathering - Stopwatch.GetElapsedTime(toldAt) is { Ticks: > 0 } rest) await Task.Delay(rest, cancellation);
            // Others move the mark as well, so that what counts is what the waiters were told last.
            var mark = await store.HighWater.ReadAsync(cancellation);
            if (mark > told)
            {
                Interlocked.Exchange(ref _moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                toldAt = Stopwatch.GetTimestamp();
                gathering = TimeSpan.FromTicks(Math.Clamp((mark - told) * GatheringOfEach.Ticks, LeastGathering.Ticks, MostGathering.Ticks));
            }

            told = mark;
            await connection.WaitAsync(store.HighWater.IsHeldBack ? PollingAtGap : Polling, cancellation);
        }
    }
}
