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

    private long _position = -1;
    private Task _training = Task.CompletedTask;
    private long _trainedAt;
    private long _trainedOn;
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

        if (Position < 0) await WarmUpAsync(cancellation);
        Interlocked.Exchange(ref _position, Math.Max(changed.Position, Position));
    }

    /// <summary>
    /// One search that nobody waits for: it compiles the way that searches take, so that the first shopper does not.
    /// </summary>
    private async Task WarmUpAsync(CancellationToken cancellation) =>
        await searcher.SearchAsync(new SearchRequest { Text = "red heart 22423" }, cancellation);

    /// <summary>
    /// Trains at the first filling and again when it pays, beside the feed: a training takes a second or more of one core, and what
    /// changes meanwhile must be found at once.
    /// </summary>
    private async Task TrainIfDueAsync(CancellationToken cancellation)
    {
        if (!_training.IsCompleted) return;
        var count = await index.Text.CountAsync(cancellation);
        // No document yet: there is none to come only when the documents stand at the end of the log.
        if (count == 0 && Position >= await watch.ReadMarkAsync(cancellation)) Volatile.Write(ref _isFilled, true);
        else if (count > 0 && (index.Vectors is null || IsWorthTraining(count))) _training = Task.Run(() => TrainAsync(count, cancellation), cancellation);
    }

    /// <summary>
    /// A new word is near its like by its characters at once, by its meaning only after a training. When the documents have doubled
    /// that matters soon; when half of them were written anew it can wait.
    /// </summary>
    private bool IsWorthTraining(long count)
    {
        var since = System.Diagnostics.Stopwatch.GetElapsedTime(_trainedAt);
        return count >= 2 * _trainedOn ? since > TimeSpan.FromSeconds(5)
            : index.WritesSinceTraining >= Math.Max(100, count / 2) && since > TimeSpan.FromMinutes(5);
    }

    private async Task TrainAsync(long count, CancellationToken cancellation)
    {
        try
        {
            await index.TrainAsync(cancellation);
            await WarmUpAsync(cancellation);
            _trainedOn = count;
            _trainedAt = System.Diagnostics.Stopwatch.GetTimestamp();
            Volatile.Write(ref _isFilled, true);
            logger.LogInformation("Search learned its vectors from {Count} documents.", count);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The host stops; what was learned so far is of no use.
        }
        catch (InvalidOperationException failure)
        {
            Volatile.Write(ref _error, failure.Message);
            logger.LogError(failure, "Search could not learn its vectors; the keyword leg answers until the next try.");
        }
    }
}
