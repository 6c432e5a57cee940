using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace EcommerceAI.Search.Rest;

/// <summary>A search engine did not do what it was asked.</summary>
/// <param name="message">What, and why.</param>
/// <param name="status">Its HTTP status; null where there was no reply.</param>
/// <param name="cause">What failed below.</param>
public sealed class EngineException(string message, HttpStatusCode? status = null, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>Its HTTP status; null where there was no reply.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>Whether the engine refused what was sent, which sending it again does not change.</summary>
    public bool IsRefusal =>
        Status is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError
            and not HttpStatusCode.TooManyRequests and not HttpStatusCode.RequestTimeout;
}

/// <summary>What an engine replied: status and body as they came.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="RetryAfter">How long the engine asks to be left alone.</param>
internal sealed record EngineReply(HttpStatusCode Status, byte[] Body, TimeSpan? RetryAfter)
{
    public bool IsOverloadedOrAbsent => Status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or
        HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}

/// <summary>
/// Talks JSON with a search engine: a time limit for each attempt, retries for writes, and a circuit that opens when the engine is down,
/// so that searches do not wait for it.
/// </summary>
internal sealed class EngineClient : IDisposable
{
    /// <summary>Names in snake case, as both engines have them; what is null is not sent.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly string _engine;
    private readonly EngineOptions _options;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<EngineReply> _read;
    private readonly ResiliencePipeline<EngineReply> _write;

    public EngineClient(string engine, EngineOptions options, Action<HttpRequestHeaders> authorize)
    {
        if (EngineOptions.WhatIsWrongWith(options) is { } wrong) throw new ArgumentException(wrong, nameof(options));
        (_engine, _options) = (engine, options);
        _http = new HttpClient(Handler(options))
        {
            // Paths are relative to the last slash.
            BaseAddress = options.Endpoint.AbsolutePath.EndsWith('/') ? options.Endpoint : new Uri($"{options.Endpoint.AbsoluteUri}/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ApiKey is not null) authorize(_http.DefaultRequestHeaders);
        var circuit = new CircuitBreakerStrategyOptions<EngineReply>
        {
            ShouldHandle = new PredicateBuilder<EngineReply>()
                .Handle<HttpRequestException>().Handle<TimeoutRejectedException>().HandleResult(reply => (int)reply.Status >= 500),
            FailureRatio = 0.5,
            MinimumThroughput = options.FailuresToBreak,
            SamplingDuration = options.BreakDuration < TimeSpan.FromSeconds(10) ? TimeSpan.FromSeconds(10) : options.BreakDuration,
            BreakDuration = options.BreakDuration,
        };
        // One circuit for both: what a write has found out, a search need not.
        var attempt = new ResiliencePipelineBuilder<EngineReply>().AddCircuitBreaker(circuit).AddTimeout(options.AttemptTimeout).Build();
        _read = attempt;
        _write = options.WriteRetries == 0 ? attempt
            : new ResiliencePipelineBuilder<EngineReply>().AddRetry(Retries(options)).AddPipeline(attempt).Build();
    }

    /// <summary>Asks for something; not tried again.</summary>
    public Task<EngineReply> ReadAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(_read, method, path, Content(body), "application/json", cancellationToken);

    /// <summary>Changes something; tried again where the engine was overloaded or absent. It must do no harm to do it twice.</summary>
    public Task<EngineReply> WriteAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        SendAsync(_write, method, path, Content(body), "application/json", cancellationToken);

    /// <summary>The same with a body that is written already.</summary>
    public Task<EngineReply> WriteAsync(HttpMethod method, string path, byte[] body, string mediaType, CancellationToken cancellationToken) =>
        SendAsync(_write, method, path, body, mediaType, cancellationToken);

    /// <summary>The body of a reply.</summary>
    /// <exception cref="EngineException">The reply is an error, or not what was to be expected.</exception>
    public T Body<T>(EngineReply reply)
    {
        if ((int)reply.Status is < 200 or >= 300) throw Failure(reply);
        try
        {
            return JsonSerializer.Deserialize<T>(reply.Body, Json) ?? throw new JsonException("The body is null.");
        }
        catch (JsonException failure)
        {
            throw new EngineException($"{_engine} replied with what cannot be read: {failure.Message}", reply.Status, failure);
        }
    }

    /// <summary>An error reply as an exception.</summary>
    public EngineException Failure(EngineReply reply)
    {
        var text = System.Text.Encoding.UTF8.GetString(reply.Body, 0, Math.Min(reply.Body.Length, 1000));
        return new EngineException($"{_engine} replied {(int)reply.Status}: {text}", reply.Status);
    }

    public void Dispose() => _http.Dispose();

    private static byte[]? Content(object? body) => body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), Json);

    private static RetryStrategyOptions<EngineReply> Retries(EngineOptions options) => new()
    {
        ShouldHandle = new PredicateBuilder<EngineReply>()
            .Handle<HttpRequestException>().Handle<TimeoutRejectedException>().HandleResult(reply => reply.IsOverloadedOrAbsent),
        MaxRetryAttempts = options.WriteRetries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = options.RetryDelay,
        DelayGenerator = retry => ValueTask.FromResult(retry.Outcome.Result?.RetryAfter),
    };

    private static SocketsHttpHandler Handler(EngineOptions options)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false };
        if (options.CertificateAuthorities is not { } file) return handler;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        return handler;
    }

    private async Task<EngineReply> SendAsync(
        ResiliencePipeline<EngineReply> pipeline, HttpMethod method, string path, byte[]? body, string mediaType, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                async (request, token) => await AttemptAsync(request.method, request.path, request.body, request.mediaType, token),
                (method, path, body, mediaType), cancellationToken);
        }
        catch (BrokenCircuitException failure)
        {
            throw new EngineException($"{_engine} is taken to be down after repeated failures", null, failure);
        }
        catch (TimeoutRejectedException failure)
        {
            throw new EngineException($"{_engine} did not answer within {_options.AttemptTimeout.TotalSeconds:0.##} s", null, failure);
        }
        catch (HttpRequestException failure)
        {
            throw new EngineException($"{_engine} cannot be reached: {failure.Message}", null, failure);
        }
    }

    private async Task<EngineReply> AttemptAsync(HttpMethod method, string path, byte[]? body, string mediaType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new(mediaType);
        }
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var reply = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return new(response.StatusCode, reply, response.Headers.RetryAfter?.Delta);
    }
}
