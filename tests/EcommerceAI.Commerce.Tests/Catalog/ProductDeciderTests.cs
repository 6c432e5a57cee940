using EcommerceAI.Commerce.Catalog;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests.Catalog;

public sealed class ProductDeciderTests
{
    private static readonly UnitPrice Price = new(2.55m, "GBP");
    private static readonly CreateProduct Create = new("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", Price, "A holder.", "Lighting");

    private static readonly Product Created =
        Product.Evolve(Product.Initial, new ProductCreated("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", Price));

    [Fact]
    public void A_new_product_is_created_under_the_one_spelling_of_its_sku()
    {
        var command = Create with { Sku = " 85123a", Title = " Heart ", Description = "Line one.\r\n\tLine two.", Category = "  " };
        ProductDecider.Decide(Product.Initial, command).ShouldBeOne<ProductCreated>()
            .ShouldBe(new ProductCreated("85123A", "Heart", Price, "Line one.\r\n\tLine two."));
    }

    [Fact]
    public void A_product_may_have_no_price_yet() =>
        ProductDecider.Decide(Product.Initial, new CreateProduct("X", "Y")).ShouldBeOne<ProductCreated>()
            .ShouldBe(new ProductCreated("X", "Y", null));

    [Fact]
    public void A_product_is_created_once() =>
        ProductDecider.Decide(Created, Create).ShouldRefuse("product_exists", "sku");

    [Fact]
    public void A_price_changes_on_a_known_product()
    {
        var changed = ProductDecider.Decide(Created, new ChangePrice("85123a", new UnitPrice(2.95m, "GBP")))
            .ShouldBeOne<ProductPriceChanged>();
        changed.ShouldBe(new ProductPriceChanged("85123A", new UnitPrice(2.95m, "GBP")));
        Product.Evolve(Created, changed).Price.ShouldBe(new UnitPrice(2.95m, "GBP"));
    }

    [Fact]
    public void The_same_price_again_changes_nothing()
    {
        var decision = ProductDecider.Decide(Created, new ChangePrice("85123A", new UnitPrice(2.5500m, "GBP")));
        decision.Rejections.ShouldBeEmpty();
        decision.Events.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_number_in_another_currency_is_another_price() =>
        ProductDecider.Decide(Created, new ChangePrice("85123A", new UnitPrice(2.55m, "EUR"))).ShouldBeOne<ProductPriceChanged>();

    [Fact]
    public void The_price_of_an_unknown_product_does_not_change() =>
        ProductDecider.Decide(Product.Initial, new ChangePrice("85123A", Price))
            .ShouldRefuse("unknown_product", kind: RejectionKind.NotFound);

    [Fact]
    public void Every_failing_field_is_reported_at_once() =>
        ProductDecider.Decide(
                Product.Initial,
                new CreateProduct("a/b", " ", new UnitPrice(-1, "gbp"), new string('x', 10_001), new string('x', 101)))
            .Rejections.ShouldFind(
                "sku: malformed", "title: required", "price.amount: out_of_range", "price.currency: malformed",
                "description: too_long", "category: too_long");

    [Fact]
    public void Missing_fields_are_reported_and_not_dereferenced() =>
        ProductDecider.Validate(new CreateProduct(null!, null!, new UnitPrice(1, null!)))
            .ShouldFind("sku: required", "title: required", "price.currency: required");

    [Theory]
    [InlineData("0", null)]
    [InlineData("1000000", null)]
    [InlineData("0.1234", null)]
    [InlineData("0.10000000", null)]
    [InlineData("1000000.0001", "price.amount: out_of_range")]
    [InlineData("-0.0001", "price.amount: out_of_range")]
    [InlineData("0.12345", "price.amount: malformed")]
    public void A_price_is_0_to_a_million_with_four_decimal_places(string amount, string? finding)
    {
        var price = new UnitPrice(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), "GBP");
        ProductDecider.Validate(new ChangePrice("A", price)).ShouldFind(finding is null ? [] : [finding]);
    }

    [Fact]
    public void Texts_may_be_as_long_as_their_bounds() =>
        ProductDecider.Validate(new CreateProduct("A", new string('x', 200), null, new string('x', 10_000), new string('x', 100)))
            .ShouldBeEmpty();

    [Fact]
    public void A_title_of_201_characters_is_too_long() =>
        ProductDecider.Validate(new CreateProduct("A", new string('x', 201))).ShouldFind("title: too_long");

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\u0007b")]
    [InlineData("a\u0085b")]
    public void A_title_has_no_control_characters(string title) =>
        ProductDecider.Validate(new CreateProduct("A", title)).ShouldFind("title: malformed");

    [Fact]
    public void A_description_has_line_breaks_but_no_other_control_characters() =>
        ProductDecider.Validate(new CreateProduct("A", "B", Description: "a\u0007b")).ShouldFind("description: malformed");

    [Fact]
    public void What_a_json_store_cannot_hold_is_refused()
    {
        // Built here: an attribute's text is stored as UTF-8, which has no half surrogates.
        foreach (var bad in new[] { "a\0b", "a\ud83d", "\ude00a", "a\ude00\ud83d" })
        {
            ProductDecider.Validate(new CreateProduct("A", bad, null, bad, bad))
                .ShouldFind("title: invalid_text", "description: invalid_text", "category: invalid_text");
            ProductDecider.Validate(new ChangePrice(bad, new UnitPrice(1, bad)))
                .ShouldFind("sku: invalid_text", "price.currency: invalid_text");
        }

        ProductDecider.Validate(new CreateProduct("A", "a whole pair 😀")).ShouldBeEmpty();
    }

    [Fact]
    public void The_state_holds_what_was_said_last()
    {
        var events = new DomainEvent[]
        {
            new ProductCreated("A", "T", null, "D", "C"), new ProductPriceChanged("A", Price),
            new ProductPriceChanged("A", new UnitPrice(3, "GBP")),
        };
        events.Aggregate(Product.Initial, Product.Evolve).ShouldBe(new Product("A", "T", new UnitPrice(3, "GBP"), "D", "C"));
    }
}
