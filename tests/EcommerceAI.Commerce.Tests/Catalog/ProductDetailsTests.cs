using EcommerceAI.Commerce.Catalog;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Catalog;

public sealed class ProductDetailsTests
{
    private static readonly UnitPrice Price = new(2.5m, "GBP");
    private static readonly Product Plain = Product.Evolve(Product.Initial, new ProductCreated("A", "Heart", Price, "Hangs.", "Hearts"));
    private static readonly Product WithOptions = Product.Evolve(Plain, new ProductOptionsDefined("A", CatalogSamples.Options));

    [Fact]
    public void A_description_takes_the_place_of_all_that_was_said_and_the_same_again_changes_nothing()
    {
        var command = new DescribeProduct("a", " Heart ", "Hangs.", CatalogSamples.Details);
        var described = ProductDecider.Decide(Plain, command).ShouldBeOne<ProductDescribed>();
        var state = Product.Evolve(Plain, described);
        (state.Title, state.Category, state.Details!.TaxClass).ShouldBe(("Heart", "Hearts", "reduced"));
        ProductDecider.Decide(state, command).Events.ShouldBeEmpty();
        ProductDecider.Decide(Plain, new DescribeProduct("A", "Heart", "Hangs.", new ProductDetails { Categories = [" Hearts "] })).Events.ShouldBeEmpty();
    }

    [Fact]
    public void Every_failing_field_is_reported_at_once() => ProductDecider.Validate(new DescribeProduct("A", "", "a\u0007", new ProductDetails
    {
        Categories = ["", "Tea", "tea "],
        Attributes = [new("", new string('x', 501)), null!],
        Media =
        [
            new("ftp://a/b", "image", null), new("//a/b", "image/webp", new string('x', 301)), new("javascript:alert(1)", "image/w bp"), new("/a b", "a/b"),
            new("https://a.example/b", "image/png"),
        ],
        Texts = [new("english", "T"), new("DE", ""), new("de", "T"), new("fr-C", "T", new string('x', 10_001))],
        TaxClass = "Reduced",
    })).ShouldFind(
        "title: required", "description: malformed", "categories[0]: required", "categories[2]: duplicate", "attributes[0].name: required",
        "attributes[0].value: too_long", "attributes[1]: required", "media[0].url: malformed", "media[0].contentType: malformed",
        "media[1].url: malformed", "media[1].alt: too_long", "media[2].url: malformed", "media[2].contentType: malformed",
        "media[3].url: malformed", "texts[0].locale: malformed", "texts[1].locale: malformed", "texts[1].title: required", "texts[2]: duplicate",
        "texts[3].locale: malformed", "texts[3].description: too_long", "taxClass: malformed");

    [Fact]
    public void A_variant_is_one_value_of_each_option_in_any_order_and_no_two_are_the_same()
    {
        var add = new AddVariant("A", "a-1", [new("Size", "S"), new("Colour", "red")]);
        var added = ProductDecider.Decide(WithOptions, add).ShouldBeOne<ProductVariantAdded>();
        added.Variant.Sku.ShouldBe("A-1");
        added.Variant.Choices.ShouldBe([new OptionChoice("Colour", "red"), new OptionChoice("Size", "S")]);
        var state = Product.Evolve(WithOptions, added);
        ProductDecider.Decide(state, add).Rejections.ShouldBeEmpty();
        ProductDecider.Decide(state, add).Events.ShouldBeEmpty();
        ProductDecider.Decide(state, add with { VariantSku = "A-2" }).ShouldRefuse("choices_taken", "choices");
        ProductDecider.Decide(state, add with { Choices = [new("Size", "L"), new("Colour", "red")] }).ShouldRefuse("variant_exists", "sku");
        ProductDecider.Decide(state, add with { VariantSku = "A" }).ShouldRefuse("variant_exists", "sku");
    }

