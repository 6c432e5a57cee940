using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Search.Documents;
using EcommerceAI.Search;
using EcommerceAI.Search.Queries;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcommerceAI.Projections.Search.Feed;

/// <summary>
/// Keeps the search engines in step with the search documents: all of them at start, then what changes. A write carries the position
/// of its event as version, so one that is delivered again or late does no harm.
/// </summary>
public sealed class SearchFeed(ReadModels models, LogWatch watch, HybridIndex index, HybridSearcher searcher, ILogger<SearchFeed> logger) : BackgroundService
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan BehindProjection = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>
    /// New words reach the vector leg by their characters at once, by their meaning only after a training, which takes seconds of one
    /// core: not more often than this.
    /// </summary>
    private static readonly TimeSpan TrainingPause = TimeSpan.FromMinutes(5);

    private long _position = -1;
    private long _trained;
    private bool _isFilled;
    private string? _error;

    /// <summary>The position up to which the engines hold the log; -1 before the first filling.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Whether the first filling is done, and with it the first training where there was something to learn from.</summary>
    public bool IsFilled => Volatile.Read(ref _isFilled);

    /// <summary>Why feeding stopped, or null while it goes on.</summary>
    public string? Error => Volatile.Read(ref _error);

    /// <summary>Waits until searches see everything up to a position.</summary>
    /// <param name="position">The position, as an append returned it.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether they do.</returns>
    public async Task<bool> WaitForAsync(long position, TimeSpan patience, CancellationToken cancellation = default)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Position < position)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > patience) return false;
            await Task.Delay(BehindProjection, cancellation);
        }

        return true;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (ProjectionMissingException)
            {
                // A fresh store: the projection's host is about to make its tables.
                await Task.Delay(BehindProjection, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException or IOException)
            {
                Volatile.Write(ref _error, failure.Message);
                logger.LogError(failure, "Feeding search stopped at position {Position}; trying again in {Retry}.", Position, Retry);
                await Task.Delay(Retry, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            var before = Position;
            await FeedAsync(cancellation);
            Volatile.Write(ref _error, null);
            await TrainIfDueAsync(cancellation);
            if (!IsFilled) await WarmUpAsync(cancellation);
            Volatile.Write(ref _isFilled, true);
            var mark = await watch.WaitBeyondAsync(Position, cancellation);
            // The log has moved, the documents may not have yet.
            if (Position == before && mark > before) await Task.Delay(BehindProjection, cancellation);
        }
    }

    private async Task FeedAsync(CancellationToken cancellation)
    {
        var changed = await ProductDocument.ListChangedAsync(models, Math.Max(0, Position), cancellation);
        foreach (var batch in changed.Value.Chunk(BatchSize))
        {
            var results = await index.WriteAsync([.. batch.Select(document => DocumentWrite.Upsert(document.ToSearchDocument()))], cancellation);
            if (results.FirstOrDefault(result => result.Status == WriteStatus.Failed) is { Error: { } error })
                throw new InvalidOperationException($"A document could not be indexed: {error}");
        }

        Interlocked.Exchange(ref _position, Math.Max(changed.Position, Position));
    }

    /// <summary>
    /// One search that nobody waits for: it compiles both legs, so that the first shopper does not. Ready is said only afterwards.
    /// </summary>
    private async Task WarmUpAsync(CancellationToken cancellation) =>
        await searcher.SearchAsync(new SearchRequest { Text = "red heart 22423" }, cancellation);

    /// <summary>Trains at the first filling, and again when half of the documents have been written since.</summary>
    private async Task TrainIfDueAsync(CancellationToken cancellation)
    {
        var count = await index.Text.CountAsync(cancellation);
        var isFirst = index.Vectors is null;
        if (count == 0) return;
        if (!isFirst
            && (index.WritesSinceTraining < Math.Max(100, count / 2)
                || System.Diagnostics.Stopwatch.GetElapsedTime(Interlocked.Read(ref _trained)) < TrainingPause))
            return;
        Interlocked.Exchange(ref _trained, System.Diagnostics.Stopwatch.GetTimestamp());
        await index.TrainAsync(cancellation);
        logger.LogInformation("Search learned its vectors from {Count} documents.", count);
    }
}
