using EcommerceAI.Api.Http;
using EcommerceAI.Api.Security;
using EcommerceAI.Projections.Storefront.Products;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace EcommerceAI.Api.Hosting;

/// <summary>Tells the person who started the host, once it is ready, where it is and what to try.</summary>
internal sealed class Greeting(
    IHostApplicationLifetime lifetime, HealthCheckService health, ProductQueries products, IServiceProvider services, LocalTokens tokens, ILogger<Greeting> logger)
    : BackgroundService
{
    private const string Sample = """{"sku":"TEA-1","title":"Tea for one","price":{"amount":4.25,"currency":"GBP"}}""";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WaitUntilStartedAsync(stoppingToken);
            while ((await health.CheckHealthAsync(check => check.Tags.Contains(HealthReply.Ready), stoppingToken)).Status == HealthStatus.Unhealthy)
                await Task.Delay(Pause, stoppingToken);
            await Console.Out.WriteLineAsync(await ComposeAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped before it was ready: nobody waits for a greeting any more.
        }
        catch (NpgsqlException failure)
        {
            logger.LogWarning(failure, "The store could not be looked into for a greeting.");
        }
    }

    private async Task WaitUntilStartedAsync(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellation);
    }

    private async Task<string> ComposeAsync(CancellationToken cancellation)
    {
        var server = services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>();
        var url = server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First();
        var tries = await FindProductAsync(cancellation) is { } product
            ? (string[])
            [
                $"curl -s {url}/v1/products/{Uri.EscapeDataString(product.Sku)}",
                $"curl -s '{url}/v1/search?q={Uri.EscapeDataString(Words(product.Title))}&limit=3'",
                $"curl -s '{url}/v1/sales?by=country&limit=5' -H \"Authorization: Bearer $OPERATOR\"",
            ]
            :
            [
                $"curl -si {url}/v1/products -H \"Authorization: Bearer $OPERATOR\" -H 'Content-Type: application/json' -d '{Sample}'",
                $"curl -s {url}/v1/products/TEA-1 -H '{Headers.ConsistentAfter}: 1'",
                $"curl -s '{url}/v1/search?q=tea' -H '{Headers.ConsistentAfter}: 1'",
            ];
        return $"EcommerceAI is ready at {url}\nTry:\n  {string.Join("\n  ", tries)}{tokens.Describe()}";
    }

    /// <summary>The product that sells best, else any; null in an empty store.</summary>
    private async Task<(string Sku, string Title)?> FindProductAsync(CancellationToken cancellation)
    {
        var best = await products.ListBestSellersAsync(DateOnly.MinValue, DateOnly.MaxValue, "GBP", 1, cancellation);
        if (best.Value is [{ } seller]) return (seller.Sku, seller.Title ?? seller.Sku);
        var any = await products.ListAsync(ProductOrder.Sku, null, null, 1, cancellation: cancellation);
        return any.Value.Items is [{ } product] ? (product.Sku, product.Title) : null;
    }

    /// <summary>The first words of a title, enough for a search that finds it among others.</summary>
    private static string Words(string title) => string.Join(' ', title.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)).ToLowerInvariant();
}
