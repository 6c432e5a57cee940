namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>How many lines each day of the invented year has: more towards November, none on Saturdays, when the shop is closed.</summary>
internal static class TradingCalendar
{
    /// <summary>The first day of the year.</summary>
    public static readonly DateTime FirstDay = new(2024, 12, 1, 0, 0, 0, DateTimeKind.Unspecified);

    /// <summary>Days of the year.</summary>
    public const int Days = 365;

    private static readonly int[] MonthWeights = [70, 60, 72, 66, 78, 76, 80, 82, 110, 130, 175, 95];

    /// <summary>By <see cref="DayOfWeek"/>, Sunday first.</summary>
    private static readonly int[] WeekdayWeights = [60, 90, 100, 100, 115, 85, 0];

    /// <summary>Splits <paramref name="lines"/> over the days; the sum is exact.</summary>
    public static int[] Split(int lines)
    {
        var weights = Enumerable.Range(0, Days).Select(WeightOf).ToArray();
        long whole = weights.Sum();
        var split = new int[Days];
        var weight = 0L;
        var given = 0;
        for (var day = 0; day < Days; day++)
        {
            weight += weights[day];
            split[day] = (int)(lines * weight / whole) - given;
            given += split[day];
        }
        return split;
    }

    /// <summary>Whether goods for Christmas are in season.</summary>
    public static bool IsChristmasSeason(int day) => FirstDay.AddDays(day).Month >= 9;

    private static int WeightOf(int day)
    {
        var date = FirstDay.AddDays(day);
        var isHoliday = (date.Month, date.Day) is (12, >= 24) or (1, 1);
        return isHoliday ? 0 : MonthWeights[date.Month - 1] * WeekdayWeights[(int)date.DayOfWeek];
    }
}
