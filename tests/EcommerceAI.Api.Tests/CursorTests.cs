namespace EcommerceAI.Api.Tests;

public sealed class CursorTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Theory]
    [InlineData("sku")]
    [InlineData("title")]
    [InlineData("newest")]
    public async Task A_walk_over_the_catalogue_meets_every_product_once_while_others_are_added(string order)
    {
        var known = new List<string>();
        Reply last = null!;
        for (var i = 0; i < 23; i++)
        {
            (var sku, last) = await Client.CreateProductAsync(title: $"Title {i % 5}");
            known.Add(sku);
        }

        var seen = new List<string>();
        var cursor = "";
        do
        {
            var page = (await Client.GetAfterAsync($"/v1/products?limit=5&order={order}{cursor}", last)).ShouldBe(HttpStatusCode.OK);
            seen.AddRange(page.Json["items"]!.AsArray().Select(item => (string)item!["sku"]!));
            (_, last) = await Client.CreateProductAsync(title: "Title 2");
            cursor = (string?)page.Json["nextCursor"] is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);

        seen.ShouldBeUnique();
        known.ShouldBeSubsetOf(seen);
    }

    [Theory]
    [InlineData("no-base64!")]
    [InlineData("bm90IGpzb24")]
    [InlineData("eyJ2IjoyfQ")]
    [InlineData("eyJ2IjoxLCJxIjoicHJvZHVjdHM_b3JkZXI9U2t1JmNhdGVnb3J5PSIsImsiOnsic2t1IjoiXHUwMDAwIn19")]
    public async Task A_cursor_that_nobody_gave_out_is_refused(string cursor) =>
        (await Client.GetAsync($"/v1/products?cursor={cursor}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_parameter")
            .Json["errors"]!["cursor"]![0]!["code"]!.GetValue<string>().ShouldBe("invalid_cursor");

    [Fact]
    public async Task A_cursor_of_other_filters_is_refused()
    {
        Reply last = null!;
        for (var i = 0; i < 3; i++) (_, last) = await Client.CreateProductAsync();
        var page = await Client.GetAfterAsync("/v1/products?limit=1", last);
        var cursor = (string)page.Json["nextCursor"]!;

        (await Client.GetAsync($"/v1/products?limit=1&cursor={cursor}")).ShouldBe(HttpStatusCode.OK);
        (await Client.GetAsync($"/v1/products?limit=1&order=title&cursor={cursor}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_parameter");
        (await Client.GetAsync($"/v1/stores/warehouse/stock?cursor={cursor}")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_parameter");
    }

    [Theory]
    [InlineData("/v1/products?limit=0")]
    [InlineData("/v1/products?limit=101")]
    [InlineData("/v1/products?limit=many")]
    [InlineData("/v1/products?order=price")]
    [InlineData("/v1/products?order=7")]
    [InlineData("/v1/products?category=%00")]
    [InlineData("/v1/sales?from=yesterday")]
    [InlineData("/v1/sales?from=2011-02-01&to=2011-01-01")]
    [InlineData("/v1/sales?by=hour")]
    [InlineData("/v1/search")]
    [InlineData("/v1/search?q=tea&limit=1000")]
    [InlineData("/v1/search?q=tea&cursor=x")]
    public async Task A_parameter_that_cannot_be_read_is_refused(string path)
    {
        var reply = (await Client.GetAsync(path)).ShouldBe(HttpStatusCode.BadRequest);
        reply.ContentType.ShouldBe("application/problem+json");
    }
}
