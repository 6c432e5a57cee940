using System.Text.Json;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Replay.Tests.Import;
using EcommerceAI.Testing;
using Xunit;

namespace EcommerceAI.Replay.Tests.Tool;

/// <summary>Stores with known streams, which the tool is run on as a process.</summary>
public sealed class ToolFixture : IAsyncLifetime
{
    public static readonly DateTimeOffset Start = new(2011, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly PostgresFixture _postgres = new();

    /// <summary>Three products and what is done to them on four days; tests only read it.</summary>
    public string Shop { get; private set; } = "";

    public static EventTypes Types { get; } = new(BoundedContext.Scan().SelectMany(context => context.EventNames));

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        Shop = await CreateShopAsync();
    }

    public Task DisposeAsync() => _postgres.DisposeAsync();

    public Task<string> CreateEmptyAsync() => _postgres.CreateDatabaseAsync();

    /// <summary>
    /// product-A: created, two prices; product-B: created; product-[C]: created, of a key that looks like markup; positions 1 to 5.
    /// </summary>
    public async Task<string> CreateShopAsync()
    {
        var connection = await CreateEmptyAsync();
        await using var store = await EventStore.OpenAsync(connection, Types);
        async Task AppendAsync(string stream, int day, object data, string correlation) => await store.AppendAsync(new AppendRequest(
            [new StreamAppend(stream, ExpectedVersion.Any, [new NewEvent(data, Timestamp: Start.AddDays(day))])],
            new EventMetadata(correlation, "cause-" + day)));
        await AppendAsync("product-A", 0, new ProductCreated("A", "Mug", Price(100)), "one");
        await AppendAsync("product-B", 1, new ProductCreated("B", "[red]Tea[/] \u001b[31mpot", null), "one");
        await AppendAsync("product-A", 2, new ProductPriceChanged("A", Price(120)), "two");
        await AppendAsync("product-[C]", 2, new ProductCreated("C", "Cup", null), "two");
        await AppendAsync("product-A", 3, new ProductPriceChanged("A", Price(90)), "three");
        // The store tells when it was written to; here that shall be when it happened.
        await ExecuteAsync(
            connection,
            "update events.mt_streams s set (created, timestamp) = (select min(timestamp), max(timestamp) from events.mt_events e where e.stream_id = s.id)");
        return connection;
    }

    public static UnitPrice Price(decimal pence) => new(pence / 100, "GBP");

    internal static Task<ReplayResult> RunAsync(string connection, params string[] arguments) =>
        ReplayProcess.RunAsync([.. arguments, "--connection", connection]);

    /// <summary>Runs with --json and reads the one object.</summary>
    internal static async Task<JsonElement> JsonAsync(string connection, int exitCode, params string[] arguments)
    {
        var result = await RunAsync(connection, [.. arguments, "--json"]);
        return result.ExitCode == exitCode ? JsonDocument.Parse(result.Output).RootElement : throw new InvalidOperationException(result.ToString());
    }

    /// <summary>Runs with --json and reads an object a line.</summary>
    internal static async Task<List<JsonElement>> LinesAsync(string connection, params string[] arguments)
    {
        var result = await RunAsync(connection, [.. arguments, "--json"]);
        return result.ExitCode == 0
            ? [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)]
            : throw new InvalidOperationException(result.ToString());
    }

    internal static async Task ExecuteAsync(string connection, string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
