namespace EcommerceAI.Api.Tests;

public sealed class ConcurrencyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task Fifty_buyers_of_twenty_units_get_exactly_twenty()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(20);

        var replies = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => BuyAsync(sku)));

        replies.Count(reply => reply.Status == HttpStatusCode.Created).ShouldBe(20);
        foreach (var refused in replies.Where(reply => reply.Status != HttpStatusCode.Created))
            refused.ShouldBeProblem(HttpStatusCode.Conflict, "insufficient_stock");
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where type = 'stock_issued' and stream_id = 'stock-{sku}@warehouse'")).ShouldBe(20);
        (await api.QueryAsync<long>($"select count(*) from events.mt_events where type = 'order_placed' and data -> 'lines' -> 0 ->> 'sku' = '{sku}'")).ShouldBe(20);
    }

    [Fact]
    public async Task Of_ten_who_change_the_version_they_saw_one_wins()
    {
        var (sku, created) = await Client.CreateProductAsync();

        var replies = await Task.WhenAll(Enumerable.Range(1, 10).Select(amount =>
            Client.PutAsync($"/v1/products/{sku}/price", new { amount, currency = "EUR" }, ("If-Match", created.ETag!))));

        replies.Count(reply => reply.Status == HttpStatusCode.OK).ShouldBe(1);
        foreach (var late in replies.Where(reply => reply.Status != HttpStatusCode.OK))
            late.ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version_mismatch").ETag.ShouldBe("\"2\"");
    }

    [Fact]
    public async Task If_match_takes_a_star_a_list_and_never_a_weak_tag()
    {
        var (sku, _) = await Client.CreateProductAsync();
        Task<Reply> Change(int amount, string tag) =>
            Client.PutAsync($"/v1/products/{sku}/price", new { amount, currency = "GBP" }, ("If-Match", tag));

        (await Change(11, "\"7\", \"1\"")).ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"2\"");
        (await Change(12, "*")).ShouldBe(HttpStatusCode.OK).ETag.ShouldBe("\"3\"");
        (await Change(13, "W/\"3\"")).ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await Change(13, "\"of another server\"")).ShouldBeProblem(HttpStatusCode.PreconditionFailed, "version_mismatch");
        (await Change(13, "3")).ShouldBeProblem(HttpStatusCode.BadRequest, "invalid_entity_tag");
        (await Client.PutAsync("/v1/products/NO-SUCH/price", new { amount = 1, currency = "GBP" }, ("If-Match", "\"3\"")))
            .ShouldBeProblem(HttpStatusCode.NotFound, "unknown_product");
    }

    /// <summary>A buyer who is told to come back in a moment comes back.</summary>
    private async Task<Reply> BuyAsync(string sku)
    {
        while (true)
        {
            var reply = await Client.OrderAsync(sku, 1);
            if (reply.Status != HttpStatusCode.ServiceUnavailable) return reply;
            reply.ShouldBeProblem(HttpStatusCode.ServiceUnavailable, "contended");
        }
    }
}
