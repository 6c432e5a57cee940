using System.Collections.Concurrent;
using Npgsql;
using Xunit;

namespace EcommerceAI.Testing;

/// <summary>
/// Fresh databases on a real PostgreSQL for the tests of one class (<c>IClassFixture&lt;PostgresFixture&gt;</c>) or collection. All
/// fixtures of a test process share one private cluster; the environment variable <c>ECOMMERCEAI_TEST_POSTGRES</c> (a connection string
/// of a user who may create databases) names a server to use instead. Without any PostgreSQL the tests fail, with one line that says what
/// to install.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public const string Variable = "ECOMMERCEAI_TEST_POSTGRES";

    private readonly ConcurrentBag<string> _databases = [];
    private string _maintenance = "";

    /// <summary>Starts the cluster, if this is the first fixture of the process.</summary>
    public async Task InitializeAsync()
    {
        _maintenance = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } server
            ? server
            : (await TestCluster.Instance).ConnectionString("postgres");
    }

    /// <summary>Creates an empty database of its own and returns its connection string. It goes with the fixture.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        _databases.Add(name);
        return new NpgsqlConnectionStringBuilder(_maintenance)
        {
            Database = name,
            // Each database has a pool of its own, and there are many: idle connections leave soon.
            MaxPoolSize = 30,
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 1,
            IncludeErrorDetail = true,
        }.ConnectionString;
    }

    /// <summary>Drops the databases, whoever is still connected.</summary>
    public async Task DisposeAsync()
    {
        foreach (var name in _databases)
            await ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_maintenance);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
