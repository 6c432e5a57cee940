using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.EventSourcing.Store;
using EcommerceAI.Projections.Storefront.Products;
using EcommerceAI.Testing;
using Shouldly;
using Xunit;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class ProductDetailTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly ProductDetails Details = new()
    {
        Categories = ["Hearts", "Gifts"],
        Attributes = [new("Material", "Wood")],
        Media = [new("/a.webp", "image/webp", "A heart")],
        Texts = [new("fr", "Cœur", "Il pend.")],
        TaxClass = "reduced",
    };

    private static readonly ProductEvent[] Facts =
    [
        new ProductCreated("A", "Heart", null, null, "Old"),
        new ProductCreated("B", "Bell", null),
        new ProductCreated("A-S", "Heart, S", null, null, null, "A"),
        new ProductDescribed("A", "Nothing yet", null, ProductDetails.None),
        new ProductDescribed("A", "White heart", "Hangs.", Details),
        new ProductPriceChanged("A", new UnitPrice(2m, "GBP")),
        new ProductOptionsDefined("A", [new("Size", ["S", "L"])]),
        new ProductVariantAdded("A", new ProductVariant("A-S", [new("Size", "S")])),
        new ProductVariantAdded("A", new ProductVariant("A-L", [new("Size", "L")])),
        new ProductPublished("A", ["web", "shop"]),
        new ProductPublished("B", ["web"]),
        new ProductWithdrawn("B", "recalled"),
        new ProductPublished("B", ["shop"]),
    ];

    [Fact]
    public async Task A_page_shows_what_was_said_last()
    {
        await using var shop = await OpenAsync();
        await shop.CatchUpAsync(new ProductProjection());
        var queries = new ProductQueries(shop.Models);

        var page = (await queries.FindAsync("A")).Value.ShouldNotBeNull();
        (page.Title, page.Description, page.Category, page.Version).ShouldBe(("White heart", "Hangs.", "Hearts", 8));
        page.Channels.ShouldBe(["web", "shop"]);
        page.Details.Media.ShouldBe(Details.Media);
        page.Details.TaxClass.ShouldBe("reduced");
        page.Options.Single().Values.ShouldBe(["S", "L"]);
        page.Variants.Select(variant => variant.Sku).ShouldBe(["A-S", "A-L"]);
        (page.In("fr-CA").Title, page.In("fr").Description, page.In("de").Title).ShouldBe(("Cœur", "Il pend.", "White heart"));
        var variant = (await queries.FindAsync("A-S")).Value.ShouldNotBeNull();
        (variant.VariantOf, variant.Channels, variant.Details).ShouldBe(("A", null, ProductDetails.None));
    }

    [Fact]
    public async Task Lists_go_by_every_category_and_by_channel()
    {
        await using var shop = await OpenAsync();
        await shop.CatchUpAsync(new ProductProjection());
        var queries = new ProductQueries(shop.Models);

        async Task<IEnumerable<string>> ListAsync(string? category, string? channel) =>
            (await queries.ListAsync(ProductOrder.Sku, category, null, 10, channel: channel)).Value.Items.Select(item => item.Sku);

        (await ListAsync("Gifts", null)).ShouldBe(["A"]);
        (await ListAsync("Old", null)).ShouldBeEmpty();
        (await ListAsync(null, "web")).ShouldBe(["A", "A-S"]);
        (await ListAsync(null, "shop")).ShouldBe(["A", "A-S", "B"]);
        (await ListAsync("Hearts", "phone")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Rows_do_not_depend_on_how_events_are_cut_into_batches()
    {
        await using var shop = await OpenAsync();
        var whole = await shop.ProjectApartAsync(new ProductProjection(), 1000);
        (await shop.ProjectApartAsync(new ProductProjection(), 1)).ShouldBe(whole);
        (await shop.ProjectApartAsync(new ProductProjection(), 4)).ShouldBe(whole);
    }

    private async Task<ProjectedStore> OpenAsync()
    {
        var shop = await ProjectedStore.OpenAsync(postgres, ShopHistory.EventNames);
        await shop.AppendAsync(Facts.Select((fact, i) =>
            new BulkEvent(Product.StreamKey(fact.Sku), new NewEvent(fact, Guid.NewGuid(), DateTimeOffset.UnixEpoch.AddMinutes(i)))));
        return shop;
    }
}
