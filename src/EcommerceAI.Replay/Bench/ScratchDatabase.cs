using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.Replay.CommandLine;
using Npgsql;

namespace EcommerceAI.Replay.Bench;

/// <summary>A database of its own for a measurement, on the server of the store; dropped at the end.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name;

    private ScratchDatabase(string server, string name, OpenStore open)
    {
        _server = server;
        _name = name;
        Open = open;
    }

    /// <summary>The empty store in it.</summary>
    public OpenStore Open { get; }

    public static async Task<ScratchDatabase> CreateAsync(string connectionString, string name, CancellationToken cancellation)
    {
        await RunAsync(connectionString, $"drop database if exists {name} with (force)", cancellation);
        await RunAsync(connectionString, $"create database {name}", cancellation);
        var scratch = new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ConnectionString;
        return new ScratchDatabase(
            connectionString, name, await OpenStore.OverAsync(await EventStoreDatabase.OpenAsync(scratch, "", cancellation), cancellation));
    }

    /// <summary>Writes out what earlier work left in memory, so that the next measurement does not pay for it.</summary>
    public Task CheckpointAsync(CancellationToken cancellation) => RunAsync(Open.ConnectionString, "checkpoint", cancellation);

    public async ValueTask DisposeAsync()
    {
        await Open.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await RunAsync(_server, $"drop database if exists {_name} with (force)", CancellationToken.None);
    }

    private static async Task RunAsync(string connectionString, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
