namespace EcommerceAI.Api.Tests.FlashSales;

public sealed class FlashSaleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_drop_sets_its_units_apart_and_what_is_bought_becomes_the_orders()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(10);
        await ScheduleAsync("shared", sku, 6);
        (await Client.PostAsync($"/v1/stock/{sku}/allocations", new { location = "warehouse", orderId = "o1", quantity = 5 }))
            .ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock");
        (await ScheduleAsync("more", sku, 5, HttpStatusCode.Conflict)).Code.ShouldBe("insufficient_stock");

        var held = (await ReserveAsync("shared", "r1", "ada", 2)).ShouldBe(HttpStatusCode.Created);
        ((string?)held.Json["status"], (long?)held.Json["ticket"]).ShouldBe(("held", 1));
        (await ReserveAsync("shared", "r1", "ada", 2)).ShouldBe(HttpStatusCode.Created).Body.ShouldBe(held.Body);
        (await ReserveAsync("shared", "r2", "ada", 1)).ShouldBeProblem(HttpStatusCode.Conflict, "limit_per_customer");

        var bought = (await Client.PostAsync("/v1/flash-sales/shared/reservations/r1/purchase", new { orderId = "o2" })).ShouldBe(HttpStatusCode.OK);
        ((string?)bought.Json["status"], (string?)bought.Json["orderId"]).ShouldBe(("sold", "o2"));
        var stock = (await Client.GetAfterAsync($"/v1/stock/{sku}", bought)).ShouldBe(HttpStatusCode.OK).Json["locations"]![0]!;
        ((long?)stock["allocated"], (long?)stock["setAside"], (long?)stock["available"]).ShouldBe((2, 4, 4));
        var drop = (await Client.GetAfterAsync("/v1/flash-sales/shared", bought)).ShouldBe(HttpStatusCode.OK).Json;
        ((long?)drop["taken"], (long?)drop["sold"], (long?)drop["left"]).ShouldBe((2, 2, 4));
        var reservation = (await Client.GetAfterAsync("/v1/flash-sales/shared/reservations/r1", bought)).ShouldBe(HttpStatusCode.OK).Json;
        ((string?)reservation["status"], (long?)reservation["ticket"], (string?)reservation["orderId"]).ShouldBe(("sold", 1, "o2"));
    }

    [Fact]
    public async Task A_reservation_given_back_goes_to_somebody_else()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(1);
        await ScheduleAsync("single", sku, 1);
        (await ReserveAsync("single", "r1", "ada")).ShouldBe(HttpStatusCode.Created);
        (await ReserveAsync("single", "r2", "bob")).ShouldBeProblem(HttpStatusCode.Conflict, "sold_out");
        var back = (await Client.PostAsync("/v1/flash-sales/single/reservations/r1/release", new { })).ShouldBe(HttpStatusCode.OK);
        ((string?)back.Json["status"]).ShouldBe("released");
        (await ReserveAsync("single", "r2", "bob")).ShouldBe(HttpStatusCode.Created);
        (await ReserveAsync("none", "r2", "bob")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown_drop");
        (await ReserveAsync("No-Slug", "r2", "bob")).ShouldBeProblem(HttpStatusCode.NotFound, "unknown_drop");
    }

    [Fact]
    public async Task One_timer_gives_what_was_not_bought_to_who_waits_and_closes_the_drop_at_its_end()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(3);
        var now = DateTimeOffset.UtcNow;
        await ScheduleAsync("short", sku, 1, ends: now.AddSeconds(10), holdSeconds: 3, queueLimit: 5);
        ((string?)(await ReserveAsync("short", "r1", "ada", wait: true)).ShouldBe(HttpStatusCode.Created).Json["status"]).ShouldBe("held");
        ((string?)(await ReserveAsync("short", "r2", "bob", wait: true)).ShouldBe(HttpStatusCode.Created).Json["status"]).ShouldBe("queued");

        await UntilAsync("/v1/flash-sales/short/reservations/r2", json => (string?)json["status"] == "held");
        (await api.QueryAsync<long>("select count(*) from bookkeeping.timers where key like 'drop-short%'")).ShouldBe(1);
        await UntilAsync("/v1/flash-sales/short", json => (bool?)json["isClosed"] == true);
        await UntilAsync($"/v1/stock/{sku}", json => (long?)json["available"] == 3);
        (await ReserveAsync("short", "r3", "cy")).ShouldBeProblem(HttpStatusCode.Conflict, "drop_ended");
        await UntilNoTimerAsync("drop-short");
    }

    private Task<Reply> ReserveAsync(string drop, string reservationId, string customerId, int quantity = 1, bool wait = false) =>
        Client.PostAsync($"/v1/flash-sales/{drop}/reservations", new { reservationId, customerId, quantity, wait });

    private async Task<Reply> ScheduleAsync(
        string dropId, string sku, int quantity, HttpStatusCode status = HttpStatusCode.Created, DateTimeOffset? ends = null, int holdSeconds = 600, int queueLimit = 0)
    {
        var now = DateTimeOffset.UtcNow;
        return (await Client.PostAsync("/v1/flash-sales", new
        {
            dropId,
            sku,
            location = "warehouse",
            quantity,
            startsAt = now.AddMinutes(-1),
            endsAt = ends ?? now.AddHours(1),
            limitPerCustomer = 2,
            holdSeconds,
            queueLimit,
        })).ShouldBe(status);
    }

    private Task UntilAsync(string path, Func<System.Text.Json.Nodes.JsonNode, bool> isSo) => Eventually.TrueAsync(
        path, async () => await Client.GetAsync(path) is { Status: HttpStatusCode.OK } reply && isSo(reply.Json));

    private Task UntilNoTimerAsync(string key) => Eventually.TrueAsync(
        key, async () => await api.QueryAsync<long>($"select count(*) from bookkeeping.timers where key like '{key}%'") == 0);
}
