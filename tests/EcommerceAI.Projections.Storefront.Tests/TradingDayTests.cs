using System.Globalization;
using Shouldly;
using Xunit;

namespace EcommerceAI.Projections.Storefront.Tests;

public sealed class TradingDayTests
{
    [Theory]
    [InlineData("2011-01-31T23:59:59Z", "2011-01-31", "2011-01-01")]
    [InlineData("2011-06-30T22:59:59Z", "2011-06-30", "2011-06-01")]
    [InlineData("2011-06-30T23:00:00Z", "2011-07-01", "2011-07-01")]
    [InlineData("2011-07-01T01:00:00+02:00", "2011-07-01", "2011-07-01")]
    [InlineData("2011-10-30T00:30:00Z", "2011-10-30", "2011-10-01")]
    public void A_day_is_that_of_london_in_summer_and_winter(string moment, string day, string month)
    {
        var at = DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture);
        TradingDay.Of(at).ShouldBe(DateOnly.Parse(day, CultureInfo.InvariantCulture));
        TradingDay.MonthOf(at).ShouldBe(DateOnly.Parse(month, CultureInfo.InvariantCulture));
    }
}
