using System.Net;
using System.Net.Http.Json;
using EcommerceAI.Api.Hosting;
using EcommerceAI.Api.Security;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.FlashSale;

/// <summary>The same buyers over HTTP, against the whole API with all that runs in it.</summary>
internal sealed class HttpDrop : IAsyncDisposable
{
    private readonly RunningApi _api;
    private readonly string _folder;
    private readonly int _clients;
    private readonly HttpClient _http;

    private HttpDrop(RunningApi api, string folder, int clients)
    {
        (_api, _folder, _clients) = (api, folder, clients);
        _http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = clients }) { BaseAddress = new Uri(api.Url) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", api.IssueToken(Roles.Operator));
    }

    /// <summary>Starts the API over a store.</summary>
    public static async Task<HttpDrop> StartAsync(string connectionString, string folder, int clients, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "api");
        return new HttpDrop(await MeasuredApi.StartAsync(connectionString, data, cancellation), data, clients);
    }

    /// <summary>Reservations answered 201 per second.</summary>
    /// <exception cref="ReplayException">A reservation was refused.</exception>
    public async Task<double> MeasureAsync(string dropId, double seconds, CancellationToken cancellation)
    {
        await DropClients.ScheduleAsync(_api.Store, dropId, 1_000_000, cancellation);
        var path = $"/v1/flash-sales/{dropId}/reservations";
        return await Clients.RunAsync(
            _clients, seconds,
            async (client, number) =>
            {
                var body = new Reservation(DropClients.ReservationOf(client, number), DropClients.CustomerOf(client, number), 1);
                using var reply = await _http.PostAsJsonAsync(path, body, cancellation);
                if (reply.StatusCode != HttpStatusCode.Created)
                    throw new ReplayException($"A reservation was answered {(int)reply.StatusCode}: {await reply.Content.ReadAsStringAsync(cancellation)}");
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _api.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private sealed record Reservation(string ReservationId, string CustomerId, int Quantity);
}
