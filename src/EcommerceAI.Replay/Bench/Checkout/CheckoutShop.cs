using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using EcommerceAI.Api.Hosting;
using EcommerceAI.Api.Security;
using EcommerceAI.Replay.CommandLine;

namespace EcommerceAI.Replay.Bench.Checkout;

/// <summary>A shop of the whole API over HTTP, and its buyers.</summary>
internal sealed class CheckoutShop : IAsyncDisposable
{
    public const int RushBuyers = 200;
    public const int RushUnits = 50;
    private const int Products = 500;
    private const int RequestsOfCheckout = 6;
    private const double LongestWarmUp = 5;
    private const string Rush = "RUSH";

    private readonly RunningApi _api;
    private readonly string _folder;
    private readonly HttpClient _http;

    private CheckoutShop(RunningApi api, string folder)
    {
        (_api, _folder) = (api, folder);
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(api.Url) };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", api.IssueToken(Roles.Operator));
    }

    /// <summary>Starts the API over a store and fills it.</summary>
    public static async Task<CheckoutShop> StartAsync(string connectionString, string folder, CancellationToken cancellation)
    {
        var data = Path.Combine(folder, "checkout");
        var shop = new CheckoutShop(await MeasuredApi.StartAsync(connectionString, data, cancellation), data);
        await shop.PostAsync("/v1/delivery-options/standard", new { name = "Standard", price = new { amount = 4.95m, currency = "GBP" } }, cancellation);
        await Parallel.ForEachAsync(Enumerable.Range(0, Products), cancellation, async (i, token) => await shop.StockAsync($"S-{i}", 1_000_000, token));
        await shop.StockAsync(Rush, RushUnits, cancellation);
        return shop;
    }

    /// <summary>Takes the measurements.</summary>
    public async Task<CheckoutFigures> MeasureAsync(int workers, double seconds, CancellationToken cancellation)
    {
        var times = new ConcurrentBag<double>();
        async Task BuyAsync(int client, long number)
        {
            var started = Stopwatch.GetTimestamp();
            var cart = await ReadyCartAsync($"S-{Random.Shared.Next(Products)}", cancellation);
            var (status, reply) = await SendAsync(HttpMethod.Post, $"/v1/carts/{cart}/order", new { }, cancellation);
            if (status != HttpStatusCode.Created || reply.GetProperty("state").GetString() != "paid") throw new ReplayException($"An order was answered {(int)status}: {reply}");
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await Clients.WarmUpAsync(() => Clients.RunAsync(workers, Math.Min(seconds, LongestWarmUp), BuyAsync, cancellation));
        times.Clear();
        var orders = await Clients.RunAsync(workers, seconds, BuyAsync, cancellation);
        var empty = await Clients.RunAsync(
            workers, 3, async (_, _) => (await _http.GetAsync("/health/live", cancellation)).Dispose(), cancellation);
        var rush = await RushAsync(cancellation);
        return new CheckoutFigures(
            workers, Math.Round(orders), Math.Round(Percentiles.At(times, 0.5), 1), Math.Round(Percentiles.At(times, 0.95), 1), Math.Round(empty), rush,
            new CheckoutRatios(Math.Round(orders * RequestsOfCheckout / empty, 3)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _api.DisposeAsync();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private async Task<RushFigures> RushAsync(CancellationToken cancellation)
    {
        var carts = new List<string>();
        for (var i = 0; i < RushBuyers; i++) carts.Add(await ReadyCartAsync(Rush, cancellation));
        var replies = await Task.WhenAll(carts.Select(cart => OrderUntilAnsweredAsync(cart, cancellation)));
        var paid = replies.Count(reply => reply.Status == HttpStatusCode.Created && reply.Body.GetProperty("state").GetString() == "paid");
        var told = replies.Count(reply => reply.Status == HttpStatusCode.Conflict && reply.Body.GetProperty("code").GetString() == "insufficient_stock");
        return new RushFigures(paid, told, await CountOrphansAsync(cancellation));
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> OrderUntilAnsweredAsync(string cart, CancellationToken cancellation)
    {
        while (true)
        {
            var reply = await SendAsync(HttpMethod.Post, $"/v1/carts/{cart}/order", new { }, cancellation);
            // Told to come back in a moment.
            if (reply.Status != HttpStatusCode.ServiceUnavailable) return reply;
        }
    }

    /// <summary>Orders of the rush without captured money, and units promised to an order that is none of those paid.</summary>
    private async Task<long> CountOrphansAsync(CancellationToken cancellation)
    {
        await using var command = _api.Store.Source.CreateCommand(
            """
            with orders as (
                select data ->> 'orderId' as id from events.mt_events where type = 'order_placed' and data -> 'lines' -> 0 ->> 'sku' = 'RUSH'),
            paid as (select substring(stream_id from 9) as id from events.mt_events where type = 'payment_captured')
            select (select count(*) from orders where id not in (select id from paid))
                 + (select count(*) from events.mt_events e where type = 'stock_allocated' and stream_id = 'stock-RUSH@warehouse'
                    and data ->> 'orderId' not in (select id from paid))
            """);
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task<string> ReadyCartAsync(string sku, CancellationToken cancellation)
    {
        var cart = (await PostAsync("/v1/carts", new { currency = "GBP" }, cancellation)).GetProperty("cartId").GetString()!;
        await PostAsync($"/v1/carts/{cart}/lines", new { sku, quantity = 1 }, cancellation);
        await PutAsync($"/v1/carts/{cart}/address", new { name = "Ada Lovelace", email = "ada@example.org", address = "12 St James's Square\nLondon", country = "GB" }, cancellation);
        await PutAsync($"/v1/carts/{cart}/delivery", new { optionId = "standard" }, cancellation);
        await PutAsync($"/v1/carts/{cart}/payment", new { method = "wallet", token = "tok_ok" }, cancellation);
        return cart;
    }

    private async Task StockAsync(string sku, int quantity, CancellationToken cancellation)
    {
        await PostAsync("/v1/products", new { sku, title = $"Product {sku}", price = new { amount = 9.95m, currency = "GBP" } }, cancellation);
        await PostAsync($"/v1/stock/{sku}/receipts", new { location = "warehouse", quantity }, cancellation);
    }

    private Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation) => AcceptedAsync(HttpMethod.Post, path, body, cancellation);

    private Task<JsonElement> PutAsync(string path, object body, CancellationToken cancellation) => AcceptedAsync(HttpMethod.Put, path, body, cancellation);

    private async Task<JsonElement> AcceptedAsync(HttpMethod method, string path, object body, CancellationToken cancellation)
    {
        var (status, reply) = await SendAsync(method, path, body, cancellation);
        return (int)status < 300 ? reply : throw new ReplayException($"{method} {path} was answered {(int)status}: {reply}");
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var reply = await _http.SendAsync(request, cancellation);
        return (reply.StatusCode, await reply.Content.ReadFromJsonAsync<JsonElement>(cancellation));
    }
}
