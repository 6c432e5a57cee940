using System.Text.Json.Nodes;

namespace EcommerceAI.Api.Tests;

public sealed class OpenApiTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Routes =
    [
        "GET /v1/carts/{id}", "GET /v1/customers/{id}", "GET /v1/customers/{id}/orders", "GET /v1/customers/{id}/wishes",
        "GET /v1/flash-sales/{id}", "GET /v1/flash-sales/{id}/reservations/{reservationId}", "GET /v1/orders/{id}",
        "GET /v1/price-lists/{priceListId}", "GET /v1/price-lists/{priceListId}/prices", "GET /v1/prices/quote", "GET /v1/products",
        "GET /v1/products/{sku}", "GET /v1/promotions", "GET /v1/promotions/{promotionId}", "GET /v1/sales", "GET /v1/search",
        "GET /v1/stock/{sku}", "GET /v1/stores/{location}/stock", "GET /v1/tax-tables/{region}", "POST /v1/carts", "POST /v1/carts/{id}/lines",
        "POST /v1/carts/{id}/merges", "POST /v1/carts/{id}/order", "POST /v1/customers", "POST /v1/customers/{id}/forget",
        "POST /v1/delivery-options/{option}", "POST /v1/flash-sales", "POST /v1/flash-sales/{id}/reservations",
        "POST /v1/flash-sales/{id}/reservations/{reservationId}/purchase", "POST /v1/flash-sales/{id}/reservations/{reservationId}/release",
        "POST /v1/orders", "POST /v1/orders/{id}/cancellation", "POST /v1/orders/{id}/changes", "POST /v1/orders/{id}/exchanges",
        "POST /v1/orders/{id}/refunds", "POST /v1/orders/{id}/returns", "POST /v1/orders/{id}/shipments", "POST /v1/price-lists",
        "POST /v1/price-lists/{priceListId}/removals", "POST /v1/price-lists/{priceListId}/withdrawal", "POST /v1/products",
        "POST /v1/products/imports", "POST /v1/products/{sku}/variants", "POST /v1/products/{sku}/withdrawal", "POST /v1/promotions",
        "POST /v1/promotions/{promotionId}/withdrawal", "POST /v1/stock/{sku}/adjustments", "POST /v1/stock/{sku}/allocations",
        "POST /v1/stock/{sku}/allocations/{orderId}/picks", "POST /v1/stock/{sku}/allocations/{orderId}/release",
        "POST /v1/stock/{sku}/allocations/{orderId}/shipments", "POST /v1/stock/{sku}/counts", "POST /v1/stock/{sku}/holds",
        "POST /v1/stock/{sku}/holds/{holdId}/release", "POST /v1/stock/{sku}/receipts", "POST /v1/tax-tables", "PUT /v1/carts/{id}/address",
        "PUT /v1/carts/{id}/coupons", "PUT /v1/carts/{id}/customer", "PUT /v1/carts/{id}/delivery", "PUT /v1/carts/{id}/lines/{sku}",
        "PUT /v1/carts/{id}/lines/{sku}/saved", "PUT /v1/carts/{id}/note", "PUT /v1/carts/{id}/payment", "PUT /v1/customers/{id}/wishes/{sku}",
        "PUT /v1/price-lists/{priceListId}", "PUT /v1/price-lists/{priceListId}/prices", "PUT /v1/products/{sku}/channels",
        "PUT /v1/products/{sku}/details", "PUT /v1/products/{sku}/options", "PUT /v1/products/{sku}/price", "PUT /v1/promotions/{promotionId}",
        "PUT /v1/stock/{sku}/deliveries", "PUT /v1/stock/{sku}/shares", "PUT /v1/stock/{sku}/terms", "PUT /v1/tax-tables/{region}",
    ];

    [Fact]
    public async Task Every_route_is_in_the_document() =>
        (await ReadAsync()).Select(operation => operation.Route).Order(StringComparer.Ordinal).ShouldBe(Routes);

    [Fact]
    public async Task Every_operation_says_what_it_is_and_how_it_refuses()
    {
        foreach (var (route, operation) in await ReadAsync())
        {
            ((string?)operation["summary"]).ShouldNotBeNullOrEmpty(route);
            var responses = operation["responses"]!.AsObject();
            responses.ShouldContain(response => response.Key.StartsWith('2'), route);
            foreach (var (status, response) in responses.Where(response => response.Key[0] is '4' or '5'))
            {
                response!["content"]!["application/problem+json"]!["schema"].ShouldNotBeNull($"{route} {status}");
                ((string?)response["description"]).ShouldNotBeNullOrEmpty();
            }

            if (IsImport(route)) continue;
            var expected = route.StartsWith("GET", StringComparison.Ordinal) ? new[] { "400", "503" } : ["400", "409", "413", "415", "422", "503"];
            expected.ShouldBeSubsetOf(responses.Select(response => response.Key), route);
            if (route.Contains('{', StringComparison.Ordinal)) responses.ContainsKey("404").ShouldBeTrue(route);
        }
    }

    [Fact]
    public async Task Every_operation_lists_its_headers()
    {
        foreach (var (route, operation) in await ReadAsync())
        {
            if (IsImport(route)) continue;
            var headers = operation["parameters"]!.AsArray().Where(parameter => (string?)parameter!["in"] == "header").Select(parameter => (string?)parameter!["name"]).ToList();
            var success = operation["responses"]!.AsObject().First(response => response.Key.StartsWith('2')).Value!;
            success["headers"]!.AsObject().ContainsKey("Event-Position").ShouldBeTrue(route);
            if (route.StartsWith("GET", StringComparison.Ordinal)) headers.ShouldContain("Consistent-After", route);
            else success["headers"]!.AsObject().ContainsKey("ETag").ShouldBeTrue(route);
            if (route.StartsWith("POST", StringComparison.Ordinal)) headers.ShouldContain("Idempotency-Key", route);
        }
    }

    [Fact]
    public async Task Bodies_have_schemas_whose_properties_are_described()
    {
        var document = (await api.Client.GetAsync("/openapi/v1.json")).Json;
        var order = document["components"]!["schemas"]!["NewOrder"]!;

        order["required"]!.AsArray().Select(name => (string?)name).ShouldBe(["country", "lines"], ignoreOrder: true);
        ((string?)order["properties"]!["location"]!["description"]).ShouldNotBeNullOrEmpty();
    }

    /// <summary>An import is no one command: each of its rows is.</summary>
    private static bool IsImport(string route) => route.EndsWith("/imports", StringComparison.Ordinal);

    private Task<List<(string Route, JsonNode Operation)>> ReadAsync() => OpenApiRoutes.ReadAsync(api.Client);
}
