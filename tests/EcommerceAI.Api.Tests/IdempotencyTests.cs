namespace EcommerceAI.Api.Tests;

public sealed class IdempotencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task The_same_key_and_body_get_the_first_answer_to_the_letter_also_after_a_restart()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        var first = (await Client.OrderAsync(sku, 2, ("Idempotency-Key", "order-once"))).ShouldBe(HttpStatusCode.Created);
        first.IsReplay.ShouldBeFalse();
        var end = await api.ReadEndOfLogAsync();

        var again = await Client.OrderAsync(sku, 2, ("Idempotency-Key", "order-once"));
        await api.RestartAsync();
        var later = await Client.OrderAsync(sku, 2, ("Idempotency-Key", "order-once"));

        foreach (var reply in new[] { again, later })
        {
            reply.ShouldBe(HttpStatusCode.Created).Body.ShouldBe(first.Body);
            reply.IsReplay.ShouldBeTrue();
            (reply.Headers.Location, reply.ETag, reply.Position).ShouldBe((first.Headers.Location, first.ETag, first.Position));
        }

        (await api.ReadEndOfLogAsync()).ShouldBe(end);
    }

    [Fact]
    public async Task A_refusal_is_remembered_too()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(1);
        var first = await Client.OrderAsync(sku, 2, ("Idempotency-Key", "too-many"));
        first.ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock");
        await Client.PostAsync($"/v1/stock/{sku}/receipts", new { location = "warehouse", quantity = 10 });

        var again = await Client.OrderAsync(sku, 2, ("Idempotency-Key", "too-many"));

        again.ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock").IsReplay.ShouldBeTrue();
        ((string?)again.Json["detail"]).ShouldBe((string?)first.Json["detail"]);
        again.Json["errors"]!.ToJsonString().ShouldBe(first.Json["errors"]!.ToJsonString());
    }

    [Fact]
    public async Task A_key_does_not_stand_for_another_body_path_or_method()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(5);
        (await Client.OrderAsync(sku, 1, ("Idempotency-Key", "mine"))).ShouldBe(HttpStatusCode.Created);

        (await Client.OrderAsync(sku, 2, ("Idempotency-Key", "mine"))).ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
        (await Client.PostAsync("/v1/customers", new { country = "Norway" }, ("Idempotency-Key", "mine")))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_body_that_was_refused_for_its_fields_leaves_the_key_free_for_the_mended_one()
    {
        (await Client.PostAsync("/v1/customers", new { country = "" }, ("Idempotency-Key", "mended")))
            .ShouldBeProblem(HttpStatusCode.UnprocessableEntity, "invalid_fields");

        (await Client.PostAsync("/v1/customers", new { country = "Norway" }, ("Idempotency-Key", "mended"))).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Twenty_requests_at_once_under_one_key_are_carried_out_once()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(100);

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Client.OrderAsync(sku, 3, ("Idempotency-Key", "at-once"))));

        var accepted = replies.Where(reply => reply.Status == HttpStatusCode.Created).ToList();
        accepted.ShouldNotBeEmpty();
        accepted.Select(reply => reply.Body).Distinct().Count().ShouldBe(1);
        foreach (var other in replies.Except(accepted)) other.ShouldBeProblem(HttpStatusCode.Conflict, "idempotency_key_in_flight");
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where type = 'stock_issued' and stream_id = 'stock-{sku}@warehouse'")).ShouldBe(1);
    }
}
