using System.Diagnostics;
using EcommerceAI.EventSourcing.Projections.Documents;
using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>
/// Rebuilds a projection beside its live tables and swaps the pointer that readers follow, in one transaction; readers see the
/// old rows or the new ones, never half, and the checkpoint never goes back.
/// </summary>
/// <remarks>
/// Documents (<see cref="DocumentProjection"/>) are built over several connections, in memory, and copied into their table; other
/// projections take the log batch by batch. What comes after the high-water mark of the start is caught up with as usual.
/// </remarks>
/// <param name="store">The event store.</param>
/// <param name="options">How to go to work; null for the defaults.</param>
public sealed class ProjectionRebuild(EventStore store, RebuildOptions? options = null)
{
    private static readonly TimeSpan SignOfLife = TimeSpan.FromMinutes(1);

    private readonly RebuildOptions _options = Check(options ?? new RebuildOptions());
    private readonly Generations _generations = new(store.Source);

    /// <summary>Builds a new generation and makes it the live one.</summary>
    /// <param name="projection">The definition.</param>
    /// <param name="progress">Told the checkpoint as it moves.</param>
    /// <param name="cancellation">Gives up; what was built is dropped.</param>
    public async Task<Generation> RunAsync(IProjection projection, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        await _generations.EnsureLiveAsync(projection, cancellation);
        return await BuildAsync(projection, Generation.Building, (built, runner) => SwapAsync(built, runner, cancellation), progress, cancellation);
    }

    /// <summary>
    /// Builds a generation to the high-water mark and hands it to <paramref name="use"/>; when that fails, its tables are dropped.
    /// </summary>
    internal async Task<T> BuildAsync<T>(
        IProjection projection, string state, Func<Generation, ProjectionRunner, Task<T>> use, IProgress<long>? progress, CancellationToken cancellation)
    {
        var generation = await _generations.CreateAsync(projection, state, cancellation)
            ?? throw new InvalidOperationException($"No generation could be made for {projection.Name}.");
        try
        {
            var runner = new ProjectionRunner(store, projection);
            var built = projection is DocumentProjection documents
                ? await BuildDocumentsAsync(documents, generation, progress, cancellation)
                : generation;
            built = await runner.RunAsync(built, await store.HighWater.ReadAsync(cancellation), progress, cancellation) ?? throw Moved(generation);
            return await use(built, runner);
        }
        catch
        {
            await _generations.DropAsync(generation, CancellationToken.None);
            throw;
        }
    }

    /// <summary>Fills the empty tables of documents up to the high-water mark of this moment.</summary>
    private async Task<Generation> BuildDocumentsAsync(
        DocumentProjection projection, Generation generation, IProgress<long>? progress, CancellationToken cancellation)
    {
        var types = HandledNames.Of(projection, store.Serializer.Types);
        var mark = await store.HighWater.ReadAsync(cancellation);
        var range = new LogRange(generation.Checkpoint, mark, _options.PageSize, [.. types], projection.IncludesArchived);
        var shown = Stopwatch.GetTimestamp();
        async Task FoldedAsync(long position, CancellationToken token)
        {
            progress?.Report(position);
            if (Stopwatch.GetElapsedTime(shown) < SignOfLife) return;
            shown = Stopwatch.GetTimestamp();
            // Nothing is committed before the end, and what nobody moves for an hour is swept as left behind.
            await SetCheckpointAsync(generation, generation.Checkpoint, token);
        }

        await projection.BuildAsync(new DocumentBuild(store, generation.Schema, range, _options, FoldedAsync), cancellation);
        await SetCheckpointAsync(generation, mark, cancellation);
        return generation with { Checkpoint = mark };
    }

    private async Task SetCheckpointAsync(Generation generation, long position, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var command = SchemaSql.Command(
            connection,
            """
            update bookkeeping.generations set checkpoint = $4, changed = now()
            where projection = $1 and generation = $2 and checkpoint = $3 and state in ('building', 'verifying')
            """,
            "",
            [generation.Projection, generation.Number, generation.Checkpoint, position]);
        if (await command.ExecuteNonQueryAsync(cancellation) != 1) throw Moved(generation);
    }

    private static InvalidOperationException Moved(Generation generation) =>
        new($"The generation {generation.Schema} was moved or dropped by somebody else.");

    private static RebuildOptions Check(RebuildOptions options) =>
        options is { Connections: > 0, PageSize: > 0, DocumentsInMemory: > 0 }
            ? options
            : throw new ArgumentOutOfRangeException(nameof(options), options, "Connections, page size and documents in memory must be 1 or more.");

    private async Task<Generation> SwapAsync(Generation built, ProjectionRunner runner, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Holding the live row stops whoever moves it, so that the last stretch is short and ends where the live one stands.
        var live = await LockLiveAsync(connection, built.Projection, cancellation);
        built = await runner.RunAsync(built, live.Checkpoint, null, cancellation)
            ?? throw Moved(built);
        await using (var retire = SchemaSql.Command(
            connection,
            "update bookkeeping.generations set state = 'retired', changed = now() where projection = $1 and state = 'live'",
            "",
            [built.Projection]))
            await retire.ExecuteNonQueryAsync(cancellation);
        await using (var raise = SchemaSql.Command(
            connection,
            "update bookkeeping.generations set state = 'live', changed = now() where projection = $1 and generation = $2",
            "",
            [built.Projection, built.Number]))
            await raise.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return built with { State = Generation.Live };
    }

    /// <summary>Locks the live generation until the transaction ends and returns it as it stands under the lock.</summary>
    internal static async Task<Generation> LockLiveAsync(NpgsqlConnection connection, string projection, CancellationToken cancellation)
    {
        // Whoever waited for the lock while another swap took place finds that its row is no longer the live one: look again.
        while (true)
        {
            await using (var command = SchemaSql.Command(
                connection, $"select {Generations.Columns} from bookkeeping.generations where projection = $1 and state = 'live' for update", "", [projection]))
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
            {
                if (await reader.ReadAsync(cancellation)) return Generations.Read(reader);
            }

            await using var exists = SchemaSql.Command(
                connection, "select 1 from bookkeeping.generations where projection = $1 and state = 'live'", "", [projection]);
            if (await exists.ExecuteScalarAsync(cancellation) is null) throw new ProjectionMissingException(projection);
        }
    }
}
