using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;

namespace EcommerceAI.EventSourcing.Tests.Integrity;

/// <summary>A store with a few streams and a folder for its chain.</summary>
internal sealed class SealedStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ecommerceai-chain-");

    private SealedStore(TestDatabase database)
    {
        Database = database;
        Chain = OpenChain();
    }

    public TestDatabase Database { get; }

    public EventChain Chain { get; }

    public string Folder => _folder.FullName;

    public static async Task<SealedStore> CreateAsync(PostgresFixture postgres) => new(await TestDatabase.CreateAsync(postgres));

    /// <summary>A store of events in ten streams, every column filled, sealed in two heads.</summary>
    public static async Task<SealedStore> WithEventsAsync(PostgresFixture postgres, int events)
    {
        var store = await CreateAsync(postgres);
        await store.AppendAsync(events / 2);
        await store.Chain.SealAsync();
        await store.AppendAsync(events - (events / 2));
        await store.Chain.SealAsync();
        return store;
    }

    public async Task AppendAsync(int events)
    {
        var metadata = new EventMetadata("correlation", "causation", new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = "someone" });
        await Task.WhenAll(Enumerable.Range(0, events).Select(i =>
            Database.Store.AppendAsync(new AppendRequest([new StreamAppend($"s-{i % 10}", ExpectedVersion.Any, [new NewEvent(new Counted(i, "x"))])], metadata))));
    }

    /// <summary>Another process's view of the same chain.</summary>
    public EventChain OpenChain() => new(Database.Store, _folder.FullName);

    public Task<ChainVerificationResult> VerifyAsync() => new ChainVerification(Database.Store, OpenChain()).RunAsync();

    /// <summary>Findings as <c>fault position stream</c>.</summary>
    public async Task<List<string>> FindAsync() =>
        [.. (await VerifyAsync()).Findings.Select(finding => $"{finding.Fault} {finding.Position} {finding.StreamId}".TrimEnd())];

    public Task ExecuteAsync(string sql) => Database.ExecuteAsync(sql);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
