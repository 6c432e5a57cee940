using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Projections.Search.Documents;
using Xunit.Abstractions;

namespace EcommerceAI.Projections.Search.Tests;

public sealed class SearchDocumentsTests(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private readonly SearchDocumentsProjection _projection = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Documents_are_the_same_however_events_are_cut_into_batches(int seed)
    {
        output.WriteLine($"seed {seed}");
        await using var shop = await OpenAsync();
        await shop.AppendAsync(Catalogue.History(seed, 300));
        var whole = await shop.ProjectApartAsync(_projection, 10_000);
        whole.Split('\n').Length.ShouldBe(300);
        (await shop.ProjectApartAsync(_projection, 1)).ShouldBe(whole);
        (await shop.ProjectApartAsync(_projection, 7)).ShouldBe(whole);
    }

    [Fact]
    public async Task A_document_carries_the_price_and_the_position_of_the_event_that_changed_it_last()
    {
        await using var shop = await OpenAsync();
        await shop.AppendAsync(
        [
            Catalogue.Happened(0, "A", Catalogue.Created("A", "RED TEACUP", null)),
            Catalogue.Happened(1, "B", Catalogue.Created("B", "BLUE TEACUP", 2m)),
            Catalogue.Happened(2, "A", Catalogue.Repriced("A", 3.5m)),
        ]);
        await shop.CatchUpAsync(_projection);

        var changed = (await ProductDocument.ListChangedAsync(shop.Models, 0)).Value;
        changed.Select(document => (document.Sku, document.Price, document.Position)).ShouldBe([("B", 2m, 2L), ("A", 3.5m, 3L)]);
        (await ProductDocument.ListChangedAsync(shop.Models, 2)).Value.Single().Sku.ShouldBe("A");

        var searched = changed[1].ToSearchDocument();
        (searched.Id, searched.Version, searched.Numbers[ProductDocument.PriceField]).ShouldBe(("A", 3L, 3.5));
    }

    [Fact]
    public async Task A_document_says_what_was_said_of_its_product_last()
    {
        await using var shop = await OpenAsync();
        await shop.AppendAsync(
        [
            Catalogue.Happened(0, "A", Catalogue.Created("A", "RED TEACUP", 2m)),
            Catalogue.Happened(1, "A", new ProductDescribed("A", "BLUE TEACUP", "Holds tea.", new ProductDetails { Categories = ["Cups", "Gifts"] })),
        ]);
        await shop.CatchUpAsync(_projection);

        (await ProductDocument.ListChangedAsync(shop.Models, 1)).Value.Single()
            .ShouldBe(new ProductDocument("A", 2, "BLUE TEACUP", "Holds tea.", "Cups", 2m, "GBP"));
    }

    [Fact]
    public async Task A_document_changed_behind_the_projections_back_is_found_by_verification_and_mended_by_a_rebuild()
    {
        await using var shop = await OpenAsync();
        await shop.AppendAsync(Catalogue.History(3, 50));
        await shop.CatchUpAsync(_projection);
        var verification = new ProjectionVerification(shop.Store);
        (await verification.RunAsync(_projection)).IsEqual.ShouldBeTrue();

        (await shop.TamperAsync(_projection.Name, "update {schema}.documents set title = 'CHANGED' where sku = 'P7'")).ShouldBe(1);
        var found = (await verification.RunAsync(_projection)).Tables.Single();
        (found.OnlyLive, found.OnlyRebuilt).ShouldBe((1, 1));

        await new ProjectionRebuild(shop.Store).RunAsync(_projection);
        (await verification.RunAsync(_projection)).IsEqual.ShouldBeTrue();
    }

    private Task<ProjectedStore> OpenAsync() => ProjectedStore.OpenAsync(postgres, Catalogue.EventNames);
}
