using EcommerceAI.EventSourcing.Privacy;
using Npgsql;

namespace EcommerceAI.Api.Hosting;

/// <summary>
/// Finishes what was begun of forgetting, at start and every ten seconds: keys that the log says are to be destroyed, and once an hour
/// the dead rows, because rewriting a table keeps its readers waiting.
/// </summary>
internal sealed class ForgettingSweep(Forgetting forgetting, TimeProvider time, ILogger<ForgettingSweep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenScrubs = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scrubbed = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var destroyed = await forgetting.DestroyKeysAsync(stoppingToken);
                if (destroyed > 0) logger.LogInformation("Destroyed the keys of {Count} data subjects.", destroyed);
                if (time.GetUtcNow() - scrubbed >= BetweenScrubs && await forgetting.ScrubAsync(stoppingToken)) scrubbed = time.GetUtcNow();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
            {
                logger.LogWarning(failure, "Forgetting could not be finished; trying again in {Pause}.", Pause);
            }

            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
