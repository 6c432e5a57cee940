using EcommerceAI.Api.Security;
using EcommerceAI.Commerce;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Postgres;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Api.Hosting;

/// <summary>The API with all that runs for it: web server, projections, event store and, where it is ours, the database server.</summary>
public sealed class RunningApi : IAsyncDisposable
{
    private const string SealingSetting = "ECOMMERCEAI_CHAIN";

    private readonly EventStoreDatabase _database;

    private RunningApi(WebApplication app, EventStore store, EventStoreDatabase database) => (App, Store, _database) = (app, store, database);

    /// <summary>The web application.</summary>
    public WebApplication App { get; }

    /// <summary>The event store.</summary>
    public EventStore Store { get; }

    /// <summary>Where it listens.</summary>
    public string Url => App.Urls.First();

    /// <summary>A token for one hour, for who runs the API in their own process: tests and measurements.</summary>
    /// <param name="role">The role.</param>
    /// <param name="customerId">The customer, for a shopper or agent.</param>
    public string IssueToken(Roles role, string? customerId = null) => App.Services.GetRequiredService<Tokens>().Issue(
        new Caller(customerId ?? $"in-process-{Caller.Word(role)}", role, customerId, []), DateTimeOffset.UtcNow, TimeSpan.FromHours(1));

    /// <summary>Starts everything; what was started is stopped again where a later part fails.</summary>
    /// <param name="args">Configuration, as <c>--key value</c>.</param>
    /// <param name="configure">Last changes to the services, or null.</param>
    /// <param name="cancellation">Gives up starting.</param>
    /// <exception cref="StartFailedException">A setting cannot be used, or the address is taken.</exception>
    /// <exception cref="EmbeddedPostgresException">The private cluster does not start.</exception>
    /// <exception cref="EventStoreLayoutException">The database holds other tables.</exception>
    /// <exception cref="MasterKeyException">The master key is malformed, missing or another one.</exception>
    public static async Task<RunningApi> StartAsync(
        string[] args, Action<IServiceCollection>? configure = null, CancellationToken cancellation = default)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        Listening.Configure(builder);
        var seals = Seals(builder.Configuration[SealingSetting]);
        var database = await EventStoreDatabase.OpenAsync(name => builder.Configuration[name], cancellation);
        EventStore? store = null;
        WebApplication? app = null;
        try
        {
            var contexts = BoundedContext.Scan();
            var types = new EventTypes(
                contexts.SelectMany(context => context.EventNames), contexts.SelectMany(context => context.Upcasters),
                contexts.SelectMany(context => context.PersonalFields), contexts.SelectMany(context => context.ForgettingEvents));
            var masterKey = MasterKey.Parse(builder.Configuration[MasterKey.Setting]);
            store = await EventStore.OpenAsync(database.ConnectionString, types, new EventStoreOptions { MasterKey = masterKey }, cancellation);
            var chain = seals ? new EventChain(store, EventChain.FolderIn(EventStoreDatabase.FolderOf(name => builder.Configuration[name]))) : null;
            Composition.AddServices(builder.Services, store, chain);
            builder.Services.AddSecurity(builder.Configuration);
            configure?.Invoke(builder.Services);
            app = builder.Build();
            Composition.MapRequests(app);
            await app.StartAsync(cancellation);
            return new RunningApi(app, store, database);
        }
        catch
        {
            await StopAsync(app, store, database);
            throw;
        }
    }

    /// <summary>Stops in the order of dependence: requests and projections first, the database last.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(App, Store, _database);

    private static bool Seals(string? setting) => setting switch
    {
        null or "" or "on" => true,
        "off" => false,
        _ => throw new StartFailedException($"{SealingSetting} is on (as where it is not set) or off, not '{setting}'."),
    };

    private static async Task StopAsync(WebApplication? app, EventStore? store, EventStoreDatabase database)
    {
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (store is not null) await store.DisposeAsync();
        await database.DisposeAsync();
    }
}
