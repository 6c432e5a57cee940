using System.Text;

namespace EcommerceAI.Api.Tests;

public sealed class ProblemTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_body_names_all_its_failing_fields_at_once()
    {
        var reply = await Client.PostAsync(
            "/v1/orders", """{"country":null,"lines":[{"sku":"A","quantity":"2"},{"sku":7,"colour":"red"},null],"surprise":true}""");

        reply.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_body");
        reply.Json["errors"]!.AsObject().ToDictionary(error => error.Key, error => (string?)error.Value![0]!["code"]).ShouldBe(
            new Dictionary<string, string?>
            {
                ["country"] = "required",
                ["lines[0].quantity"] = "wrong_type",
                ["lines[1].sku"] = "wrong_type",
                ["lines[1].colour"] = "unknown_property",
                ["lines[1].quantity"] = "required",
                ["lines[2]"] = "wrong_type",
                ["surprise"] = "unknown_property",
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task Fields_that_the_business_refuses_are_named_too()
    {
        var reply = await Client.PostAsync("/v1/products", new { sku = "!", title = "", price = new { amount = -1, currency = "pounds" } });

        reply.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");
        reply.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["sku", "title", "price.amount", "price.currency"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("GET", "/v1/nowhere", HttpStatusCode.NotFound, "no_such_route")]
    [InlineData("GET", "/", HttpStatusCode.NotFound, "no_such_route")]
    [InlineData("DELETE", "/v1/products", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("GET", "/v1/orders/no-such", HttpStatusCode.NotFound, "unknown_order")]
    [InlineData("GET", "/v1/customers/no-such", HttpStatusCode.NotFound, "unknown_customer")]
    [InlineData("GET", "/v1/customers/no-such/orders", HttpStatusCode.NotFound, "unknown_customer")]
    [InlineData("GET", "/v1/products/NO-SUCH", HttpStatusCode.NotFound, "unknown_product")]
    [InlineData("GET", "/v1/stock/NO-SUCH", HttpStatusCode.NotFound, "unknown_product")]
    [InlineData("GET", "/v1/stores/Not-A-Slug/stock", HttpStatusCode.NotFound, "unknown_location")]
    public async Task Whoever_refuses_says_it_in_problem_details(string method, string path, HttpStatusCode status, string code)
    {
        var reply = await Client.SendAsync(HttpMethod.Parse(method), path, null, ("Accept", "text/html"));

        reply.ShouldBeProblem(status, code);
        ((string?)reply.Json["traceId"]).ShouldNotBeNullOrEmpty();
        reply.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Another_type_of_body_is_415()
    {
        var xml = new StringContent("<order/>", Encoding.UTF8, "application/xml");

        (await Client.SendAsync(HttpMethod.Post, "/v1/orders", xml)).ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_413()
    {
        var large = ApiClient.Json($$"""{"country":"{{new string('x', 10_000_000)}}"}""");

        (await Client.SendAsync(HttpMethod.Post, "/v1/customers", large)).ShouldBeProblem(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }
}
