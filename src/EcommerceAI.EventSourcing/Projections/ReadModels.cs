using System.Collections.Concurrent;
using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>A statement over a read model.</summary>
/// <param name="Sql">SQL with <c>{schema}</c> where the schema goes; parameters are <c>$1</c>…, cast where a null can come.</param>
/// <param name="Parameters">Their values.</param>
public readonly record struct ReadQuery(string Sql, params IReadOnlyList<object?> Parameters);

/// <summary>Rows, and the position in the log that they speak for.</summary>
/// <typeparam name="T">What was read.</typeparam>
/// <param name="Value">What was read.</param>
/// <param name="Position">The checkpoint of the projection in the snapshot of the rows.</param>
public readonly record struct ReadSnapshot<T>(T Value, long Position);

/// <summary>The projection has no tables yet; it will once its host has run.</summary>
public sealed class ProjectionMissingException(string projection) : Exception($"The projection '{projection}' has not been built yet.");

/// <summary>
/// Reads the live tables of projections. Pointer, checkpoint and rows come from one snapshot and in one round trip: the
/// statements are sent for the generation that was live last time, and sent again in the rare case that it no longer is.
/// </summary>
public sealed class ReadModels(NpgsqlDataSource source)
{
    private const string Pointer =
        "select schema_name, checkpoint from bookkeeping.generations where projection = $1 and state = 'live'";

    private readonly ConcurrentDictionary<string, string> _schemas = new(StringComparer.Ordinal);

    /// <summary>Runs one statement and reads every row.</summary>
    /// <typeparam name="T">A row.</typeparam>
    /// <param name="projection">Whose tables.</param>
    /// <param name="query">The statement.</param>
    /// <param name="row">Reads the row that the reader stands on.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProjectionMissingException">There are no tables yet.</exception>
    public Task<ReadSnapshot<List<T>>> ListAsync<T>(
        string projection, ReadQuery query, Func<NpgsqlDataReader, T> row, CancellationToken cancellation = default) =>
        QueryAsync(projection, [query], (reader, token) => reader.ReadRowsAsync(row, token), cancellation);

    /// <summary>Reads a page of a list that is cut by key.</summary>
    /// <typeparam name="TItem">A row.</typeparam>
    /// <typeparam name="TKey">What the list is ordered by, unique in it.</typeparam>
    /// <param name="projection">Whose tables.</param>
    /// <param name="query">The statement after the key that the last page ended with, without a limit.</param>
    /// <param name="size">The most rows of the page, 1 or more.</param>
    /// <param name="row">Reads the row that the reader stands on.</param>
    /// <param name="keyOf">The key of a row.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProjectionMissingException">There are no tables yet.</exception>
    public async Task<ReadSnapshot<KeysetPage<TItem, TKey>>> PageAsync<TItem, TKey>(
        string projection,
        ReadQuery query,
        int size,
        Func<NpgsqlDataReader, TItem> row,
        Func<TItem, TKey> keyOf,
        CancellationToken cancellation = default)
        where TKey : class
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        var limited = new ReadQuery($"{query.Sql} limit ${query.Parameters.Count + 1}", [.. query.Parameters, size + 1L]);
        var rows = await ListAsync(projection, limited, row, cancellation);
        return new ReadSnapshot<KeysetPage<TItem, TKey>>(KeysetPage<TItem, TKey>.Of(rows.Value, size, keyOf), rows.Position);
    }

    /// <summary>Runs several statements in one snapshot.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="projection">Whose tables.</param>
    /// <param name="queries">The statements, in order.</param>
    /// <param name="read">Reads the first result; <see cref="NpgsqlDataReader.NextResultAsync(CancellationToken)"/> leads to the next.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ProjectionMissingException">There are no tables yet.</exception>
    public async Task<ReadSnapshot<T>> QueryAsync<T>(
        string projection,
        IReadOnlyList<ReadQuery> queries,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        while (true)
        {
            if (!_schemas.TryGetValue(projection, out var schema))
                _schemas[projection] = schema = await FindSchemaAsync(connection, projection, cancellation);
            try
            {
                await using var batch = CreateBatch(connection, projection, schema, queries);
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                if (await reader.ReadAsync(cancellation) && reader.GetString(0) == schema)
                {
                    var position = reader.GetInt64(1);
                    await reader.NextResultAsync(cancellation);
                    return new ReadSnapshot<T>(await read(reader, cancellation), position);
                }
            }
            catch (PostgresException gone) when (IsAboutTables(gone))
            {
                // The generation was dropped after its grace period, or is of an older version whose tables look otherwise; the
                // transaction is over, the pointer tells where to look now.
                await using var rollback = new NpgsqlCommand("rollback", connection);
                await rollback.ExecuteNonQueryAsync(cancellation);
                if (await FindSchemaAsync(connection, projection, cancellation) == schema) throw;
            }

            _schemas.TryRemove(projection, out _);
        }
    }

    /// <summary>The checkpoint of the live generation; 0 where there is none.</summary>
    /// <param name="projection">The projection's name.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<long> ReadPositionAsync(string projection, CancellationToken cancellation = default)
    {
        await using var command = source.CreateCommand(Pointer);
        command.Parameters.AddWithValue(projection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? reader.GetInt64(1) : 0;
    }

    /// <summary>Waits until the projection has reached a position, so that a client can read its own write.</summary>
    /// <param name="projection">The projection's name.</param>
    /// <param name="position">The position, as an append returned it.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Whether it has.</returns>
    public async Task<bool> WaitForAsync(string projection, long position, TimeSpan patience, CancellationToken cancellation = default)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        while (await ReadPositionAsync(projection, cancellation) < position)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(started) > patience) return false;
            await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation);
        }

        return true;
    }

    /// <summary>Errors of class 42 (no such table, column, function …) and a missing schema.</summary>
    private static bool IsAboutTables(PostgresException gone) =>
        gone.SqlState.StartsWith("42", StringComparison.Ordinal) || gone.SqlState == PostgresErrorCodes.InvalidSchemaName;

    private static NpgsqlBatch CreateBatch(NpgsqlConnection connection, string projection, string schema, IReadOnlyList<ReadQuery> queries)
    {
        var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("begin isolation level repeatable read read only"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Pointer) { Parameters = { new NpgsqlParameter { Value = projection } } });
        foreach (var query in queries)
        {
            var command = new NpgsqlBatchCommand(SchemaSql.In(query.Sql, schema));
            foreach (var value in query.Parameters) command.Parameters.Add(SchemaSql.Parameter(value));
            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        return batch;
    }

    private static async Task<string> FindSchemaAsync(NpgsqlConnection connection, string projection, CancellationToken cancellation)
    {
        await using var command = SchemaSql.Command(connection, Pointer, "", [projection]);
        return await command.ExecuteScalarAsync(cancellation) as string ?? throw new ProjectionMissingException(projection);
    }
}
