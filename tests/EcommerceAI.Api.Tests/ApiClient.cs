using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests;

/// <summary>A reply, read to its end.</summary>
public sealed record Reply(HttpStatusCode Status, string Body, HttpResponseHeaders Headers, string? ContentType)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Code => (string?)Json["code"];

    public string? ETag => Headers.ETag?.ToString();

    public long Position => long.Parse(Headers.GetValues("Event-Position").Single(), CultureInfo.InvariantCulture);

    public bool IsReplay => Headers.TryGetValues("Idempotency-Replayed", out var values) && values.Single() == "true";

    public Reply ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Body);
        return this;
    }

    public Reply ShouldBeProblem(HttpStatusCode status, string code)
    {
        ShouldBe(status);
        ContentType.ShouldBe("application/problem+json");
        Code.ShouldBe(code, Body);
        ((string?)Json["type"]).ShouldBe($"/problems/{code}");
        ((int?)Json["status"]).ShouldBe((int)status);
        return this;
    }
}

/// <summary>What the tests do over HTTP again and again.</summary>
public sealed class ApiClient(string url)
{
    private static int _last;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All })
    {
        BaseAddress = new Uri(url),
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>A SKU that no other test has.</summary>
    public static string NewSku() => $"SKU-{Interlocked.Increment(ref _last)}";

    public Task<Reply> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Reply> GetAfterAsync(string path, Reply command) => GetAsync(path, ("Consistent-After", Text(command.Position)));

    /// <summary>A position as a header has it.</summary>
    public static string Text(long position) => position.ToString(CultureInfo.InvariantCulture);

    public Task<Reply> PostAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, Json(body), headers);

    public Task<Reply> PutAsync(string path, object body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, Json(body), headers);

    public async Task<Reply> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        using var response = await Http.SendAsync(request);
        return new Reply(
            response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers, response.Content.Headers.ContentType?.MediaType);
    }

    public static HttpContent Json(object body) =>
        new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    public async Task<(string Sku, Reply Reply)> CreateProductAsync(decimal price = 2.5m, string title = "Tea cosy")
    {
        var sku = NewSku();
        var reply = await PostAsync("/v1/products", new { sku, title, price = new { amount = price, currency = "GBP" } });
        return (sku, reply.ShouldBe(HttpStatusCode.Created));
    }

    public async Task<(string Sku, Reply Reply)> CreateStockedProductAsync(int quantity, decimal price = 2.5m)
    {
        var (sku, _) = await CreateProductAsync(price);
        var reply = await PostAsync($"/v1/stock/{sku}/receipts", new { location = "warehouse", quantity });
        return (sku, reply.ShouldBe(HttpStatusCode.OK));
    }

    public Task<Reply> OrderAsync(string sku, int quantity, params (string Name, string Value)[] headers) =>
        PostAsync("/v1/orders", new { country = "United Kingdom", lines = new[] { new { sku, quantity } } }, headers);
}
