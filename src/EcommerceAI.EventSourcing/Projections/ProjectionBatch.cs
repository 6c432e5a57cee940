using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Projections;

/// <summary>Events for a projection, and its tables in the transaction that moves its checkpoint.</summary>
public sealed class ProjectionBatch
{
    private readonly NpgsqlConnection _connection;

    internal ProjectionBatch(NpgsqlConnection connection, string schema, IReadOnlyList<RecordedEvent> events)
    {
        _connection = connection;
        Schema = schema;
        Events = events;
    }

    /// <summary>The events, in order of position.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; }

    /// <summary>The schema of the generation that is written.</summary>
    public string Schema { get; }

    /// <summary>Runs one set-based statement.</summary>
    /// <param name="sql">SQL with <c>{schema}</c> for the schema and <c>$1</c>… for the parameters; cast them (<c>$1::text[]</c>).</param>
    /// <param name="parameters">Values or arrays; null for SQL's null.</param>
    /// <returns>The number of rows affected.</returns>
    public async Task<int> ExecuteAsync(string sql, params object?[] parameters)
    {
        await using var command = SchemaSql.Command(_connection, sql, Schema, parameters);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Reads rows, for a projection that must know what it wrote before.</summary>
    /// <typeparam name="T">A row.</typeparam>
    /// <param name="sql">As in <see cref="ExecuteAsync"/>.</param>
    /// <param name="read">Reads the row that the reader stands on.</param>
    /// <param name="parameters">As in <see cref="ExecuteAsync"/>.</param>
    public async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params object?[] parameters)
    {
        await using var command = SchemaSql.Command(_connection, sql, Schema, parameters);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync()) rows.Add(read(reader));
        return rows;
    }

    /// <summary>Streams rows into a table by COPY: the fastest way for rows that are known to be new.</summary>
    /// <param name="table">The table, without its schema.</param>
    /// <param name="columns">Its columns, comma-separated.</param>
    /// <param name="write">Writes the rows.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task CopyAsync(string table, string columns, Func<NpgsqlBinaryImporter, Task> write, CancellationToken cancellation)
    {
        await using var copy = await _connection.BeginBinaryImportAsync($"copy {Schema}.{table} ({columns}) from stdin (format binary)", cancellation);
        await write(copy);
        await copy.CompleteAsync(cancellation);
    }
}
