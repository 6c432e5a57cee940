using EcommerceAI.EventSourcing.Nodes;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcommerceAI.EventSourcing.Tests.Projections;

/// <summary>A node that runs projections.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly LogWatch _watch;
    private readonly ProjectionHost _host;

    private RunningHost(EventStore store, IProjection[] projections, string? owner)
    {
        _watch = new LogWatch(store, NullLogger<LogWatch>.Instance);
        _host = new ProjectionHost(
            store, _watch, projections, NullLogger<ProjectionHost>.Instance, owner is null ? null : new LeaseOptions { Owner = owner });
    }

    public static Task<RunningHost> StartAsync(EventStore store, params IProjection[] projections) => StartAsync(store, null, projections);

    public static async Task<RunningHost> StartAsync(EventStore store, string? owner, params IProjection[] projections)
    {
        var running = new RunningHost(store, projections, owner);
        await running._watch.StartAsync(CancellationToken.None);
        await running._host.StartAsync(CancellationToken.None);
        return running;
    }

    public Task<IReadOnlyList<ProjectionStatus>> ReadStatusAsync() => _host.ReadStatusAsync();

    public Task UntilAsync(Func<IReadOnlyList<ProjectionStatus>, bool> condition) => Wait.UntilAsync(
        async () =>
        {
            try
            {
                return condition(await _host.ReadStatusAsync());
            }
            catch (Npgsql.NpgsqlException)
            {
                return false;
            }
        },
        "the projections");

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        await _watch.StopAsync(CancellationToken.None);
        _host.Dispose();
        _watch.Dispose();
    }
}
