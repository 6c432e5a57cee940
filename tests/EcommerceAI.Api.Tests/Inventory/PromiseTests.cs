namespace EcommerceAI.Api.Tests.Inventory;

public sealed class PromiseTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_hold_runs_out_by_its_durable_timer()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var held = (await HoldAsync(sku, "cart-1", 3, DateTimeOffset.UtcNow.AddSeconds(4))).ShouldBe(HttpStatusCode.OK);
        ((long?)held.Json["held"], (long?)held.Json["available"]).ShouldBe((3, 2));
        await UntilExpiredAsync(sku);
        await UntilAvailableAsync(sku, 5);
        await Eventually.TrueAsync("no timer", async () => await TimersAsync(sku) == 0);
    }

    [Fact]
    public async Task A_hold_that_fell_due_while_nothing_ran_runs_out_at_the_next_start()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        (await HoldAsync(sku, "cart-1", 3, DateTimeOffset.UtcNow.AddSeconds(5))).ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync("its timer", async () => await TimersAsync(sku) == 1);
        await api.StopAsync();
        await Eventually.TrueAsync("due", () => api.QueryAsync<bool>($"select due <= clock_timestamp() from bookkeeping.timers where key like 'hold-{sku}@%'"));
        await api.StartAsync();
        await UntilExpiredAsync(sku);
        await UntilAvailableAsync(sku, 5);
    }

    [Fact]
    public async Task A_hold_that_ends_before_its_time_leaves_no_timer()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        foreach (var hold in (string[])["cart-1", "cart-2"])
            (await HoldAsync(sku, hold, 1, DateTimeOffset.UtcNow.AddHours(1))).ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync("both timers", async () => await TimersAsync(sku) == 2);
        (await Client.PostAsync($"/v1/stock/{sku}/holds/cart-1/release", new { location = "warehouse", reason = "cart emptied" })).ShouldBe(HttpStatusCode.OK);
        (await Client.PostAsync($"/v1/stock/{sku}/allocations", new { location = "warehouse", orderId = "o1", quantity = 1, holdId = "cart-2" }))
            .ShouldBe(HttpStatusCode.OK);
        await Eventually.TrueAsync("no timer", async () => await TimersAsync(sku) == 0);
    }

    [Fact]
    public async Task Stock_is_allocated_picked_and_shipped_each_once()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var allocation = new { location = "warehouse", orderId = "o1", quantity = 3 };
        await Client.PostAsync($"/v1/stock/{sku}/allocations", allocation);
        var again = (await Client.PostAsync($"/v1/stock/{sku}/allocations", allocation)).ShouldBe(HttpStatusCode.OK);
        ((long?)again.Json["allocated"], (long?)again.Json["available"]).ShouldBe((3, 2));
        (await Client.PostAsync($"/v1/stock/{sku}/allocations/o1/picks", new { location = "warehouse", quantity = 3, reference = "p1" })).ShouldBe(HttpStatusCode.OK);
        await Client.PostAsync($"/v1/stock/{sku}/allocations/o1/shipments", new { location = "warehouse", quantity = 2, reference = "s1" });
        var shipped = (await Client.PostAsync($"/v1/stock/{sku}/allocations/o1/shipments", new { location = "warehouse", quantity = 2, reference = "s1" })).ShouldBe(HttpStatusCode.OK);
        ((long?)shipped.Json["onHand"], (long?)shipped.Json["allocated"]).ShouldBe((3, 1));
        var back = (await Client.PostAsync($"/v1/stock/{sku}/allocations/o1/release", new { location = "warehouse", reason = "cancelled" })).ShouldBe(HttpStatusCode.OK);
        ((long?)back.Json["onHand"], (long?)back.Json["allocated"], (long?)back.Json["available"]).ShouldBe((3, 0, 3));
    }

    [Fact]
    public async Task Terms_shares_and_deliveries_show_in_the_read_models()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(10);
        (await Client.PutAsync($"/v1/stock/{sku}/terms", new { location = "warehouse", safetyStock = 2, policy = "Backorder", limit = 5 })).ShouldBe(HttpStatusCode.OK);
        (await Client.PutAsync($"/v1/stock/{sku}/terms", new { location = "warehouse", policy = "Sometimes" })).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");
        (await Client.PutAsync($"/v1/stock/{sku}/shares", new { location = "warehouse", channel = "shop-1", quantity = 3 })).ShouldBe(HttpStatusCode.OK);
        (await Client.PutAsync($"/v1/stock/{sku}/deliveries", new { location = "warehouse", reference = "PO-9", quantity = 20 })).ShouldBe(HttpStatusCode.OK);
        var ordered = (await Client.PostAsync($"/v1/stock/{sku}/allocations", new { location = "warehouse", orderId = "o1", quantity = 8, backorder = true })).ShouldBe(HttpStatusCode.OK);
        var stock = (await Client.GetAfterAsync($"/v1/stock/{sku}", ordered)).ShouldBe(HttpStatusCode.OK).Json;
        ((long?)stock["onHand"], (long?)stock["available"]).ShouldBe((10, 0));
        var level = stock["locations"]![0]!;
        ((long?)level["allocated"], (long?)level["backordered"], (long?)level["incoming"], (long?)level["setAside"], (int?)level["safetyStock"])
            .ShouldBe((8, 3, 20, 3, 2));
    }

    private Task<Reply> HoldAsync(string sku, string holdId, int quantity, DateTimeOffset expiresAt) =>
        Client.PostAsync($"/v1/stock/{sku}/holds", new { location = "warehouse", holdId, quantity, expiresAt });

    /// <summary>The log says so: the read model alone might be one that has not heard of the hold yet.</summary>
    private Task UntilExpiredAsync(string sku) => Eventually.TrueAsync("the release", async () => await api.QueryAsync<long>(
        $"select count(*) from events.mt_events where type = 'stock_hold_released' and data ->> 'reason' = 'expired' and data ->> 'sku' = '{sku}'") == 1);

    private Task UntilAvailableAsync(string sku, long units) => Eventually.TrueAsync(
        $"{units} available", async () => (long?)(await Client.GetAsync($"/v1/stock/{sku}")).Json["available"] == units);

    private Task<long> TimersAsync(string sku) => api.QueryAsync<long>($"select count(*) from bookkeeping.timers where key like 'hold-{sku}@%'");
}
