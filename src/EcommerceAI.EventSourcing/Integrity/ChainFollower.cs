using EcommerceAI.EventSourcing.Store;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>When a <see cref="ChainFollower"/> seals.</summary>
/// <param name="Events">As soon as so many positions are not sealed.</param>
/// <param name="Interval">After so long at the latest, where anything is not sealed.</param>
public sealed record ChainFollowerOptions(long Events, TimeSpan Interval)
{
    /// <summary>Every 10,000 events, and every 5 minutes.</summary>
    public static ChainFollowerOptions Default { get; } = new(10_000, TimeSpan.FromMinutes(5));
}

/// <summary>
/// Seals the log while a host runs, and once more when it stops. What goes wrong is told in the log and tried again; the store itself
/// never waits for it. One node does it: its key signs, and its file keeps the heads.
/// </summary>
/// <param name="store">The event store.</param>
/// <param name="chain">Its chain.</param>
/// <param name="logger">Told what goes wrong.</param>
/// <param name="options">When to seal.</param>
/// <param name="time">The clock.</param>
public sealed class ChainFollower(
    EventStore store, EventChain chain, ILogger<ChainFollower> logger, ChainFollowerOptions? options = null, TimeProvider? time = null) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ChainFollowerOptions _options = options ?? ChainFollowerOptions.Default;
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Why the last attempt failed, or null.</summary>
    public string? Error { get; private set; }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look < _options.Interval ? Look : _options.Interval, _time);
        var sealedTo = 0L;
        var began = _time.GetTimestamp();
        var isStopping = false;
        while (!isStopping)
        {
            isStopping = !await TickAsync(timer, stoppingToken);
            var isDue = isStopping || _time.GetElapsedTime(began) >= _options.Interval || store.HighWater.Last - sealedTo >= _options.Events;
            if (!isDue) continue;
            sealedTo = await SealAsync() ?? sealedTo;
            began = _time.GetTimestamp();
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<long?> SealAsync()
    {
        try
        {
            var head = await chain.SealAsync();
            Error = null;
            return head?.Position;
        }
        catch (Exception failure) when (failure is ChainException or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            Error = failure.Message;
            logger.LogError(failure, "The log could not be sealed; trying again in {Interval}.", _options.Interval);
            return null;
        }
    }
}
