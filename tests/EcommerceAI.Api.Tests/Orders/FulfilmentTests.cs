namespace EcommerceAI.Api.Tests.Orders;

/// <summary>What becomes of confirmed orders where stock or money turn out not to be there.</summary>
public sealed class FulfilmentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task Goods_that_are_not_on_the_shelf_are_not_packed_and_nobodys_money_is_taken_for_them()
    {
        var (sku, order) = await OrderAsync(3);
        await CountAsync(sku, 1);

        (await Client.PostAsync($"/v1/orders/{order}/shipments", new { })).ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock");

        (await api.QueryAsync<long>($"select count(*) from events.mt_events where type = 'payment_capture_requested' and stream_id = 'payment-{order}'")).ShouldBe(0);
        (await Client.PostAsync($"/v1/orders/{order}/shipments", new { lines = new[] { new { sku, quantity = 1 } } })).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Units_are_taken_off_an_order_also_where_a_count_has_found_too_few_for_it()
    {
        var (sku, order) = await OrderAsync(3);
        await CountAsync(sku, 1);

        var changed = (await Client.PostAsync($"/v1/orders/{order}/changes", new { lines = new[] { new { sku, quantity = 1 } } })).ShouldBe(HttpStatusCode.OK);

        var level = (await Client.GetAfterAsync($"/v1/stock/{sku}", changed)).Json["locations"]![0]!;
        ((long)level["allocated"]!, (long)level["backordered"]!).ShouldBe((2, 0));
    }

    [Fact]
    public async Task Taking_off_the_rest_tells_what_the_rest_came_to()
    {
        var (sku, order) = await OrderAsync(3);
        (await Client.PostAsync($"/v1/orders/{order}/changes", new { lines = new[] { new { sku, quantity = 1 } } })).ShouldBe(HttpStatusCode.OK);

        var rest = await Client.PostAsync($"/v1/orders/{order}/changes", new { lines = new[] { new { sku, quantity = 2 } } });

        ((long)rest.ShouldBe(HttpStatusCode.OK).Json["amount"]!["minor"]!).ShouldBe(500 + 495);
    }

    [Fact]
    public async Task A_cart_whose_money_could_not_be_taken_can_be_ordered_again()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var cart = await Client.ReadyCartAsync(sku, 1, "tok_capture_fails", "wallet");
        ((string?)(await Client.OrderCartAsync(cart)).ShouldBe(HttpStatusCode.Created).Json["state"]).ShouldBe("cancelled");

        await Client.SayAsync(cart);

        ((string?)(await Client.OrderCartAsync(cart)).ShouldBe(HttpStatusCode.Created).Json["state"]).ShouldBe("confirmed");
    }

    [Fact]
    public async Task What_is_taken_out_of_the_channels_is_sold_to_nobody_any_more()
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var (full, empty) = (await Client.ReadyCartAsync(sku, 1), await Client.FillCartAsync(sku, 1));
        (await Client.PutAsync($"/v1/products/{sku}/channels", new { channels = new[] { "till" } })).ShouldBe(HttpStatusCode.OK);

        (await Client.PostAsync($"/v1/carts/{empty}/lines", new { sku, quantity = 1 })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");
        (await Client.OrderCartAsync(full)).ShouldBeProblem(HttpStatusCode.Conflict, "not_for_sale");

        (await Client.PostAsync($"/v1/products/{sku}/withdrawal", new { reason = "recalled" })).ShouldBe(HttpStatusCode.OK);
        (await Client.OrderAsync(sku, 1)).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");
        (await Client.PutAsync($"/v1/products/{sku}/channels", new { channels = new[] { "web" } })).ShouldBe(HttpStatusCode.OK);
        (await Client.OrderCartAsync(full)).ShouldBe(HttpStatusCode.Created);
    }

    private Task<Reply> CountAsync(string sku, int quantity) => Client.PostAsync($"/v1/stock/{sku}/counts", new { location = "warehouse", quantity });

    private async Task<(string Sku, string Order)> OrderAsync(int quantity)
    {
        await Client.OfferDeliveryAsync();
        var (sku, _) = await Client.CreateStockedProductAsync(quantity);
        var placed = await Client.OrderCartAsync(await Client.ReadyCartAsync(sku, quantity));
        return (sku, (string)placed.ShouldBe(HttpStatusCode.Created).Json["orderId"]!);
    }
}
