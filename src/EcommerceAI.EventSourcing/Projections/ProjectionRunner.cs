using EcommerceAI.EventSourcing.Nodes;
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

    private const string IdleInTransactionSessionTimeout = "25P03";

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
        _types = [.. HandledNames.Of(projection, store.Serializer.Types)];
        if (_types.Length == 0) throw new InvalidOperationException($"The projection {projection.Name} handles no registered event.");
    }

    /// <summary>The lease that every transaction asks for before it writes, or null to write without one.</summary>
    public Lease? Lease { get; init; }

    /// <summary>
    /// Whether a batch that fails is taken apart, so that everything before the event at fault is applied and the failure names that
    /// event (<see cref="EventFailedException"/>). Otherwise the failure is passed on as it came, with the batch rolled back.
    /// </summary>
    public bool FindsFailedEvent { get; init; }

    /// <summary>Whether events may come from those that this process has read already, and the checkpoint moves together with others'.</summary>
    internal bool ReadsTail { get; set; }

    /// <summary>Told after each transaction where the checkpoint stands and how many events it took.</summary>
    internal Action<long, int>? Moved { get; init; }

    /// <summary>Applies everything up to a position.</summary>
    /// <param name="generation">The generation to move.</param>
    /// <param name="upTo">A position at or below the high-water mark.</param>
    /// <param name="progress">Told the checkpoint after each transaction.</param>
    /// <param name="cancellation">Gives up between transactions, or rolls back the one under way.</param>
    /// <returns>The generation at its new checkpoint, or null when another runner moved it, or it is no longer to be written.</returns>
    /// <exception cref="LeaseLostException">Another node has taken over; nothing was written.</exception>
    /// <exception cref="EventFailedException">See <see cref="FindsFailedEvent"/>.</exception>
    public async Task<Generation?> RunAsync(
        Generation generation, long upTo, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        if (generation.Checkpoint >= upTo) return generation;
        var next = ReadAsync(generation.Checkpoint, upTo, cancellation);
        while (generation.Checkpoint < upTo)
        {
            var read = await next;
            // The next page is read and deserialised while this one is applied.
            next = read.Unreadable is null && read.Page.ReadUpTo < upTo ? ReadAsync(read.Page.ReadUpTo, upTo, cancellation) : next;
            if (await ApplyPageAsync(generation, read.Page, cancellation) is not { } moved) return null;
            generation = moved;
            progress?.Report(generation.Checkpoint);
            if (read.Unreadable is { } unreadable)
                throw new EventFailedException($"The projection {_projection.Name}", FailedEvent.Of(unreadable), unreadable);
        }

        return generation;
    }

    private async Task<(LogPage Page, UnreadableEventException? Unreadable)> ReadAsync(long after, long upTo, CancellationToken cancellation)
    {
        UnreadableEventException? unreadable = null;
        while (true)
        {
            try
            {
                var range = new LogRange(after, upTo, _batchSize, _types, _projection.IncludesArchived);
                return (await (ReadsTail ? _store.Tail.ReadLogAsync(range, cancellation) : _store.Reader.ReadLogAsync(range, cancellation)), unreadable);
            }
            catch (UnreadableEventException found) when (FindsFailedEvent)
            {
                // What stands before it can be applied.
                unreadable = found;
                upTo = found.Position - 1;
            }
        }
    }

    private async Task<Generation?> ApplyPageAsync(Generation generation, LogPage page, CancellationToken cancellation)
    {
        var size = page.Events.Count;
        var done = 0;
        do
        {
            var take = Math.Min(size, page.Events.Count - done);
            var isAll = done + take == page.Events.Count;
            var part = new LogPage(
                take == page.Events.Count ? page.Events : [.. page.Events.Skip(done).Take(take)], isAll ? page.ReadUpTo : page.Events[done + take - 1].Position);
            try
            {
                if (!await ApplyAsync(generation, part, cancellation)) return null;
                generation = generation with { Checkpoint = part.ReadUpTo };
                done += take;
            }
            catch (Exception failure) when (FindsFailedEvent && take > 0 && !cancellation.IsCancellationRequested && IsOfTheEvents(failure))
            {
                if (take == 1) throw new EventFailedException($"The projection {_projection.Name}", FailedEvent.Of(part.Events[0]), failure);
                size = take / 2;
            }
        }
        while (done < page.Events.Count);
        return generation;
    }

    /// <summary>
    /// Whether other events may fare better: not where the connection was lost or the lease. A session that the server ended because the
    /// batch took too long between two statements is helped by a smaller batch.
    /// </summary>
    private static bool IsOfTheEvents(Exception failure) => failure switch
    {
        LeaseLostException or OperationCanceledException => false,
        PostgresException { SqlState: IdleInTransactionSessionTimeout } => true,
        PostgresException refused => !refused.IsTransient,
        NpgsqlException or IOException => false,
        _ => true,
    };

    private async Task<bool> ApplyAsync(Generation generation, LogPage page, CancellationToken cancellation)
    {
        if (ReadsTail && Lease is not null && page.Events.Count == 0
            && await _store.IdleMoves.MoveAsync(Lease, generation, page.ReadUpTo).WaitAsync(cancellation))
        {
            Moved?.Invoke(page.ReadUpTo, 0);
            return true;
        }

        // Whoever follows the log changes a few rows at a time of tables that may have grown since its statements were planned.
        await using var connection = await (Lease is null ? _store.Source : _store.Lookups).OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        if (!await MoveCheckpointAsync(connection, generation, page.ReadUpTo, cancellation)) return false;
        if (page.Events.Count > 0)
            await _projection.ApplyAsync(new ProjectionBatch(connection, generation.Schema, page.Events), cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        Moved?.Invoke(page.ReadUpTo, page.Events.Count);
        return true;
    }

    /// <summary>
    /// Asks for the lease and moves the checkpoint, in one round trip. The commit need not wait for the disk: a server that goes down
    /// loses rows and checkpoint together, and both follow from the log.
    /// </summary>
    private async Task<bool> MoveCheckpointAsync(NpgsqlConnection connection, Generation generation, long position, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (Lease is not null) batch.BatchCommands.Add(Lease.GuardStatement());
        var move = new NpgsqlBatchCommand(
            """
            update bookkeeping.generations set checkpoint = $4, changed = now()
            where projection = $1 and generation = $2 and checkpoint = $3 and state <> 'retired'
            returning set_config('synchronous_commit', 'off', true)
            """);
        foreach (var value in new object[] { generation.Projection, generation.Number, generation.Checkpoint, position })
            move.Parameters.Add(SchemaSql.Parameter(value));
        batch.BatchCommands.Add(move);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (Lease is null) return await reader.ReadAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) throw new LeaseLostException(Lease);
        return await reader.NextResultAsync(cancellation) && await reader.ReadAsync(cancellation);
    }
}
