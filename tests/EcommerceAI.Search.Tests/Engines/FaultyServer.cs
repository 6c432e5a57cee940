using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>A request as it came.</summary>
internal sealed record EngineRequest(string Method, string Path, IReadOnlyList<string> Parameters, byte[] Body, IHeaderDictionary Headers);

/// <summary>A reply: its status and body.</summary>
internal sealed record EngineResponse(int Status, object? Body, double? RetryAfterSeconds = null);

/// <summary>
/// A small HTTP server on this machine that answers as a search engine is described to, after whatever fault a test has put before it.
/// </summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    private readonly WebApplication _host;

    private FaultyServer(WebApplication host) => _host = host;

    public Uri Address => new(_host.Urls.First());

    /// <summary>Every request that came, in order.</summary>
    public ConcurrentQueue<EngineRequest> Requests { get; } = new();

    /// <summary>Gives the reply instead of the engine; null lets the engine answer. Called for each request.</summary>
    public Func<EngineRequest, CancellationToken, Task<EngineResponse?>> Fault { get; set; } = (_, _) => Task.FromResult<EngineResponse?>(null);

    public static async Task<FaultyServer> StartAsync(Func<EngineRequest, EngineResponse> engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FaultyServer(builder.Build());
        server._host.Run(context => server.AnswerAsync(context, engine));
        await server._host.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, Func<EngineRequest, EngineResponse> engine)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var request = new EngineRequest(context.Request.Method, context.Request.Path.Value!, [.. context.Request.Query.Keys], body.ToArray(), context.Request.Headers);
        Requests.Enqueue(request);
        var response = await Fault(request, context.RequestAborted) ?? Answer(engine, request);
        context.Response.StatusCode = response.Status;
        if (response.RetryAfterSeconds is { } seconds) context.Response.Headers.RetryAfter = $"{seconds:0}";
        if (response.Body is null) return;
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(response.Body), context.RequestAborted);
    }

    private static EngineResponse Answer(Func<EngineRequest, EngineResponse> engine, EngineRequest request)
    {
        try
        {
            return engine(request);
        }
        catch (Exception failure)
        {
            // A mistake in the test's own engine shows where it is looked for: in the reply.
            return new(501, failure.ToString());
        }
    }
}
