using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>
/// Moves one generation of a projection along the log. Rows and checkpoint commit together, and the checkpoint moves only from
/// where this runner read it, so that each event counts exactly once whoever else is running.
/// </summary>
public sealed class ProjectionRunner
{
    /// <summary>
    /// Events in one transaction. Large enough that set-based statements pay, small enough that a reader who waits for its own
    /// write waits for milliseconds.
    /// </summary>
    public const int DefaultBatchSize = 10_000;

    private readonly EventStore _store;
    private readonly IProjection _projection;
    private readonly int _batchSize;
    private readonly string[] _types;

    /// <summary>Takes a definition.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="projection">The definition.</param>
    /// <param name="batchSize">The most events in one transaction, 1 or more; rows must not depend on it.</param>
    /// <exception cref="InvalidOperationException">The projection handles no registered event.</exception>
    public ProjectionRunner(EventStore store, IProjection projection, int batchSize = DefaultBatchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        _store = store;
        _projection = projection;
        _batchSize = batchSize;
        _types = [.. projection.Handles.SelectMany(store.Serializer.Types.NamesOf).Distinct(StringComparer.Ordinal)];
        if (_types.Length == 0) throw new InvalidOperationException($"The projection {projection.Name} handles no registered event.");
    }

    /// <summary>Applies everything up to a position.</summary>
    /// <param name="generation">The generation to move.</param>
    /// <param name="upTo">A position at or below the high-water mark.</param>
    /// <param name="progress">Told the checkpoint after each transaction.</param>
    /// <param name="cancellation">Gives up between transactions, or rolls back the one under way.</param>
    /// <returns>The generation at its new checkpoint, or null when another runner moved it, or it is no longer to be written.</returns>
    public async Task<Generation?> RunAsync(
        Generation generation, long upTo, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        if (generation.Checkpoint >= upTo) return generation;
        var next = ReadAsync(generation.Checkpoint, upTo, cancellation);
        while (generation.Checkpoint < upTo)
        {
            var page = await next;
            // The next page is read and deserialised while this one is applied.
            next = page.ReadUpTo < upTo ? ReadAsync(page.ReadUpTo, upTo, cancellation) : next;
            if (!await ApplyAsync(generation, page, cancellation)) return null;
            generation = generation with { Checkpoint = page.ReadUpTo };
            progress?.Report(generation.Checkpoint);
        }

        return generation;
    }

    private Task<LogPage> ReadAsync(long after, long upTo, CancellationToken cancellation) =>
        _store.Reader.ReadLogAsync(new LogRange(after, upTo, _batchSize, _types), cancellation);

    private async Task<bool> ApplyAsync(Generation generation, LogPage page, CancellationToken cancellation)
    {
        await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await MoveCheckpointAsync(connection, generation, page.ReadUpTo, cancellation)) return false;
        if (page.Events.Count > 0)
            await _projection.ApplyAsync(new ProjectionBatch(connection, generation.Schema, page.Events), cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }

    private static async Task<bool> MoveCheckpointAsync(
        NpgsqlConnection connection, Generation generation, long position, CancellationToken cancellation)
    {
        await using var command = SchemaSql.Command(
            connection,
            """
            update bookkeeping.generations set checkpoint = $4, changed = now()
            where projection = $1 and generation = $2 and checkpoint = $3 and state <> 'retired'
            """,
            "",
            [generation.Projection, generation.Number, generation.Checkpoint, position]);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }
}
