using System.CommandLine;
using System.Reflection;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Replay.CommandLine;

/// <summary>Which store a command works on: a real server where one is named, else the private cluster.</summary>
public static class StoreOption
{
    /// <summary>Name of the setting that points to a real server, shared by all hosts.</summary>
    public const string ConnectionStringVariable = "ConnectionStrings__EventStore";

    /// <summary>An Npgsql connection string.</summary>
    public static Option<string?> ConnectionString { get; } = new("--connection")
    {
        Description = $"PostgreSQL connection string; default: the environment's {ConnectionStringVariable}, else the private cluster.",
        Recursive = true,
    };

    /// <summary>The private cluster's folder.</summary>
    public static Option<string?> DataDirectory { get; } = new("--data-directory")
    {
        Description = "Folder of the private cluster; default: the environment's ECOMMERCEAI_DATA, else .data.",
        Recursive = true,
    };

    /// <summary>The folder of the private cluster, and of what else a host keeps on this machine.</summary>
    /// <param name="parsed">The command line.</param>
    public static string FolderOf(ParseResult parsed) =>
        parsed.GetValue(DataDirectory) ?? Environment.GetEnvironmentVariable("ECOMMERCEAI_DATA") ?? ".data";

    /// <summary>Opens the store that the command line names, with the schema made where it is missing.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<OpenStore> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var database = await EventStoreDatabase.OpenAsync(
            parsed.GetValue(ConnectionString) ?? Environment.GetEnvironmentVariable(ConnectionStringVariable),
            FolderOf(parsed),
            cancellation);
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
    public static IReadOnlyList<IProjection> Projections { get; } = ProjectionScan.Find(ProjectionAssemblies());

    /// <summary>Opens the event store in a database.</summary>
    /// <param name="database">The database; disposed with the result.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<OpenStore> OverAsync(EventStoreDatabase database, CancellationToken cancellation)
    {
        var contexts = BoundedContext.Scan();
        var types = new EventTypes(contexts.SelectMany(context => context.EventNames));
        return new OpenStore(database, await EventStore.OpenAsync(database.ConnectionString, types, cancellation), contexts);
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

    /// <summary>Every assembly of the build that is named as projections are, so that a new one is found without being listed.</summary>
    private static IEnumerable<Assembly> ProjectionAssemblies() =>
        Directory.GetFiles(AppContext.BaseDirectory, "EcommerceAI.Projections.*.dll")
            .Select(file => Assembly.Load(Path.GetFileNameWithoutExtension(file)));
}
