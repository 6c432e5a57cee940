using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.EventSourcing.Timers;

/// <summary>
/// Fires timers when they come due, those that came due while nothing ran at once. Each type is fired by one node at a time, under a
/// lease; it sleeps until the next one is due or an earlier one is scheduled.
/// </summary>
public sealed class TimerHost : BackgroundService
{
    private const int BatchSize = 500;
    private const int AtATime = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly EventStore _store;
    private readonly ILogger _logger;
    private readonly IReadOnlyDictionary<string, ITimerHandler> _handlers;
    private readonly DurableTimers _timers;
    private readonly ShardOwnership _ownership;
    private readonly Meter _meter = new(ShardMetrics.MeterName);
    private readonly Counter<long> _fired;
    private readonly Counter<long> _failures;

    private TaskCompletionSource _scheduled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes what it runs.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="handlers">One handler a type.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="node">Who this node is; null for a name of its own and the ordinary times.</param>
    /// <exception cref="ArgumentException">Two handlers share a type.</exception>
    public TimerHost(EventStore store, IEnumerable<ITimerHandler> handlers, ILogger<TimerHost> logger, LeaseOptions? node = null)
    {
        (_store, _logger) = (store, logger);
        _handlers = handlers.ToDictionary(handler => $"timers:{handler.Type}", StringComparer.Ordinal);
        _timers = new DurableTimers(store.Source);
        _ownership = new ShardOwnership(new Leases(store.Source, node), logger);
        _fired = _meter.CreateCounter<long>("ecommerceai.timer.fired", "{timer}", "Timers whose handler succeeded.");
        _failures = _meter.CreateCounter<long>("ecommerceai.timer.failures", "{failure}", "Attempts that failed.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _handlers.Count == 0
        ? Task.CompletedTask
        : Task.WhenAll(
            ListenAsync(stoppingToken),
            _ownership.RunAsync(_handlers.Keys, (lease, cancellation) => KeepFiringAsync(_handlers[lease.Shard], lease, cancellation), stoppingToken));

    private async Task KeepFiringAsync(ITimerHandler handler, Lease lease, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                // Taken before the look, so that what is scheduled after it is not slept through.
                var scheduled = Volatile.Read(ref _scheduled).Task;
                var due = await _timers.ReadDueAsync(handler.Type, BatchSize, cancellation);
                if (due.Count > 0) await FireAsync(handler, lease, due, cancellation);
                else await SleepAsync(await _timers.ReadWaitAsync(handler.Type, LongestSleep, cancellation), scheduled, cancellation);
            }
            catch (Exception failure) when (failure is NpgsqlException or TimeoutException or IOException && !cancellation.IsCancellationRequested)
            {
                _logger.LogError(failure, "Timers of type {Type} could not be read or settled; trying again in {Retry}.", handler.Type, Retry);
                await Task.Delay(Retry, cancellation);
            }
        }
    }

    private static async Task SleepAsync(TimeSpan wait, Task scheduled, CancellationToken cancellation)
    {
        try
        {
            // A millisecond more: woken a little early by a coarse clock it would only look in vain.
            await scheduled.WaitAsync(wait + TimeSpan.FromMilliseconds(1), cancellation);
        }
        catch (TimeoutException)
        {
            // The next one is due.
        }
    }

    private async Task FireAsync(ITimerHandler handler, Lease lease, List<DurableTimer> due, CancellationToken cancellation)
    {
        var fired = new ConcurrentBag<FiredTimer>();
        await Parallel.ForEachAsync(
            due,
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellation },
            async (timer, stop) => fired.Add(new FiredTimer(timer, await TryAsync(handler, timer, stop))));
        await TimerSettlement.WriteAsync(_store.Source, lease, handler, fired, cancellation);
    }

    /// <summary>Why it failed, or null.</summary>
    private async Task<string?> TryAsync(ITimerHandler handler, DurableTimer timer, CancellationToken cancellation)
    {
        var tag = new KeyValuePair<string, object?>("timer", handler.Type);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            // A handler that does not heed its token must not hold up the timers behind it.
            await handler.FireAsync(timer, patience.Token).WaitAsync(patience.Token);
            _fired.Add(1, tag);
            return null;
        }
#pragma warning disable CA1031 // Whatever a handler throws puts off that timer alone.
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _failures.Add(1, tag);
            _logger.LogError(failure, "The timer {Key} of type {Type} failed.", timer.Key, timer.Type);
            return failure is OperationCanceledException ? $"Not done within {Patience.TotalSeconds} s." : failure.Message;
        }
    }

    /// <summary>Wakes the sleepers when something earlier is scheduled, and whenever a notification may have been missed.</summary>
    private async Task ListenAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
                await using (var listen = new NpgsqlCommand($"listen {DurableTimers.Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellation);
                while (true)
                {
                    Interlocked.Exchange(ref _scheduled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                    await connection.WaitAsync(cancellation);
                }
            }
            catch (Exception lost) when (lost is NpgsqlException or TimeoutException or IOException or OperationCanceledException)
            {
                if (cancellation.IsCancellationRequested) return;
                _logger.LogWarning(lost, "Lost the connection that hears of new timers; trying again in {Retry}.", Retry);
                await Task.Delay(Retry, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
