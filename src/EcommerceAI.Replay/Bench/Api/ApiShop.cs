using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EcommerceAI.Api.Hosting;
using EcommerceAI.Api.Security;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Api;

/// <summary>The whole API with a catalogue in it, and prices that go on changing.</summary>
internal sealed class ApiShop : IAsyncDisposable
{
    /// <summary>Price changes a second while anything is measured.</summary>
    public const int PriceChangesPerSecond = 5;

    private readonly RunningApi _api;
    private readonly HttpClient _http;
    private readonly string _folder;
    private readonly int _products;
    private readonly CancellationTokenSource _closing = new();
    private Task _changing = Task.CompletedTask;

    private ApiShop(RunningApi api, string folder, int products)
    {
        (_api, _folder, _products) = (api, folder, products);
        Token = api.IssueToken(Roles.Operator);
        _http = new HttpClient { BaseAddress = new Uri(api.Url) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    /// <summary>Where it listens.</summary>
    public string Url => _api.Url;

    /// <summary>An operator's token.</summary>
    public string Token { get; }

    /// <summary>Starts it, imports the catalogue, and waits until it is found.</summary>
    public static async Task<ApiShop> StartAsync(string connectionString, string folder, int products, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "api");
        var shop = new ApiShop(await MeasuredApi.StartAsync(connectionString, data, cancellation), data, products);
        await shop.FillAsync(cancellation);
        shop._changing = shop.ChangePricesAsync();
        return shop;
    }

    /// <summary>Empty carts.</summary>
    public async Task<IReadOnlyList<string>> CreateCartsAsync(int count, CancellationToken cancellation)
    {
        var carts = new List<string>(count);
        for (var i = 0; i < count; i++)
        {
            using var reply = await _http.PostAsJsonAsync("/v1/carts", new { currency = "GBP" }, cancellation);
            carts.Add((await AcceptAsync(reply, cancellation)).GetProperty("cartId").GetString()!);
        }

        return carts;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _changing;
        _http.Dispose();
        _closing.Dispose();
        await _api.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private async Task FillAsync(CancellationToken cancellation)
    {
        var rows = Enumerable.Range(0, _products).Select(number => JsonSerializer.Serialize(new
        {
            sku = string.Create(CultureInfo.InvariantCulture, $"S-{number}"),
            title = CatalogueWords.TitleOf(number),
            price = new { amount = 1 + (number % 5_000 / 100m), currency = "GBP" },
            description = $"A {CatalogueWords.TitleOf(number)}, made to last and easy to clean. Comes in a gift box.",
        }));
        using var body = new StringContent(string.Join('\n', rows), Encoding.UTF8, "application/x-ndjson");
        using var reply = await _http.PostAsync("/v1/products/imports", body, cancellation);
        var report = await AcceptAsync(reply, cancellation);
        if (report.GetProperty("changed").GetInt32() != _products) throw new ReplayException($"The catalogue was not taken: {report}");
        await AskAfterAsync("/v1/search?q=mug", reply.Headers.GetValues("Event-Position").Single(), cancellation);
    }

    /// <summary>Until the engines have come so far; a catalogue of any size takes them longer than one request may wait.</summary>
    private async Task AskAfterAsync(string path, string position, CancellationToken cancellation)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Add("Consistent-After", position);
            using var reply = await _http.SendAsync(request, cancellation);
            if (reply.IsSuccessStatusCode) return;
        }
    }

    private async Task ChangePricesAsync()
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PriceChangesPerSecond));
        try
        {
            for (var number = 0; await beat.WaitForNextTickAsync(_closing.Token); number++)
            {
                using var reply = await _http.PutAsJsonAsync(
                    string.Create(CultureInfo.InvariantCulture, $"/v1/products/S-{number * 7919L % _products}/price"),
                    new { amount = 1 + (number % 900 / 100m), currency = "GBP" }, _closing.Token);
                await AcceptAsync(reply, _closing.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Measured.
        }
    }

    private static async Task<JsonElement> AcceptAsync(HttpResponseMessage reply, CancellationToken cancellation)
    {
        var text = await reply.Content.ReadAsStringAsync(cancellation);
        return reply.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text)
            : throw new ReplayException($"{reply.RequestMessage!.Method} {reply.RequestMessage.RequestUri} was answered {(int)reply.StatusCode}: {text}");
    }
}