    [Theory]
    [InlineData("Colour=red")]
    [InlineData("Colour=red,Size=XL")]
    [InlineData("Colour=red,Weight=S")]
    [InlineData("Colour=red,Size=S,Weight=1")]
    public void Choices_that_are_not_one_of_each_option_are_no_variant(string choices) =>
        ProductDecider.Decide(
                WithOptions, new AddVariant("A", "A-1", [.. choices.Split(',').Select(choice => new OptionChoice(choice.Split('=')[0], choice.Split('=')[1]))]))
            .ShouldRefuse("unknown_choice", "choices");

    [Fact]
    public void Options_that_a_variant_stands_for_stay()
    {
        var state = Product.Evolve(WithOptions, new ProductVariantAdded("A", CatalogSamples.Variant));
        ProductDecider.Decide(state, new DefineOptions("A", [new("Colour", ["red"]), new("Size", ["S"])])).ShouldRefuse("options_in_use", "options");
        ProductDecider.Decide(state, new DefineOptions("A", CatalogSamples.Options)).Events.ShouldBeEmpty();
        ProductDecider.Decide(state, new DefineOptions("A", [new("Colour", ["white", "blue"]), new("Size", ["S"])])).ShouldBeOne<ProductOptionsDefined>();
    }

    [Fact]
    public void A_product_is_sold_everywhere_until_it_is_published_to_some_channels_or_withdrawn()
    {
        Plain.Channels.ShouldBeNull();
        var published = Product.Evolve(Plain, ProductDecider.Decide(Plain, new PublishProduct("A", ["web"])).ShouldBeOne<ProductPublished>());
        ProductDecider.Decide(published, new PublishProduct("A", ["web"])).Events.ShouldBeEmpty();
        var withdrawn = Product.Evolve(published, ProductDecider.Decide(published, new WithdrawProduct("A")).ShouldBeOne<ProductWithdrawn>());
        withdrawn.Channels!.ShouldBeEmpty();
        ProductDecider.Decide(withdrawn, new WithdrawProduct("A")).Events.ShouldBeEmpty();
        ProductDecider.Validate(new PublishProduct("A", ["Web", "shop", "shop"])).ShouldFind("channels[0]: malformed", "channels[2]: duplicate");
        ProductDecider.Validate(new PublishProduct("A", [])).ShouldFind("channels: out_of_range");
    }

    [Fact]
    public void An_imported_row_makes_a_product_or_brings_it_to_what_the_row_says_and_twice_changes_nothing()
    {
        var row = new ImportProduct("a", "Heart", Price, "Hangs.", CatalogSamples.Details, ["web"]);
        var made = ProductDecider.Decide(Product.Initial, row);
        made.Events.Select(happened => happened.GetType().Name).ShouldBe(["ProductCreated", "ProductDescribed", "ProductPublished"]);
        var state = made.Events.Aggregate(Product.Initial, Product.Evolve);
        ProductDecider.Decide(state, row).Events.ShouldBeEmpty();
        ProductDecider.Decide(state, row with { Price = new UnitPrice(3m, "GBP") }).ShouldBeOne<ProductPriceChanged>();
        ProductDecider.Decide(state, row with { Price = null, Channels = null }).Events.ShouldBeEmpty();
        ProductDecider.Decide(Product.Initial, row with { Details = ProductDetails.None, Channels = null }).ShouldBeOne<ProductCreated>();
    }

    [Fact]
    public void What_is_not_in_the_catalogue_is_not_found()
    {
        foreach (var command in new ProductCommand[]
        {
            new DescribeProduct("A", "T", null, ProductDetails.None), new DefineOptions("A", CatalogSamples.Options),
            new AddVariant("A", "B", [new("Colour", "red")]), new PublishProduct("A", ["web"]), new WithdrawProduct("A"),
        })
            ProductDecider.Decide(Product.Initial, command).ShouldRefuse("unknown_product", kind: RejectionKind.NotFound);
    }
}
