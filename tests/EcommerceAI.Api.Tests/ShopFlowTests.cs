namespace EcommerceAI.Api.Tests;

public sealed class ShopFlowTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_product_shows_its_prices_as_soon_as_they_are_set()
    {
        var (sku, created) = await Client.CreateProductAsync(3.25m, "Jam jar");
        created.Headers.Location!.OriginalString.ShouldBe($"/v1/products/{sku}");
        created.ETag.ShouldBe("\"1\"");

        var changed = (await Client.PutAsync($"/v1/products/{sku}/price", new { amount = 2.95, currency = "GBP" })).ShouldBe(HttpStatusCode.OK);
        changed.ETag.ShouldBe("\"2\"");
        var page = (await Client.GetAfterAsync($"/v1/products/{sku.ToLowerInvariant()}", changed)).ShouldBe(HttpStatusCode.OK);

        ((string?)page.Json["product"]!["title"]).ShouldBe("Jam jar");
        ((decimal?)page.Json["product"]!["price"]!["amount"]).ShouldBe(2.95m);
        page.Json["product"]!["priceHistory"]!.AsArray().Select(point => (decimal)point!["price"]!["amount"]!).ShouldBe([2.95m, 3.25m]);
        page.Position.ShouldBeGreaterThanOrEqualTo(changed.Position);
    }

    [Fact]
    public async Task A_price_that_already_stands_changes_nothing_and_has_no_position()
    {
        var (sku, _) = await Client.CreateProductAsync(2.5m);
        var before = await api.ReadEndOfLogAsync();

        var reply = (await Client.PutAsync($"/v1/products/{sku}/price", new { amount = 2.5, currency = "GBP" })).ShouldBe(HttpStatusCode.OK);

        reply.ETag.ShouldBe("\"1\"");
        reply.Headers.Contains("Event-Position").ShouldBeFalse();
        (await api.ReadEndOfLogAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_order_takes_its_goods_from_stock_and_a_return_and_a_cancellation_put_them_back()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(10, price: 1.335m);
        var customer = await RegisterAsync();
        var placed = await PlaceAsync(customer, sku, 4);
        placed.ETag.ShouldBe("\"1\"");
        ((long?)placed.Json["total"]!["minor"]).ShouldBe(534);
        (await OnHandAsync(sku, placed)).ShouldBe(6);

        var path = placed.Headers.Location!.OriginalString;
        var returned = await Client.PostAsync($"{path}/returns", new { lines = new[] { new { sku, quantity = 1 } }, reason = "chipped" });
        returned.ShouldBe(HttpStatusCode.Created).ETag.ShouldBe("\"2\"");
        ((long?)returned.Json["refund"]!["minor"]).ShouldBe(134);
        (await OnHandAsync(sku, returned)).ShouldBe(7);
        var order = (await Client.GetAfterAsync(path, returned)).ShouldBe(HttpStatusCode.OK);
        order.ETag.ShouldBe("\"2\"");
        ((string?)order.Json["summary"]!["state"]).ShouldBe("partlyReturned");
        (await Client.PostAsync($"{path}/cancellation", new { })).ShouldBeProblem(HttpStatusCode.Conflict, "order_has_returns");

        var second = await PlaceAsync(customer, sku, 7);
        var cancelled = (await Client.PostAsync($"{second.Headers.Location!.OriginalString}/cancellation", new { reason = "changed mind" })).ShouldBe(HttpStatusCode.OK);
        (await OnHandAsync(sku, cancelled)).ShouldBe(7);
        var history = await Client.GetAfterAsync($"/v1/customers/{customer}/orders", cancelled);
        history.Json["items"]!.AsArray().Select(item => (string?)item!["state"]).ShouldBe(["cancelled", "partlyReturned"]);
    }

    [Fact]
    public async Task A_customers_profile_is_read_back_under_the_id_that_the_server_made()
    {
        var reply = await Client.PostAsync("/v1/customers", new { country = "France", name = "Zoë 😀", email = "zoe@example.org" });
        var id = (string)reply.ShouldBe(HttpStatusCode.Created).Json["customerId"]!;

        Guid.Parse(id).Version.ShouldBe(7);
        var profile = (await Client.GetAfterAsync($"/v1/customers/{id}", reply)).ShouldBe(HttpStatusCode.OK);
        ((string?)profile.Json["name"]).ShouldBe("Zoë 😀");
    }

    [Fact]
    public async Task Stock_is_received_corrected_and_counted_by_location()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(10);
        (await Client.PostAsync($"/v1/stock/{sku}/receipts", new { location = "shop-1", quantity = 3 })).ShouldBe(HttpStatusCode.OK);
        (await Client.PostAsync($"/v1/stock/{sku}/adjustments", new { location = "warehouse", quantity = -4, reason = "damaged" })).ShouldBe(HttpStatusCode.OK);
        (await Client.PostAsync($"/v1/stock/{sku}/adjustments", new { location = "warehouse", quantity = -7, reason = "lost" }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock");
        var counted = (await Client.PostAsync($"/v1/stock/{sku}/counts", new { location = "warehouse", quantity = 5 })).ShouldBe(HttpStatusCode.OK);
        ((long?)counted.Json["onHand"]).ShouldBe(5);

        var stock = await Client.GetAfterAsync($"/v1/stock/{sku}", counted);
        ((long?)stock.Json["onHand"]).ShouldBe(8);
        stock.Json["locations"]!.AsArray().Select(level => $"{level!["location"]} {level["onHand"]}").ShouldBe(["shop-1 3", "warehouse 5"]);
        var shop = await Client.GetAfterAsync("/v1/stores/shop-1/stock", counted);
        shop.Json["items"]!.AsArray().ShouldContain(level => (string?)level!["sku"] == sku);
    }

    [Fact]
    public async Task Sales_are_summed_by_day_and_country()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(10, price: 5m);
        var placed = await Client.PostAsync("/v1/orders", new { country = "Norway", lines = new[] { new { sku, quantity = 2 } } });

        var sales = await Client.GetAfterAsync("/v1/sales?by=country&country=Norway", placed);

        ((decimal?)sales.ShouldBe(HttpStatusCode.OK).Json["items"]![0]!["placed"]!["revenue"]).ShouldBe(10m);
    }

    [Fact]
    public async Task A_new_product_is_found_by_search_after_its_position()
    {
        var (sku, created) = await Client.CreateProductAsync(title: "Zeppelin lantern");

        var found = (await Client.GetAfterAsync("/v1/search?q=zeppelin&limit=5", created)).ShouldBe(HttpStatusCode.OK);

        ((string?)found.Json["items"]![0]!["sku"]).ShouldBe(sku);
        ((int?)found.Json["items"]![0]!["text"]!["rank"]).ShouldBe(1);
    }

    [Fact]
    public async Task A_page_that_the_client_has_is_not_sent_again_until_anything_on_it_changes()
    {
        var (sku, created) = await Client.CreateProductAsync();
        var page = await Client.GetAfterAsync($"/v1/products/{sku}", created);
        (await Client.GetAsync($"/v1/products/{sku}", ("If-None-Match", page.ETag!))).ShouldBe(HttpStatusCode.NotModified).Body.ShouldBeEmpty();

        var received = await Client.PostAsync($"/v1/stock/{sku}/receipts", new { location = "warehouse", quantity = 1 });

        (await Client.GetAsync($"/v1/products/{sku}", ("If-None-Match", page.ETag!), ("Consistent-After", ApiClient.Text(received.Position)))).ShouldBe(HttpStatusCode.OK);
        (await Client.PutAsync($"/v1/products/{sku}/price", new { amount = 9, currency = "GBP" }, ("If-Match", page.ETag!))).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_query_says_so_when_its_read_model_has_not_come_as_far_as_asked()
    {
        foreach (var path in new[] { "/v1/products", "/v1/search?q=tea", "/v1/sales" })
        {
            var behind = await Client.GetAsync(path, ("Consistent-After", "999999999"));
            behind.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "projection_behind").Headers.RetryAfter.ShouldNotBeNull();
            (await Client.GetAsync(path, ("Consistent-After", "-1"))).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_consistent_after");
        }
    }

    [Fact]
    public async Task An_order_names_every_line_that_cannot_be_sold()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(1);
        var before = await api.ReadEndOfLogAsync();

        var reply = await Client.PostAsync("/v1/orders", new
        {
            country = "United Kingdom",
            customerId = "nobody",
            lines = new[] { new { sku = "NO-SUCH", quantity = 1 }, new { sku, quantity = 1 }, new { sku = "NOR-THIS", quantity = 1 } },
        });

        reply.ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");
        reply.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["customerId", "lines[0].sku", "lines[2].sku"]);
        (await api.ReadEndOfLogAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Events_carry_the_trace_of_the_request_they_came_from()
    {
        var sku = ApiClient.NewSku();
        const string Trace = "0af7651916cd43dd8448eb211c80319c";

        await Client.PostAsync(
            "/v1/products", new { sku, title = "Traced", price = new { amount = 1, currency = "GBP" } }, ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));

        (await api.QueryAsync<string>($"select correlation_id from events.mt_events where stream_id = 'product-{sku}'")).ShouldBe(Trace);
    }

    private async Task<string> RegisterAsync()
    {
        var reply = await Client.PostAsync("/v1/customers", new { country = "United Kingdom" });
        return (string)reply.ShouldBe(HttpStatusCode.Created).Json["customerId"]!;
    }

    private async Task<Reply> PlaceAsync(string customerId, string sku, int quantity)
    {
        var reply = await Client.PostAsync("/v1/orders", new { customerId, country = "United Kingdom", lines = new[] { new { sku, quantity } } });
        return reply.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<long?> OnHandAsync(string sku, Reply after) => (long?)(await Client.GetAfterAsync($"/v1/stock/{sku}", after)).Json["onHand"];
}
