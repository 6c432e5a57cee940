using System.Globalization;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Npgsql;

namespace EcommerceAI.EventSourcing.Tests;

/// <summary>A store on a fresh database, and plain SQL beside it, as another program would use it.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _foreign;

    private TestDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        _foreign = NpgsqlDataSource.Create(connectionString + ";Application Name=foreign");
    }

    public string ConnectionString { get; }

    public EventStore Store { get; private set; } = null!;

    public static async Task<TestDatabase> CreateAsync(PostgresFixture postgres)
    {
        var database = await CreateEmptyAsync(postgres);
        database.Store = await database.OpenAsync();
        return database;
    }

    public static async Task<TestDatabase> CreateEmptyAsync(PostgresFixture postgres) => new(await postgres.CreateDatabaseAsync());

    public static async Task<TestDatabase> AttachAsync(string connectionString)
    {
        var database = new TestDatabase(connectionString);
        database.Store = await database.OpenAsync();
        return database;
    }

    /// <summary>Another node on the same database.</summary>
    public Task<EventStore> OpenAsync() => EventStore.OpenAsync(ConnectionString, TestEvents.Types);

    public Task<NpgsqlConnection> ConnectAsync() => _foreign.OpenConnectionAsync().AsTask();

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _foreign.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _foreign.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Every row as its columns with a blank between them.</summary>
    public async Task<List<string>> LinesAsync(string sql)
    {
        await using var command = _foreign.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return lines;
    }

    public Task<long> CountEventsAsync() => ScalarAsync<long>("select count(*) from events.mt_events");

    /// <summary>The last number that was drawn.</summary>
    public Task<long> LastDrawnAsync() =>
        ScalarAsync<long>("select case when is_called then last_value else 0 end from events.mt_events_sequence");

    /// <summary>Ends every server process of this database but the one that asks.</summary>
    public Task KillBackendsAsync(string where = "true") => ExecuteAsync(
        $"select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and {where}");

    public async ValueTask DisposeAsync()
    {
        if (Store is not null) await Store.DisposeAsync();
        await _foreign.DisposeAsync();
    }
}

/// <summary>Seeds of random runs; the environment variable <c>ECOMMERCEAI_SEEDS</c> says how many, 2 where it is not set.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SeedsAttribute : Xunit.Sdk.DataAttribute
{
    public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod)
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("ECOMMERCEAI_SEEDS"), CultureInfo.InvariantCulture, out var asked) ? asked : 2;
        return Enumerable.Range(1, count).Select(seed => new object[] { seed });
    }
}
