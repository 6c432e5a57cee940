using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EcommerceAI.Api.Tests.Orders;

namespace EcommerceAI.Api.Tests;

/// <summary>Every command endpoint that the OpenAPI document lists, against everything that can be wrong with a request.</summary>
public sealed class BadInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Methods = ["post", "put", "patch", "delete"];

    private ApiClient Client => api.Client;

    public static TheoryData<string> Operations => [.. CommandSamples.Bodies.Keys];

    [Fact]
    public async Task Every_command_endpoint_has_a_sample() =>
        (await ReadCommandsAsync()).Keys.ShouldBe(CommandSamples.Bodies.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_is_wrong_is_named_and_appends_nothing(string operation)
    {
        var target = await PrepareAsync(operation);
        var end = await api.ReadEndOfLogAsync();
        var failures = new List<string>();

        foreach (var (name, content, headers) in RequestsTo(target))
        {
            var reply = await Client.SendAsync(target.Method, target.Path, content, headers);
            if ((int)reply.Status is < 400 or > 499 || reply.ContentType != "application/problem+json" || reply.Code is null)
                failures.Add($"{name}: {(int)reply.Status} {reply.ContentType} {reply.Body}");
            if (await api.ReadEndOfLogAsync() != end) failures.Add($"{name}: something was appended");
        }

        failures.ShouldBeEmpty();
        // The sample itself is accepted, so it was the fault that was refused.
        var sound = await Client.SendAsync(target.Method, target.Path, ApiClient.Json(target.Body));
        ((int)sound.Status).ShouldBeInRange(200, 201, sound.Body);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_id_that_nobody_has_is_not_found(string operation)
    {
        var target = await PrepareAsync(operation);
        if (!target.Template.Contains('{', StringComparison.Ordinal)) return;
        var end = await api.ReadEndOfLogAsync();

        foreach (var id in new[] { "NO-SUCH", "%20", new string('x', 300), "a%2Fb", "%F0%9F%98%80" })
        {
            var path = System.Text.RegularExpressions.Regex.Replace(target.Template, "{[^}]+}", id);
            var reply = await Client.SendAsync(target.Method, path, ApiClient.Json(target.Body));
            reply.ShouldBe(HttpStatusCode.NotFound).ContentType.ShouldBe("application/problem+json");
        }

        (await api.ReadEndOfLogAsync()).ShouldBe(end);
    }

    private static IEnumerable<(string Name, HttpContent Content, (string, string)[] Headers)> RequestsTo(Target target)
    {
        foreach (var (name, body) in BodyFaults.Of(target.Body, target.Document, target.Schema)) yield return (name, ApiClient.Json(body), []);
        yield return ("plain text", new StringContent(target.Body, Encoding.UTF8, "text/plain"), []);
        yield return ("UTF-16", new StringContent(target.Body, Encoding.Unicode, "application/json"), []);
        yield return ("no content type", new ByteArrayContent(Encoding.UTF8.GetBytes(target.Body)), []);
        yield return ("broken UTF-8", Bytes([.. Encoding.UTF8.GetBytes(target.Body)[..^1], 0xC3, 0x28]), []);
        yield return ("10 MB", Bytes(Padded(target.Body)), []);
        yield return ("10 MB in chunks", new ChunkedContent(Padded(target.Body)), []);
        yield return ("an idempotency key with a space", ApiClient.Json(target.Body), [("Idempotency-Key", "a b")]);
        yield return ("an over-long idempotency key", ApiClient.Json(target.Body), [("Idempotency-Key", new string('k', 256))]);
        yield return ("an entity tag without quotes", ApiClient.Json(target.Body), [("If-Match", "3")]);
        yield return ("a stale entity tag", ApiClient.Json(target.Body), [("If-Match", "\"99\"")]);
    }

    private static byte[] Padded(string body) => Encoding.UTF8.GetBytes(body + new string(' ', 10 * 1024 * 1024));

    private static ByteArrayContent Bytes(byte[] bytes) =>
        new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    /// <summary>The operation's path and body, for a product in stock, a customer and an order of its own.</summary>
    internal async Task<Target> PrepareAsync(string operation)
    {
        var (document, path, method, schema) = (await ReadCommandsAsync())[operation];
        var (sku, _) = await Client.CreateStockedProductAsync(10);
        if (path.EndsWith("/variants", StringComparison.Ordinal))
            await Client.PutAsync($"/v1/products/{sku}/options", new { options = new[] { new { name = "Size", values = new[] { "L" } } } });
        var customer = (string)(await Client.PostAsync("/v1/customers", new { country = "Norway" })).Json["customerId"]!;
        var order = (string)(await Client.OrderAsync(sku, 2)).ShouldBe(HttpStatusCode.Created).Json["orderId"]!;
        var body = CommandSamples.Bodies[operation].Replace("{sku}", sku, StringComparison.Ordinal)
            .Replace("{customer}", customer, StringComparison.Ordinal).Replace("{new}", ApiClient.NewSku(), StringComparison.Ordinal)
            .Replace("{id}", ApiClient.NewSku(), StringComparison.Ordinal)
            .Replace("{slug}", sku.ToLowerInvariant() + "-new", StringComparison.Ordinal)
            .Replace("{soon}", $"{DateTimeOffset.UtcNow.AddHours(1):O}", StringComparison.Ordinal);
        if (body.Contains("{guest}", StringComparison.Ordinal)) body = body.Replace("{guest}", await Client.FillCartAsync(sku, 1), StringComparison.Ordinal);
        var id = path.StartsWith("/v1/customers/", StringComparison.Ordinal) ? customer
            : path.StartsWith("/v1/flash-sales/", StringComparison.Ordinal) ? await PrepareDropAsync(sku)
            : path.StartsWith("/v1/carts/", StringComparison.Ordinal) ? await CartAsync(sku, path)
            : operation is "PackShipment" or "ChangeOrder" or "RefundOrder" or "ExchangeGoods"
                ? await ConfirmedAsync(sku, ships: operation is "RefundOrder" or "ExchangeGoods")
            : order;
        if (path.Contains("/allocations/{orderId}", StringComparison.Ordinal))
            (await Client.PostAsync($"/v1/stock/{sku}/allocations", new { location = "warehouse", orderId = "order-9", quantity = 2 })).ShouldBe(HttpStatusCode.OK);
        var filled = path.Replace("{sku}", sku, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal)
            .Replace("{option}", "express", StringComparison.Ordinal).Replace("{orderId}", "order-9", StringComparison.Ordinal)
            .Replace("{holdId}", "cart-9", StringComparison.Ordinal).Replace("{reservationId}", "r-9", StringComparison.Ordinal);
        return new Target(method, path, await WithPricingAsync(filled), body, document, schema);
    }

    /// <summary>The path with a promotion, a price list and a tax table that are there.</summary>
    private async Task<string> WithPricingAsync(string path)
    {
        var id = ApiClient.NewSku();
        if (path.Contains("{promotionId}", StringComparison.Ordinal))
            await Client.PostAsync("/v1/promotions", new { promotionId = id, terms = new { name = "A", discount = new { percentOff = 5 }, scope = new { skus = new[] { id } } } });
        if (path.Contains("{priceListId}", StringComparison.Ordinal))
            await Client.PostAsync("/v1/price-lists", new { priceListId = id, terms = new { name = "A", currency = "GBP" } });
        if (path.Contains("{region}", StringComparison.Ordinal))
            await Client.PostAsync("/v1/tax-tables", new { region = "NO", basis = "inclusive", rates = new[] { new { taxClass = "standard", name = "MVA", percent = 25 } } });
        return path.Replace("{promotionId}", id, StringComparison.Ordinal).Replace("{priceListId}", id, StringComparison.Ordinal)
            .Replace("{region}", "NO", StringComparison.Ordinal);
    }

    private async Task<string> CartAsync(string sku, string path)
    {
        await Client.OfferDeliveryAsync();
        return path.EndsWith("/order", StringComparison.Ordinal) ? await Client.ReadyCartAsync(sku, 1) : await Client.FillCartAsync(sku, 1);
    }

    private async Task<string> ConfirmedAsync(string sku, bool ships)
    {
        await Client.OfferDeliveryAsync();
        var id = (string)(await Client.OrderCartAsync(await Client.ReadyCartAsync(sku, 2))).ShouldBe(HttpStatusCode.Created).Json["orderId"]!;
        if (ships) (await Client.PostAsync($"/v1/orders/{id}/shipments", new { })).ShouldBe(HttpStatusCode.Created);
        return id;
    }

    /// <summary>A drop that has begun, with a reservation.</summary>
    private async Task<string> PrepareDropAsync(string sku)
    {
        var dropId = sku.ToLowerInvariant();
        var (startsAt, endsAt) = (DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddHours(1));
        (await Client.PostAsync("/v1/flash-sales", new { dropId, sku, location = "warehouse", quantity = 5, startsAt, endsAt, limitPerCustomer = 1 }))
            .ShouldBe(HttpStatusCode.Created);
        (await Client.PostAsync($"/v1/flash-sales/{dropId}/reservations", new { reservationId = "r-9", customerId = "c-9" })).ShouldBe(HttpStatusCode.Created);
        return dropId;
    }

    private async Task<Dictionary<string, (JsonNode Document, string Path, HttpMethod Method, JsonNode Schema)>> ReadCommandsAsync()
    {
        var document = (await Client.GetAsync("/openapi/v1.json")).ShouldBe(HttpStatusCode.OK).Json;
        return document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Where(method => Methods.Contains(method.Key)).Select(method => (path, method)))
            // A body of another type is no command: an import, whose rows are looked at one by one.
            .Where(found => found.method.Value!["requestBody"]!["content"]!["application/json"] is not null)
            .ToDictionary(
                found => (string)found.method.Value!["operationId"]!,
                found => (
                    document, found.path.Key, HttpMethod.Parse(found.method.Key),
                    found.method.Value!["requestBody"]!["content"]!["application/json"]!["schema"]!),
                StringComparer.Ordinal);
    }

    internal sealed record Target(HttpMethod Method, string Template, string Path, string Body, JsonNode Document, JsonNode Schema);

    /// <summary>A body whose length is not announced.</summary>
    private sealed class ChunkedContent : HttpContent
    {
        private readonly byte[] _bytes;

        public ChunkedContent(byte[] bytes)
        {
            _bytes = bytes;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
