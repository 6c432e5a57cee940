using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Search.Documents;
using EcommerceAI.Projections.Search.Feed;
using EcommerceAI.Search.Queries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EcommerceAI.Projections.Search.Tests;

/// <summary>Search as a host runs it: the watch on the log, the projection, the feed and the engines.</summary>
internal sealed class RunningSearch : IAsyncDisposable
{
    private readonly IHost _host;

    private RunningSearch(IHost host) => _host = host;

    public SearchFeed Feed => _host.Services.GetRequiredService<SearchFeed>();

    /// <summary>Starts it over a store and waits until both legs can be searched.</summary>
    public static async Task<RunningSearch> StartAsync(ProjectedStore shop)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddSingleton(shop.Store);
        builder.Services.AddSingleton(new ReadModels(shop.Store.Source));
        builder.Services.AddSingleton<LogWatch>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LogWatch>());
        builder.Services.AddSingleton<IProjection, SearchDocumentsProjection>();
        builder.Services.AddHostedService<ProjectionHost>();
        builder.Services.AddProductSearch();
        var host = builder.Build();
        await host.StartAsync();
        var search = new RunningSearch(host);
        await Wait.UntilAsync(() => search.Feed.IsFilled, "the index to be filled");
        return search;
    }

    public async Task<SearchPage> SearchAsync(string text) =>
        (await _host.Services.GetRequiredService<HybridSearcher>().SearchAsync(new SearchRequest { Text = text })).ShouldBeOfType<SearchPage>();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
