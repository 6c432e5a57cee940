using Npgsql;

namespace EcommerceAI.Api.Tests;

/// <summary>Pages that are kept are never older than what a client knows.</summary>
public sealed class ProductPageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private ApiClient Client => api.Client;

    [Fact]
    public async Task A_page_is_answered_without_its_tables_until_something_on_it_changes()
    {
        var (sku, created) = await Client.CreateProductAsync(2m);
        await Client.GetAfterAsync($"/v1/products/{sku}", created);
        await Eventually.TrueAsync("the page is kept", IsKeptAsync);
        var changed = await Client.PutAsync($"/v1/products/{sku}/price", new { amount = 3m, currency = "GBP" });
        await Eventually.TrueAsync("the new price is seen by who does not ask for it", async () => PriceOf(await Client.GetAsync($"/v1/products/{sku}")) == 3m);
        PriceOf(await Client.GetAfterAsync($"/v1/products/{sku}", changed)).ShouldBe(3m);

        // Whoever needs the tables waits for whoever locks them.
        async Task<bool> IsKeptAsync()
        {
            var schema = await api.QueryAsync<string>("select schema_name from bookkeeping.generations where projection = 'storefront_products' and state = 'live'");
            await using var connection = await api.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var command = new NpgsqlCommand($"lock table {schema}.product_pages in access exclusive mode", connection);
            await command.ExecuteNonQueryAsync();
            var asked = Client.GetAsync($"/v1/products/{sku}");
            var isKept = await Task.WhenAny(asked, Task.Delay(500)) == asked;
            await transaction.RollbackAsync();
            (await asked).ShouldBe(HttpStatusCode.OK);
            return isKept;
        }
    }

    [Fact]
    public async Task Stock_and_what_is_bought_together_are_seen_by_the_next_request_that_knows_of_them()
    {
        var (sku, _) = await Client.CreateStockedProductAsync(10);
        var (other, _) = await Client.CreateStockedProductAsync(10);
        await Client.GetAsync($"/v1/products/{sku}");
        var ordered = (await Client.PostAsync("/v1/orders", new { country = "Norway", lines = new[] { new { sku, quantity = 4 }, new { sku = other, quantity = 1 } } }))
            .ShouldBe(HttpStatusCode.Created);
        var page = (await Client.GetAfterAsync($"/v1/products/{sku}", ordered)).Json;
        ((long?)page["onHand"], (string?)page["product"]!["boughtTogether"]![0]!["sku"]).ShouldBe((6, other));

        var described = (await Client.PutAsync($"/v1/products/{other}/price", new { amount = 7.25m, currency = "GBP" })).ShouldBe(HttpStatusCode.OK);
        var shown = (await Client.GetAfterAsync($"/v1/products/{sku}", described)).Json["product"]!["boughtTogether"]![0]!;
        ((decimal?)shown["price"]!["amount"]).ShouldBe(7.25m);
    }

    [Fact]
    public async Task Readers_that_know_of_a_change_never_see_what_was_before_it()
    {
        var skus = new List<string>();
        for (var i = 0; i < 8; i++) skus.Add((await Client.CreateProductAsync(1m)).Sku);
        await Parallel.ForEachAsync(skus, async (sku, cancellation) =>
        {
            for (var round = 2; round < 40; round++)
            {
                var changed = (await Client.PutAsync($"/v1/products/{sku}/price", new { amount = round, currency = "GBP" })).ShouldBe(HttpStatusCode.OK);
                foreach (var seen in skus.Where(other => other != sku).Take(2)) (await Client.GetAsync($"/v1/products/{seen}")).ShouldBe(HttpStatusCode.OK);
                var reply = await Client.GetAfterAsync($"/v1/products/{sku}", changed);
                PriceOf(reply).ShouldBe(round);
                reply.Position.ShouldBeGreaterThanOrEqualTo(changed.Position);
            }
        });
    }

    private static decimal? PriceOf(Reply reply) => (decimal?)reply.ShouldBe(HttpStatusCode.OK).Json["product"]!["price"]!["amount"];
}
