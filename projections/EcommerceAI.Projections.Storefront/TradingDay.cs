namespace EcommerceAI.Projections.Storefront;

/// <summary>Days and months as the retailer's books have them: by the clock of its head office in the United Kingdom.</summary>
public static class TradingDay
{
    private static readonly TimeZoneInfo London = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");

    /// <summary>The day in London at a moment.</summary>
    /// <param name="moment">The moment.</param>
    public static DateOnly Of(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, London).DateTime);

    /// <summary>The first day of the month in London at a moment.</summary>
    /// <param name="moment">The moment.</param>
    public static DateOnly MonthOf(DateTimeOffset moment)
    {
        var day = Of(moment);
        return new DateOnly(day.Year, day.Month, 1);
    }
}
