using System.CommandLine;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>Which store a command works on: a real server where one is named, else the private cluster.</summary>
public static class StoreOption
{
    /// <summary>An Npgsql connection string.</summary>
    public static Option<string?> ConnectionString { get; } = new("--connection")
    {
        Description = "PostgreSQL connection string; default: the environment's ConnectionStrings__EventStore, else the private cluster.",
        Recursive = true,
    };

    /// <summary>The private cluster's folder.</summary>
    public static Option<string?> DataDirectory { get; } = new("--data-directory")
    {
        Description = "Folder of the private cluster; default: the environment's ECOMMERCEAI_DATA, else .data of the checkout.",
        Recursive = true,
    };

    /// <summary>The folder of the private cluster, and of what else a host keeps on this machine.</summary>
    /// <param name="parsed">The command line.</param>
    public static string FolderOf(ParseResult parsed) =>
        EventStoreDatabase.FolderOf(Settings(parsed));

    /// <summary>Options first, then the environment.</summary>
    private static Func<string, string?> Settings(ParseResult parsed) => name => name switch
    {
        "ConnectionStrings:EventStore" when parsed.GetValue(ConnectionString) is { } server => server,
        "ECOMMERCEAI_DATA" when parsed.GetValue(DataDirectory) is { } folder => folder,
        _ => Environment.GetEnvironmentVariable(name.Replace(":", "__", StringComparison.Ordinal)),
    };

    /// <summary>Opens the store that the command line names, with the schema made where it is missing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<OpenStore> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var database = await EventStoreDatabase.OpenAsync(Settings(parsed), cancellation);
        try
        {
            return await OpenStore.OverAsync(database, cancellation);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}

/// <summary>An open store with the contexts and projections of this build.</summary>
public sealed class OpenStore : IAsyncDisposable
{
    private readonly EventStoreDatabase _database;

    private OpenStore(EventStoreDatabase database, EventStore store, IReadOnlyList<BoundedContext> contexts)
    {
        _database = database;
        Store = store;
        Contexts = contexts;
    }

    /// <summary>The event store.</summary>
    public EventStore Store { get; }

    /// <summary>The connection string that it was opened with.</summary>
    public string ConnectionString => _database.ConnectionString;

    /// <summary>The contexts of the domain.</summary>
    public IReadOnlyList<BoundedContext> Contexts { get; }

    /// <summary>The projections that every host runs, by name.</summary>
    public static IReadOnlyList<IProjection> Projections { get; } = ProjectionScan.Find(ProjectionScan.Assemblies());

    /// <summary>Opens the event store in a database.</summary>
    /// <param name="database">The database; disposed with the result.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<OpenStore> OverAsync(EventStoreDatabase database, CancellationToken cancellation)
    {
        var contexts = BoundedContext.Scan();
        var types = new EventTypes(
            contexts.SelectMany(context => context.EventNames), contexts.SelectMany(context => context.Upcasters),
            contexts.SelectMany(context => context.PersonalFields), contexts.SelectMany(context => context.ForgettingEvents));
        var masterKey = MasterKey.Parse(Environment.GetEnvironmentVariable(MasterKey.Setting));
        return new OpenStore(database, await EventStore.OpenAsync(database.ConnectionString, types, new EventStoreOptions { MasterKey = masterKey }, cancellation), contexts);
    }

    /// <summary>The projection of a name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="ReplayException">There is none; the message lists those there are.</exception>
    public static IProjection Projection(string name) =>
        Projections.FirstOrDefault(projection => projection.Name == name)
        ?? throw new ReplayException($"There is no projection '{name}'. There are: {string.Join(", ", Projections.Select(projection => projection.Name))}.");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _database.DisposeAsync();
    }
}
