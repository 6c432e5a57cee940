using EcommerceAI.EventSourcing.Commands;
using Npgsql;

namespace EcommerceAI.Api.Hosting;

/// <summary>Forgets idempotency keys past their retention, at start and every hour.</summary>
internal sealed class ReceiptSweep(Receipts receipts, ILogger<ReceiptSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var forgotten = await receipts.SweepAsync(stoppingToken);
                if (forgotten > 0) logger.LogInformation("Forgot {Count} idempotency keys past their retention.", forgotten);
            }
            catch (NpgsqlException failure)
            {
                logger.LogWarning(failure, "Idempotency keys past their retention could not be forgotten; trying again in {Pause}.", Pause);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
