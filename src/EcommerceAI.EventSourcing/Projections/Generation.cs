using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>One set of tables of a projection.</summary>
/// <param name="Projection">The projection's name.</param>
/// <param name="Number">1, 2, 3, …; that of a dropped one that never was live may come again.</param>
/// <param name="Version">The version of the definition that wrote it.</param>
/// <param name="Schema">The schema that holds its tables.</param>
/// <param name="Checkpoint">The position up to which it has read the log.</param>
/// <param name="State">live, building, verifying or retired.</param>
public sealed record Generation(string Projection, int Number, int Version, string Schema, long Checkpoint, string State)
{
    /// <summary>Readers follow it.</summary>
    public const string Live = "live";

    /// <summary>Being filled beside the live one.</summary>
    public const string Building = "building";

    /// <summary>Being filled to be compared with the live one, and then dropped.</summary>
    public const string Verifying = "verifying";

    /// <summary>Replaced; kept for readers that still hold its name.</summary>
    public const string Retired = "retired";
}

/// <summary>The generations of all projections, in the bookkeeping schema.</summary>
public sealed class Generations(NpgsqlDataSource source)
{
    internal const string Columns = "projection, generation, version, schema_name, checkpoint, state";

    /// <summary>The live generation of a projection, or null where there is none yet.</summary>
    /// <param name="projection">The projection's name.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Generation?> FindLiveAsync(string projection, CancellationToken cancellation = default) =>
        (await ListAsync(projection, cancellation)).Find(generation => generation.State == Generation.Live);

    /// <summary>All generations of one projection or of all, oldest first.</summary>
    /// <param name="projection">The projection's name, or null for all.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<List<Generation>> ListAsync(string? projection = null, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from bookkeeping.generations where $1::text is null or projection = $1 order by projection, generation");
        command.Parameters.Add(SchemaSql.Parameter(projection));
        var found = new List<Generation>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) found.Add(Read(reader));
        return found;
    }

    /// <summary>The live generation, made empty when the projection has none.</summary>
    /// <param name="projection">The definition.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Generation> EnsureLiveAsync(IProjection projection, CancellationToken cancellation = default) =>
        await FindLiveAsync(projection.Name, cancellation)
        ?? await CreateAsync(projection, Generation.Live, cancellation)
        ?? throw new InvalidOperationException($"The projection {projection.Name} has neither a live generation nor room for one.");

    /// <summary>Makes a new generation with empty tables.</summary>
    /// <param name="projection">The definition.</param>
    /// <param name="state">The state it begins in.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The generation; for <see cref="Generation.Live"/> the one that is live, whoever made it.</returns>
    public async Task<Generation?> CreateAsync(IProjection projection, string state, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Two nodes that start together make one generation, not two.
        await using (var exclusive = SchemaSql.Command(
            connection, "select pg_advisory_xact_lock(hashtextextended('generation ' || $1, 0))", "", [projection.Name]))
            await exclusive.ExecuteNonQueryAsync(cancellation);
        if (state == Generation.Live && await FindLiveAsync(projection.Name, cancellation) is { } live) return live;

        var number = (await ListAsync(projection.Name, cancellation)).Select(generation => generation.Number).DefaultIfEmpty().Max() + 1;
        var schema = $"{projection.Name}_g{number}";
        var create = $"drop schema if exists {schema} cascade; create schema {schema};\n{SchemaSql.In(projection.Tables, schema)}";
        await using (var tables = new NpgsqlCommand(create, connection)) await tables.ExecuteNonQueryAsync(cancellation);
        await using (var insert = SchemaSql.Command(
            connection,
            "insert into bookkeeping.generations (projection, generation, version, schema_name, state) values ($1, $2, $3, $4, $5)",
            "",
            [projection.Name, number, projection.Version, schema, state]))
            await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return new Generation(projection.Name, number, projection.Version, schema, 0, state);
    }

    /// <summary>Drops a generation with its tables.</summary>
    /// <param name="generation">Any but the live one.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DropAsync(Generation generation, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var delete = SchemaSql.Command(
            connection,
            "delete from bookkeeping.generations where projection = $1 and generation = $2 and state <> 'live'",
            "",
            [generation.Projection, generation.Number]))
        {
            if (await delete.ExecuteNonQueryAsync(cancellation) == 0) return;
        }

        await using (var drop = new NpgsqlCommand($"drop schema if exists {generation.Schema} cascade", connection))
            await drop.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Drops what was replaced longer ago than the grace period (readers that held its name have long gone on), and what a process that
    /// was killed left half built: nothing has moved it for an hour.
    /// </summary>
    /// <param name="grace">How long a retired generation stays.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task DropRetiredAsync(TimeSpan grace, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from bookkeeping.generations where (state = 'retired' and changed < now() - $1)"
            + " or (state in ('building', 'verifying') and changed < now() - greatest($1, interval '1 hour'))");
        command.Parameters.AddWithValue(grace);
        var retired = new List<Generation>();
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation)) retired.Add(Read(reader));
        }

        foreach (var generation in retired) await DropAsync(generation, cancellation);
    }

    internal static Generation Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetString(3), reader.GetInt64(4), reader.GetString(5));
}
