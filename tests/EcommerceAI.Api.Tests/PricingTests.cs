using EcommerceAI.Api.Security;
namespace EcommerceAI.Api.Tests;

public sealed class PricingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_quote_explains_a_price_from_price_list_promotion_and_tax()
    {
        var (sku, _) = await Client.CreateProductAsync(5m);
        var id = ApiClient.NewSku();
        (await Client.PostAsync("/v1/price-lists", new { priceListId = id, terms = new { name = "Trade", currency = "GBP", customerGroup = "trade" } }))
            .ShouldBe(HttpStatusCode.Created);
        (await Client.PutAsync($"/v1/price-lists/{id}/prices", new { prices = new[] { new { sku, amount = 4.0m } } })).ShouldBe(HttpStatusCode.OK);
        (await Client.PostAsync("/v1/promotions", TenOff(id, sku, coupon: $"C-{id}"))).ShouldBe(HttpStatusCode.Created);
        var taxed = await Client.PostAsync(
            "/v1/tax-tables", new { region = "GB", basis = "inclusive", rates = new[] { new { taxClass = "standard", name = "VAT", percent = 20 } } });

        var quote = (await Client.GetAfterAsync($"/v1/prices/quote?currency=GBP&region=GB-SCT&customerGroup=trade&line={sku}:3&coupon=c-{id}&coupon=NOPE", taxed))
            .ShouldBe(HttpStatusCode.OK);

        var line = quote.Json["lines"]![0]!;
        ((decimal)line["unitPrice"]!, (string?)line["source"]!["priceListId"]).ShouldBe((4m, id));
        ((long)quote.Json["gross"]!, (long)quote.Json["discount"]!, (long)quote.Json["tax"]!, (long)quote.Json["total"]!).ShouldBe((1200, 120, 180, 1080));
        ((string?)line["discounts"]![0]!["explanation"]).ShouldBe("Ten off: 10 % of 12.00 GBP is 1.20 GBP.");
        ((string?)line["tax"]!["explanation"]).ShouldBe("VAT 20 % in GB, contained in 10.80 GBP: 1.80 GBP.");
        ((string?)quote.Json["basis"]).ShouldBe("inclusive");
        quote.Json["coupons"]!.AsArray().ToDictionary(coupon => (string)coupon!["code"]!, coupon => (bool)coupon!["accepted"]!)
            .ShouldBe(new Dictionary<string, bool> { [$"C-{id}"] = true, ["NOPE"] = false }, ignoreOrder: true);
    }

    [Fact]
    public async Task Two_people_who_ask_at_one_moment_under_the_same_conditions_get_the_same_price()
    {
        var (sku, created) = await Client.CreateProductAsync(5m);
        var path = $"/v1/prices/quote?currency=GBP&region=GB&line={sku}:2";
        await Client.GetAfterAsync(path, created);
        ApiClient[] people = [api.As(Roles.Anonymous), api.As(Roles.Shopper, "kari"), api.As(Roles.Shopper, "ola"), api.As(Roles.Agent, "ola")];

        var quotes = await Task.WhenAll(people.Select((client, i) => client.GetAsync(
            path, ("User-Agent", $"device-{i}"), ("Cookie", $"session={i}"), ("X-Forwarded-For", $"10.0.0.{i}"))));

        quotes.Select(quote => quote.ShouldBe(HttpStatusCode.OK).Body).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_promotion_is_changed_and_withdrawn_at_once_for_the_next_quote()
    {
        var (sku, _) = await Client.CreateProductAsync(10m);
        var id = ApiClient.NewSku();
        var created = (await Client.PostAsync("/v1/promotions", TenOff(id, sku))).ShouldBe(HttpStatusCode.Created);
        created.Headers.Location!.OriginalString.ShouldBe($"/v1/promotions/{id}");
        (await DiscountAsync(sku, created)).ShouldBe(100);

        var changed = await Client.PutAsync(
            $"/v1/promotions/{id}", new { terms = new { name = "Three off", discount = new { amountOff = new { minor = 300, currency = "GBP" } }, scope = new { skus = new[] { sku } } } },
            ("If-Match", created.ETag!));
        (await DiscountAsync(sku, changed.ShouldBe(HttpStatusCode.OK))).ShouldBe(300);
        var view = (await Client.GetAfterAsync($"/v1/promotions/{id}", changed)).ShouldBe(HttpStatusCode.OK);
        view.ETag.ShouldBe("\"2\"");
        ((string?)view.Json["terms"]!["name"]).ShouldBe("Three off");

        var withdrawn = (await Client.PostAsync($"/v1/promotions/{id}/withdrawal", new { reason = "sold out" })).ShouldBe(HttpStatusCode.OK);
        (await DiscountAsync(sku, withdrawn)).ShouldBe(0);
        (await Client.PutAsync($"/v1/promotions/{id}", new { terms = new { name = "A", discount = new { percentOff = 1 } } }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "promotion_withdrawn");
    }

    [Fact]
    public async Task What_a_basket_has_no_price_for_is_named_line_by_line()
    {
        var (sku, created) = await Client.CreateProductAsync(5m);
        var reply = await Client.GetAfterAsync($"/v1/prices/quote?currency=EUR&region=GB&line={sku}&line=NO-SUCH:2&line={sku}:x", created);
        reply.ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_parameter");
        Errors(reply).ShouldBe(["lines[2].quantity: out_of_range"]);
        Errors(await Client.GetAsync($"/v1/prices/quote?currency=EUR&region=GB&line={sku}&line=NO-SUCH:2"))
            .ShouldBe(["lines[0].sku: no_price", "lines[1].sku: unknown_product"]);
        Errors(await Client.GetAsync("/v1/prices/quote")).ShouldBe(["currency: required", "region: required", "lines: out_of_range"]);
    }

    private static IEnumerable<string> Errors(Reply reply) =>
        reply.Json["errors"]!.AsObject().Select(error => $"{error.Key}: {(string?)error.Value![0]!["code"]}");

    private static object TenOff(string id, string sku, string? coupon = null) => new
    {
        promotionId = id,
        terms = new
        {
            name = "Ten off",
            discount = new { percentOff = 10 },
            scope = new { skus = new[] { sku } },
            conditions = new { couponCode = coupon },
        },
    };

    private async Task<long> DiscountAsync(string sku, Reply after) =>
        (long)(await Client.GetAfterAsync($"/v1/prices/quote?currency=GBP&region=GB&line={sku}", after)).ShouldBe(HttpStatusCode.OK).Json["discount"]!;
}
