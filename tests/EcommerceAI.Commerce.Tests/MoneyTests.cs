using Shouldly;
using Xunit;

namespace EcommerceAI.Commerce.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0.005", 1, "GBP", 0)]
    [InlineData("0.015", 1, "GBP", 2)]
    [InlineData("0.025", 1, "GBP", 2)]
    [InlineData("0.0251", 1, "GBP", 3)]
    [InlineData("0.001", 5, "GBP", 0)]
    [InlineData("0.001", 15, "GBP", 2)]
    [InlineData("2.55", 6, "GBP", 1530)]
    [InlineData("0.005", -1, "GBP", 0)]
    [InlineData("0.015", -1, "GBP", -2)]
    [InlineData("-11062.06", 1, "GBP", -1106206)]
    [InlineData("0.5", 1, "JPY", 0)]
    [InlineData("1.5", 1, "JPY", 2)]
    [InlineData("99", 3, "JPY", 297)]
    [InlineData("0.0005", 1, "BHD", 0)]
    [InlineData("0.0015", 1, "BHD", 2)]
    [InlineData("1.234", 10, "BHD", 12340)]
    [InlineData("1000000", 1_000_000, "BHD", 1_000_000_000_000_000)]
    public void A_unit_price_is_rounded_once_half_to_even_when_it_becomes_an_amount(
        string price, int quantity, string currency, long minor) =>
        new UnitPrice(decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture), currency)
            .Times(quantity).ShouldBe(new Money(minor, currency));

    [Fact]
    public void Amounts_of_different_currencies_do_not_add_up() =>
        Should.Throw<InvalidOperationException>(() => new Money(1, "GBP") + new Money(1, "EUR"))
            .Message.ShouldBe("Cannot add EUR to GBP.");

    [Fact]
    public void Adding_and_negating_stay_in_minor_units()
    {
        (new Money(150, "GBP") + -new Money(200, "GBP")).ShouldBe(new Money(-50, "GBP"));
        Money.Add(Money.Zero("JPY"), Money.Negate(new Money(7, "JPY"))).ShouldBe(new Money(-7, "JPY"));
    }

    [Fact]
    public void An_amount_never_wraps_around()
    {
        Should.Throw<OverflowException>(() => new Money(long.MaxValue, "GBP") + new Money(1, "GBP"));
        Should.Throw<OverflowException>(() => -new Money(long.MinValue, "GBP"));
        Should.Throw<OverflowException>(() => new UnitPrice(1e18m, "GBP").Times(1));
    }

    [Theory]
    [InlineData("GBP", true)]
    [InlineData("gbp", false)]
    [InlineData("GB", false)]
    [InlineData("GBPX", false)]
    [InlineData("G1P", false)]
    [InlineData("ÄBC", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_currency_is_three_upper_case_letters(string? currency, bool wellFormed) =>
        Currencies.IsWellFormed(currency).ShouldBe(wellFormed);
}
