using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>What a verification found in one table.</summary>
/// <param name="Table">The table, without its schema.</param>
/// <param name="Rows">Rows in the live table.</param>
/// <param name="OnlyLive">Rows that the live table has and a rebuild has not.</param>
/// <param name="OnlyRebuilt">Rows that a rebuild has and the live table has not.</param>
/// <param name="Examples">Up to five differing rows as JSON, marked <c>live</c> or <c>rebuilt</c>.</param>
public sealed record TableVerification(string Table, long Rows, long OnlyLive, long OnlyRebuilt, IReadOnlyList<string> Examples)
{
    /// <summary>Whether both hold the same rows.</summary>
    public bool IsEqual => OnlyLive == 0 && OnlyRebuilt == 0;
}

/// <summary>What a verification found in one projection.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Checkpoint">The position at which both were compared.</param>
/// <param name="Tables">Each table.</param>
public sealed record ProjectionVerificationResult(string Projection, long Checkpoint, IReadOnlyList<TableVerification> Tables)
{
    /// <summary>Whether every table holds the same rows.</summary>
    public bool IsEqual => Tables.All(table => table.IsEqual);
}

/// <summary>Rebuilds a projection beside its live tables and compares the two row by row at one checkpoint.</summary>
public sealed class ProjectionVerification(EventStore store)
{
    private readonly Generations _generations = new(store.Source);
    private readonly ProjectionRebuild _rebuild = new(store);

    /// <summary>Compares; the live tables keep serving and are only held still for the comparison itself.</summary>
    /// <param name="projection">The definition.</param>
    /// <param name="progress">Told the checkpoint as it moves.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ProjectionVerificationResult> RunAsync(
        IProjection projection, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var live = await _generations.EnsureLiveAsync(projection, cancellation);
        if (live.Version != projection.Version)
            throw new InvalidOperationException(
                $"The live tables of {projection.Name} are of version {live.Version}, this program has version {projection.Version}: rebuild first.");
        return await _rebuild.BuildAsync(
            projection, Generation.Verifying, (built, runner) => CompareAsync(built, runner, cancellation), progress, cancellation);
    }

    private async Task<ProjectionVerificationResult> CompareAsync(
        Generation built, ProjectionRunner runner, CancellationToken cancellation)
    {
        await using var connection = await store.Source.OpenConnectionAsync(cancellation);
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            // A rebuild may have swapped the live tables in the meantime: compared is what is live under the lock.
            var live = await ProjectionRebuild.LockLiveAsync(connection, built.Projection, cancellation);
            if (live.Checkpoint < built.Checkpoint)
            {
                // The live tables are behind: bring them to where the rebuild stands, as their own runner would.
                await transaction.RollbackAsync(cancellation);
                await runner.RunAsync(live, built.Checkpoint, null, cancellation);
                continue;
            }

            built = await runner.RunAsync(built, live.Checkpoint, null, cancellation)
                ?? throw new InvalidOperationException($"The generation {built.Schema} was moved by somebody else.");
            var tables = new List<TableVerification>();
            foreach (var table in await ReadTablesAsync(connection, built.Schema, cancellation))
                tables.Add(await CompareTableAsync(connection, table, live.Schema, built.Schema, cancellation));
            await transaction.RollbackAsync(cancellation);
            await _generations.DropAsync(built, cancellation);
            return new ProjectionVerificationResult(live.Projection, live.Checkpoint, tables);
        }
    }

    private static async Task<List<string>> ReadTablesAsync(NpgsqlConnection connection, string schema, CancellationToken cancellation)
    {
        await using var command = SchemaSql.Command(
            connection, "select tablename from pg_tables where schemaname = $1 order by tablename", "", [schema]);
        var tables = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) tables.Add(reader.GetString(0));
        return tables;
    }

    private static async Task<TableVerification> CompareTableAsync(
        NpgsqlConnection connection, string table, string live, string built, CancellationToken cancellation)
    {
        var rows = await CountAsync(connection, $"select count(*) from {live}.{table}", cancellation);
        string Missing(string has, string lacks) => $"select * from {has}.{table} except all select * from {lacks}.{table}";
        var onlyLive = await CountAsync(connection, $"select count(*) from ({Missing(live, built)}) d", cancellation);
        var onlyBuilt = await CountAsync(connection, $"select count(*) from ({Missing(built, live)}) d", cancellation);
        var examples = new List<string>();
        if (onlyLive + onlyBuilt > 0)
        {
            await using var command = new NpgsqlCommand(
                $"""
                 (select 'live ' || to_jsonb(d)::text from ({Missing(live, built)}) d limit 3)
                 union all (select 'rebuilt ' || to_jsonb(d)::text from ({Missing(built, live)}) d limit 2)
                 """,
                connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation)) examples.Add(reader.GetString(0));
        }

        return new TableVerification(table, rows, onlyLive, onlyBuilt, examples);
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
