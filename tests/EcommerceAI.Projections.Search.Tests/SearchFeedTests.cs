using System.Diagnostics;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Store;
using Xunit.Abstractions;

namespace EcommerceAI.Projections.Search.Tests;

public sealed class SearchFeedTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_new_product_is_found_within_two_seconds_of_its_event()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Catalogue.EventNames);
        await shop.AppendAsync(Catalogue.History(1, 500));
        await using var search = await RunningSearch.StartAsync(shop);

        for (var i = 0; i < 5; i++)
        {
            var (sku, word) = ($"NEW{i}", $"ZANZIBAR{i}");
            var appended = Stopwatch.GetTimestamp();
            await shop.Store.AppendAsync(Product.StreamKey(sku), ExpectedVersion.NoStream, [Catalogue.Created(sku, $"{word} LANTERN")]);
            await Wait.UntilAsync(async () => (await search.SearchAsync(word)).Hits.Any(hit => hit.Id == sku && hit.Text is not null), word);
            var elapsed = Stopwatch.GetElapsedTime(appended);
            output.WriteLine($"{sku} was found after {elapsed.TotalMilliseconds:F0} ms");
            elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task Both_legs_answer_and_each_hit_says_its_rank_in_each()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Catalogue.EventNames);
        await shop.AppendAsync(Catalogue.History(2, 400));
        await using var search = await RunningSearch.StartAsync(shop);

        var page = await search.SearchAsync("red teacup");
        page.Degraded.ShouldBeEmpty();
        page.Hits[0].Text.ShouldNotBeNull().Rank.ShouldBe(1);
        page.Hits.ShouldContain(hit => hit.Text != null && hit.Vector != null);
        page.Hits.ShouldAllBe(hit => hit.Text != null || hit.Vector != null);
        (await search.SearchAsync("P17")).Hits[0].Id.ShouldBe("P17");
    }

    [Fact]
    public async Task An_empty_catalogue_is_ready_and_fills_with_its_first_product()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Catalogue.EventNames);
        await using var search = await RunningSearch.StartAsync(shop);
        (await search.SearchAsync("teacup")).Total.ShouldBe(0);

        await shop.Store.AppendAsync(Product.StreamKey("A"), ExpectedVersion.NoStream, [Catalogue.Created("A", "RED TEACUP")]);
        await Wait.UntilAsync(async () => (await search.SearchAsync("teacup")).Total == 1, "the teacup");
    }

    [Fact]
    public async Task A_restarted_feed_is_filled_from_the_documents_and_goes_on()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Catalogue.EventNames);
        await shop.AppendAsync(Catalogue.History(3, 100));
        await using (var first = await RunningSearch.StartAsync(shop)) (await first.SearchAsync("P5")).Hits[0].Id.ShouldBe("P5");

        await shop.Store.AppendAsync(Product.StreamKey("LATE"), ExpectedVersion.NoStream, [Catalogue.Created("LATE", "ZANZIBAR")]);
        await using var second = await RunningSearch.StartAsync(shop);
        await UntilFoundAsync(second, "zanzibar", "LATE");
        (await second.SearchAsync("P5")).Hits[0].Id.ShouldBe("P5");
    }

    [Fact]
    public async Task A_feed_whose_connections_are_cut_goes_on_by_itself()
    {
        await using var shop = await ProjectedStore.OpenAsync(postgres, Catalogue.EventNames);
        await shop.AppendAsync(Catalogue.History(4, 50));
        await using var search = await RunningSearch.StartAsync(shop);
        await using (var cut = shop.Store.Source.CreateCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"))
            await cut.ExecuteNonQueryAsync();

        await shop.Store.AppendAsync(Product.StreamKey("AFTER"), ExpectedVersion.NoStream, [Catalogue.Created("AFTER", "ZANZIBAR")]);
        await UntilFoundAsync(search, "zanzibar", "AFTER");
    }

    private static Task UntilFoundAsync(RunningSearch search, string text, string sku) =>
        Wait.UntilAsync(async () => (await search.SearchAsync(text)).Hits.Any(hit => hit.Id == sku), text);
}
