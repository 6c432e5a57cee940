using System.Reflection;
using EcommerceAI.EventSourcing.Commands;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.EventSourcing.Subscriptions;
using EcommerceAI.EventSourcing.Timers;
using Microsoft.Extensions.DependencyInjection;

namespace EcommerceAI.Replay.Parked;

/// <summary>
/// One of each subscription that can be made of the store's own parts. One that asks for more (an engine, the API's services) only runs in
/// the API, and is named with what it lacks.
/// </summary>
internal sealed class BuiltSubscriptions : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<ISubscription> _built = [];
    private readonly List<string> _missing = [];

    /// <summary>Makes them.</summary>
    /// <param name="store">The store that they work on; not disposed with them.</param>
    /// <param name="assemblies">Where to look.</param>
    public BuiltSubscriptions(EventStore store, params IEnumerable<Assembly> assemblies)
    {
        var classes = ProjectionScan.ClassesOf<ISubscription>(assemblies);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(store);
        services.AddSingleton(store.Source);
        services.AddSingleton(new Receipts(store.Source));
        services.AddSingleton(new ReadModels(store.Source));
        services.AddSingleton(new DurableTimers(store.Source));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<CommandHandler>();
        foreach (var type in classes) services.AddSingleton(type);
        _services = services.BuildServiceProvider();
        foreach (var type in classes) Build(type);
    }

    /// <summary>The subscription of a name, or null where this build has none or could not make it.</summary>
    /// <param name="name">Its name.</param>
    public ISubscription? Find(string name) => _built.Find(subscription => subscription.Name == name);

    /// <summary>Why there is no subscription of a name, in one line.</summary>
    /// <param name="name">Its name.</param>
    public string Describe(string name)
    {
        var there = _built.Count == 0 ? "There are none" : $"There are: {string.Join(", ", _built.Select(subscription => subscription.Name).Order(StringComparer.Ordinal))}";
        var missing = _missing.Count == 0 ? "" : $" Not to be made here: {string.Join("; ", _missing)}.";
        return $"There is no subscription '{name}' that this tool could run. {there}.{missing}";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private void Build(Type type)
    {
        try
        {
            _built.Add((ISubscription)_services.GetRequiredService(type));
        }
#pragma warning disable CA1031 // Whatever one of them lacks must not keep the others from being replayed; it is told by name.
        catch (Exception lacking)
#pragma warning restore CA1031
        {
            _missing.Add($"{type.FullName} ({lacking.Message.ReplaceLineEndings(" ").TrimEnd('.')})");
        }
    }
}
