using System.Text;

namespace EcommerceAI.Api.Tests;

public sealed class CatalogTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_product_page_shows_what_is_said_of_a_product_in_the_language_that_is_asked_for()
    {
        var (sku, _) = await Client.CreateProductAsync();
        var described = (await Client.PutAsync($"/v1/products/{sku}/details", new
        {
            title = "Heart",
            categories = new[] { "Hearts", "Gifts" },
            attributes = new[] { new { name = "Material", value = "Wood" } },
            media = new[] { new { url = "https://cdn.example.org/a.webp", contentType = "image/webp", alt = "A heart" } },
            texts = new[] { new { locale = "fr", title = "Cœur" } },
            taxClass = "reduced",
        })).ShouldBe(HttpStatusCode.OK);

        var page = (await Client.GetAfterAsync($"/v1/products/{sku}?locale=fr-CA", described)).ShouldBe(HttpStatusCode.OK).Json["product"]!;

        ((string?)page["title"], (string?)page["category"]).ShouldBe(("Cœur", "Hearts"));
        ((string?)page["details"]!["media"]![0]!["alt"], (string?)page["details"]!["attributes"]![0]!["value"]).ShouldBe(("A heart", "Wood"));
        ((string?)(await Client.GetAsync($"/v1/products/{sku}?locale=de")).Json["product"]!["title"]).ShouldBe("Heart");
        (await Client.GetAsync("/v1/products?category=Gifts&limit=100")).Json["items"]!.AsArray().Select(item => (string?)item!["sku"]).ShouldContain(sku);
    }

    [Fact]
    public async Task A_variant_is_a_product_of_its_own_with_the_price_of_its_product_unless_it_has_one()
    {
        var (sku, _) = await Client.CreateProductAsync(4m, "Shirt");
        await Client.PutAsync($"/v1/products/{sku}/options", new { options = new[] { new { name = "Size", values = new[] { "S", "L" } } } });
        var small = ApiClient.NewSku();
        var body = new { sku = small, choices = new[] { new { option = "Size", value = "S" } } };
        var added = (await Client.PostAsync($"/v1/products/{sku}/variants", body)).ShouldBe(HttpStatusCode.Created);
        added.Headers.Location!.OriginalString.ShouldBe($"/v1/products/{small}");

        var page = (await Client.GetAfterAsync($"/v1/products/{sku}", added)).Json["product"]!;
        ((string?)page["variants"]![0]!["sku"], (string?)page["variants"]![0]!["choices"]![0]!["value"]).ShouldBe((small, "S"));
        var variant = (await Client.GetAsync($"/v1/products/{small}")).ShouldBe(HttpStatusCode.OK).Json["product"]!;
        ((string?)variant["title"], (string?)variant["variantOf"], (decimal?)variant["price"]!["amount"]).ShouldBe(("Shirt, S", sku, 4m));
        (await Client.PostAsync($"/v1/products/{sku}/variants", new { sku = ApiClient.NewSku(), choices = new[] { new { option = "Size", value = "S" } } }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "choices_taken");
    }

    [Fact]
    public async Task A_product_is_seen_and_sold_only_in_its_channels()
    {
        var (sku, _) = await Client.CreateProductAsync(4m);
        var published = (await Client.PutAsync($"/v1/products/{sku}/channels", new { channels = new[] { "shop" } })).ShouldBe(HttpStatusCode.OK);

        (await Client.GetAfterAsync($"/v1/products/{sku}?channel=web", published)).ShouldBeProblem(HttpStatusCode.NotFound, "unknown_product");
        (await Client.GetAsync($"/v1/products/{sku}?channel=shop")).ShouldBe(HttpStatusCode.OK);
        (await Client.GetAfterAsync($"/v1/prices/quote?currency=GBP&region=GB&channel=shop&line={sku}", published)).ShouldBe(HttpStatusCode.OK);
        var refused = await Client.GetAsync($"/v1/prices/quote?currency=GBP&region=GB&line={sku}");
        ((string?)refused.Json["errors"]!["lines[0].sku"]![0]!["code"]).ShouldBe("not_on_sale");
    }

    [Fact]
    public async Task An_import_names_every_bad_row_by_number_and_field_and_lands_the_others_once()
    {
        var skus = Enumerable.Range(0, 1_200).Select(_ => ApiClient.NewSku()).ToArray();
        var rows = skus.Select(sku => $$"""{"sku":"{{sku}}","title":"Row","price":{"amount":1.5,"currency":"GBP"},"categories":["Bulk"],"channels":["web"]}""").ToList();
        rows[3] = """{"sku":"a/b","title":"","price":{"amount":-1,"currency":"GBP"}}""";
        rows[700] = """{"sku":"X","tilte":"Row"}""";
        rows[701] = "{not json";
        rows.Insert(0, "");

        var first = (await ImportAsync(string.Join("\r\n", rows))).ShouldBe(HttpStatusCode.OK);

        Summary(first).ShouldBe((1_200, 1_197, 0, 3));
        first.Json["errors"]!.AsArray().Select(error => $"{(int)error!["row"]!} {(string?)error["field"]} {(string?)error["code"]}").ShouldBe(
        [
            "5 sku malformed", "5 title required", "5 price.amount out_of_range", "702 tilte unknown_property", "702 title required", "703  malformed_json",
        ]);
        (await Client.GetAfterAsync($"/v1/products/{skus[1_199]}", first)).ShouldBe(HttpStatusCode.OK);
        (await Client.GetAsync($"/v1/products/{skus[3]}")).ShouldBe(HttpStatusCode.NotFound);
        var end = await api.ReadEndOfLogAsync();
        Summary(await ImportAsync(string.Join('\n', rows))).ShouldBe((1_200, 0, 1_197, 3));
        (await api.ReadEndOfLogAsync()).ShouldBe(end);
    }

    [Fact]
    public async Task Of_two_rows_of_one_product_the_later_one_stands()
    {
        var sku = ApiClient.NewSku();
        var reply = await ImportAsync($$"""{"sku":"{{sku}}","title":"One"}""" + "\n" + $$"""{"sku":" {{sku.ToLowerInvariant()}}","title":"Two"}""");
        Summary(reply).ShouldBe((2, 2, 0, 0));
        ((string?)(await Client.GetAfterAsync($"/v1/products/{sku}", reply)).Json["product"]!["title"]).ShouldBe("Two");
    }

    [Fact]
    public async Task An_import_of_another_type_is_refused()
    {
        var reply = await Client.SendAsync(HttpMethod.Post, "/v1/products/imports", ApiClient.Json("{}"));
        reply.ShouldBeProblem(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    private static (int Rows, int Changed, int Unchanged, int Failed) Summary(Reply reply) =>
        ((int)reply.Json["rows"]!, (int)reply.Json["changed"]!, (int)reply.Json["unchanged"]!, (int)reply.Json["failed"]!);

    private Task<Reply> ImportAsync(string rows) =>
        Client.SendAsync(HttpMethod.Post, "/v1/products/imports", new StringContent(rows, Encoding.UTF8, "application/x-ndjson"));
}
