namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>The file's moments: what stands in the column InvoiceDate, and which instant of the world it is.</summary>
internal static class RetailMoment
{
    private static readonly Lazy<TimeZoneInfo> London = new(FindLondon);

    /// <summary>Reads <c>2010-12-01 08:26:00</c> or <c>2010-12-01 08:26</c>; a <c>T</c> may stand for the space.</summary>
    /// <param name="text">The field as UTF-8.</param>
    /// <param name="moment">The moment on the wall clock; kind unspecified.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTime moment)
    {
        moment = default;
        text = text.Trim((byte)' ');
        if (text.Length is not (16 or 19) || text[4] != '-' || text[7] != '-' || text[13] != ':') return false;
        if (text[10] is not ((byte)' ' or (byte)'T') || (text.Length == 19 && text[16] != ':')) return false;
        var year = (Digits(text[..2]) * 100) + Digits(text[2..4]);
        int month = Digits(text[5..7]), day = Digits(text[8..10]), hour = Digits(text[11..13]), minute = Digits(text[14..16]);
        var second = text.Length == 19 ? Digits(text[17..19]) : 0;
        var isDate = year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        if (!isDate || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        moment = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified);
        return true;
    }

    /// <summary>Whether the clocks of the United Kingdom ever showed this moment: false in the hour that spring skips.</summary>
    /// <exception cref="InvalidOperationException">The machine has no time zone data.</exception>
    public static bool Exists(DateTime localTime) => !London.Value.IsInvalidTime(localTime);

    /// <summary>
    /// The instant of a moment on the clocks of the United Kingdom, with offset zero as PostgreSQL takes it. The hour that autumn
    /// shows twice is taken as its first showing (summer time), so that local order stays time order.
    /// </summary>
    /// <exception cref="InvalidOperationException">The machine has no time zone data.</exception>
    public static DateTimeOffset ToInstant(DateTime localTime)
    {
        var offset = London.Value.IsAmbiguousTime(localTime)
            ? London.Value.GetAmbiguousTimeOffsets(localTime).Max()
            : London.Value.GetUtcOffset(localTime);
        return new DateTimeOffset(localTime, offset).ToUniversalTime();
    }

    /// <summary>Two digits as a number, or a value that no field of a moment takes.</summary>
    private static int Digits(ReadOnlySpan<byte> two)
    {
        int tens = two[0] - '0', ones = two[1] - '0';
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9 ? (tens * 10) + ones : -1_000_000;
    }

    private static TimeZoneInfo FindLondon()
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        }
        catch (Exception exception) when (exception is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            throw new InvalidOperationException(
                "This machine has no time zone data for Europe/London, which the file's moments are in; install the package tzdata.",
                exception);
        }
    }
}
