using System.Reflection;
using EcommerceAI.Api.Catalog;
using EcommerceAI.Api.Http;
using EcommerceAI.Api.OpenApi;
using EcommerceAI.Api.Payments;
using EcommerceAI.Api.Security;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Integrity;
using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Privacy;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;
using EcommerceAI.Projections.Search.Feed;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EcommerceAI.Api.Hosting;

/// <summary>
/// The composition root. Contexts, projections, their queries and endpoints are found by a scan each: adding one changes nothing here.
/// </summary>
internal static class Composition
{
    public static void AddServices(IServiceCollection services, EventStore store, EventChain? chain)
    {
        services.AddSingleton(store);
        services.AddSingleton(new Receipts(store.Source));
        services.AddSingleton(new ReadModels(store.Source));
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<CommandEndpoint>();
        services.AddSingleton<QueryEndpoint>();
        services.AddOptions<QueryOptions>().BindConfiguration("Queries");

        services.AddSingleton<LogWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<LogWatch>());
        services.AddSingleton<ProjectionHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ProjectionHost>());
        AddProjections(services);
        AddFollowers(services);
        services.AddProductSearch();
        services.AddProductPages();
        services.AddPayments();
        services.AddHostedService<ReceiptSweep>();
        services.AddSingleton<Forgetting>();
        services.AddHostedService<ForgettingSweep>();
        if (chain is not null) AddSealing(services, chain);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ProjectionReadiness>();
        services.AddSingleton<SubscriptionReadiness>();
        services.AddHealthChecks()
            .AddCheck<ProjectionReadiness>("projections", tags: [HealthReply.Ready])
            .AddCheck<SubscriptionReadiness>("subscriptions", tags: [HealthReply.Ready])
            .AddCheck<TimerReadiness>("timers", tags: [HealthReply.Ready])
            .AddCheck<SearchReadiness>("search", tags: [HealthReply.Ready]);
        services.ConfigureHttpJsonOptions(json => StrictJson.ConfigureReplies(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        services.AddProblemDetails();
        services.AddExceptionHandler<FailureHandler>();
        services.AddResponseCompression(compression =>
            compression.MimeTypes = ["application/json", "application/problem+json"]);
        services.AddApiDocument();
    }

    public static void MapRequests(WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseResponseCompression();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return next(context);
        });
        app.UseSecurity();
        var api = app.MapGroup("/v1");
        foreach (var endpoints in typeof(Composition).Assembly.GetTypes().Where(MapsEndpoints))
            ((IEndpoints)Activator.CreateInstance(endpoints)!).Map(api);
        app.MapOpenApi("/openapi/{documentName}.json").Allow(Roles.Everybody);
        HealthReply.Map(app);
    }

    /// <summary>Every projection, and every class that needs nothing but the read models: the queries.</summary>
    private static void AddProjections(IServiceCollection services)
    {
        var assemblies = ProjectionScan.Assemblies();
        foreach (var projection in ProjectionScan.Find(assemblies)) services.AddSingleton(projection);
        foreach (var queries in assemblies.SelectMany(assembly => assembly.GetExportedTypes()).Where(ReadsModelsOnly))
            services.AddSingleton(queries);
    }

    /// <summary>Every subscription and every handler of timers, made with the services they ask for.</summary>
    private static void AddFollowers(IServiceCollection services)
    {
        services.AddSingleton<LeaseOptions>();
        services.AddSingleton(provider => new DurableTimers(provider.GetRequiredService<EventStore>().Source));
        Assembly[] assemblies = [.. ProjectionScan.Assemblies(), typeof(Composition).Assembly];
        foreach (var type in ProjectionScan.ClassesOf<ISubscription>(assemblies)) services.AddSingleton(typeof(ISubscription), type);
        foreach (var type in ProjectionScan.ClassesOf<ITimerHandler>(assemblies)) services.AddSingleton(typeof(ITimerHandler), type);
        services.AddSingleton<SubscriptionHost>();
        services.AddHostedService(provider => provider.GetRequiredService<SubscriptionHost>());
        services.AddHostedService<TimerHost>();
    }

    /// <summary>The log is sealed as it grows; <c>verify --chain</c> of the operator's tool checks it against the same folder.</summary>
    private static void AddSealing(IServiceCollection services, EventChain chain)
    {
        services.AddSingleton(chain);
        services.AddHostedService(provider => new ChainFollower(
            provider.GetRequiredService<EventStore>(), chain, provider.GetRequiredService<ILogger<ChainFollower>>(),
            node: provider.GetRequiredService<LeaseOptions>()));
    }

    private static bool MapsEndpoints(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IEndpoints)) && type.GetConstructor(Type.EmptyTypes) is not null;

    private static bool ReadsModelsOnly(Type type) =>
        type is { IsClass: true, IsAbstract: false }
        && type.GetConstructors() is [var constructor]
        && constructor.GetParameters() is [{ ParameterType: var only }]
        && only == typeof(ReadModels);
}
