using System.Text.Json;
using EcommerceAI.EventSourcing.Store;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EcommerceAI.Api.Payments;

/// <summary>Sends the sandbox's notices where a real provider would: over HTTP to our own endpoint, signed, until they are taken.</summary>
internal sealed class SandboxNotices(
    SandboxProvider sandbox, NoticeSignature signature, IServer server, IHostApplicationLifetime lifetime, ILogger<SandboxNotices> logger) : BackgroundService
{
    private const int MostAttempts = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (lifetime.ApplicationStarted.Register(started.SetResult)) await started.Task.WaitAsync(stoppingToken);
        if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } address) return;
        using var http = new HttpClient { BaseAddress = new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal)) };
        await foreach (var (notice, after) in sandbox.Notices.ReadAllAsync(stoppingToken))
            // Not awaited: the later ones are to overtake it.
            _ = SendAsync(http, notice, Pause * (1 + (3 * after)), stoppingToken);
    }

    private async Task SendAsync(HttpClient http, ProviderNotice notice, TimeSpan wait, CancellationToken cancellation)
    {
        try
        {
            for (var attempt = 1; attempt <= MostAttempts; attempt++)
            {
                await Task.Delay(wait, cancellation);
                if (await TrySendAsync(http, notice, cancellation)) return;
                wait *= 2;
            }

            logger.LogWarning("Nobody took the notice of {Operation} of payment {Payment}.", notice.OperationId, notice.PaymentId);
        }
        catch (OperationCanceledException)
        {
            // The host stops; a provider would call again, and so does our own timer.
        }
    }

    private async Task<bool> TrySendAsync(HttpClient http, ProviderNotice notice, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(notice, EventSerializer.Options);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1{PaymentNoticeEndpoint.Path}") { Content = new ByteArrayContent(body) };
        request.Headers.Add(NoticeSignature.Header, signature.Sign(body));
        try
        {
            using var reply = await http.SendAsync(request, cancellation);
            return reply.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
