using System.Net.Http.Headers;
using System.Security.Cryptography;
using EcommerceAI.Api.Hosting;
using EcommerceAI.Api.Security;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace EcommerceAI.Api.Tests;

/// <summary>The real host on a free port over a real PostgreSQL, one for the tests of a class.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    /// <summary>Of every host that tests start.</summary>
    public static string SigningKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private readonly PostgresFixture _postgres = new();
    private RunningApi? _api;
    private NpgsqlDataSource? _database;

    public ApiClient Client { get; private set; } = null!;

    public string ConnectionString { get; private set; } = "";

    /// <summary>What the host keeps beside the database.</summary>
    public string DataFolder { get; } = Directory.CreateTempSubdirectory("ecommerceai-api-").FullName;

    /// <summary>Further settings of the next start, as <c>--key=value</c>.</summary>
    public IReadOnlyList<string> Settings { get; set; } = [];

    /// <summary>What runs inside the host.</summary>
    public IServiceProvider Services => _api!.App.Services;

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        ConnectionString = await _postgres.CreateDatabaseAsync();
        _database = NpgsqlDataSource.Create(ConnectionString);
        await StartAsync();
        // A fresh store's read models are made in its first moments, and answer with 503 until then.
        await Wait.UntilAsync(async () => (await Client.GetAsync("/health/ready")).Status == HttpStatusCode.OK, "the host's readiness");
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        if (_database is not null) await _database.DisposeAsync();
        Directory.Delete(DataFolder, recursive: true);
        await _postgres.DisposeAsync();
    }

    /// <summary>Stops the host and starts another one over the same store.</summary>
    public async Task RestartAsync(Action<IServiceCollection>? configure = null)
    {
        await StopAsync();
        await StartAsync(configure);
    }

    public async Task StopAsync()
    {
        if (_api is not null) await _api.DisposeAsync();
        _api = null;
    }

    public async Task StartAsync(Action<IServiceCollection>? configure = null)
    {
        _api = await RunningApi.StartAsync(
            [$"--ConnectionStrings:EventStore={ConnectionString}", $"--ECOMMERCEAI_DATA={DataFolder}", "--urls=http://127.0.0.1:0",
             $"--{Tokens.KeySetting}={SigningKey}", .. Settings],
            configure);
        Client = As(Roles.Operator);
    }

    /// <summary>A client with a token of a role; a visitor has none.</summary>
    public ApiClient As(Roles role, string? customer = null)
    {
        var client = new ApiClient(_api!.Url);
        if (role != Roles.Anonymous) client.Http.DefaultRequestHeaders.Authorization = SignedIn(role, customer);
        return client;
    }

    /// <summary>The header of somebody who has signed in.</summary>
    public static AuthenticationHeaderValue SignedIn(Roles role, string? customer = null) => new(
        "Bearer",
        Tokens.From(SigningKey).Issue(new Caller(customer ?? $"test-{role}", role, customer, []), DateTimeOffset.UtcNow, TimeSpan.FromHours(1)));

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = _database!.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The first column of every row.</summary>
    public async Task<List<string>> ReadTextsAsync(string sql)
    {
        await using var command = _database!.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadRowsAsync(row => row.GetString(0));
    }

    /// <summary>The last position, and the last number that was drawn: an append that was rolled back moves the second.</summary>
    public Task<string> ReadEndOfLogAsync() => QueryAsync<string>(
        """
        select (select coalesce(max(seq_id), 0) from events.mt_events) || '/' || (select count(*) from events.mt_events)
               || '/' || (select case when is_called then last_value else 0 end from events.mt_events_sequence)
        """);

    public async Task<NpgsqlConnection> OpenConnectionAsync() => await _database!.OpenConnectionAsync();
}
