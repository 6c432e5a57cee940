using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData("85123A", "85123A")]
    [InlineData(" 85123a ", "85123A")]
    [InlineData("bank charges", "BANK CHARGES")]
    [InlineData("gift_0001_20", "GIFT_0001_20")]
    [InlineData("DCGS0066P", "DCGS0066P")]
    [InlineData("a.b-c", "A.B-C")]
    [InlineData("0123456789012345678901234567890123456789", "0123456789012345678901234567890123456789")]
    public void A_sku_has_one_spelling(string text, string sku)
    {
        SkuFormat.Normalize(text).ShouldBe(sku);
        SkuFormat.Normalize(sku).ShouldBe(sku);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("A  B")]
    [InlineData("A\tB")]
    [InlineData("A@B")]
    [InlineData("A/B")]
    [InlineData("É1")]
    [InlineData("ſ1")]
    [InlineData("A\0")]
    [InlineData("01234567890123456789012345678901234567890")]
    public void What_is_no_sku_is_refused(string? text)
    {
        SkuFormat.TryNormalize(text, out var sku).ShouldBeFalse();
        sku.ShouldBeNull();
        Should.Throw<ArgumentException>(() => Product.StreamKey(text!));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("shop-12", true)]
    [InlineData("0-0-0", true)]
    [InlineData("a123456789a123456789a123456789a123456789", true)]
    [InlineData("a123456789a123456789a123456789a1234567890", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("a--b", false)]
    [InlineData("Shop", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_location_is_a_slug(string? text, bool wellFormed) => LocationFormat.IsWellFormed(text).ShouldBe(wellFormed);

    [Theory]
    [InlineData("536365", true)]
    [InlineData("0198f-A_b.c", true)]
    [InlineData("a b", false)]
    [InlineData("a@b", false)]
    [InlineData("é", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_id_is_of_plain_characters(string? text, bool wellFormed) => IdFormat.IsWellFormed(text).ShouldBe(wellFormed);

    [Fact]
    public void An_id_has_at_most_64_characters()
    {
        IdFormat.IsWellFormed(new string('x', 64)).ShouldBeTrue();
        IdFormat.IsWellFormed(new string('x', 65)).ShouldBeFalse();
    }

    [Fact]
    public void A_stream_key_is_its_category_a_dash_and_the_id()
    {
        Product.StreamKey("85123a").ShouldBe("product-85123A");
        Stock.StreamKey("85123a", "shop-1").ShouldBe("stock-85123A@shop-1");
        Customer.StreamKey("17850").ShouldBe("customer-17850");
        Order.StreamKey("536365").ShouldBe("order-536365");
        BlindReturn.StreamKey("C536379").ShouldBe("return-C536379");
        LedgerEntry.StreamKey("A563185").ShouldBe("ledger-A563185");
    }

    [Fact]
    public void A_malformed_id_makes_no_stream_key()
    {
        Should.Throw<ArgumentException>(() => Stock.StreamKey("85123A", "Shop 1"));
        Should.Throw<ArgumentException>(() => Stock.StreamKey("a@b", "shop"));
        Should.Throw<ArgumentException>(() => Customer.StreamKey("a b"));
        Should.Throw<ArgumentException>(() => Order.StreamKey(""));
        Should.Throw<ArgumentException>(() => BlindReturn.StreamKey("a/b"));
        Should.Throw<ArgumentException>(() => LedgerEntry.StreamKey("a\0b"));
    }
}
