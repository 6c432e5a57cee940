using System.Diagnostics;

namespace EcommerceAI.Commerce.Pricing;

/// <summary>Parts of amounts in whole minor units. Everything is exact until it is rounded once, half to even.</summary>
internal static class Parts
{
    /// <summary>Per cent have at most four places, so that a rate is a whole number of millionths.</summary>
    public const int PercentScale = 4;

    /// <summary>A whole, in millionths.</summary>
    public const long Whole = 1_000_000;

    /// <summary>A percentage in millionths: 8.875 is 88,750.</summary>
    public static long Millionths(decimal percent) => (long)(percent * 10_000m);

    /// <summary>A percentage of an amount.</summary>
    public static long Percent(long amount, decimal percent) => Round((Int128)amount * Millionths(percent), Whole);

    /// <summary>A quotient of two numbers that are not negative, rounded half to even.</summary>
    public static long Round(Int128 dividend, Int128 divisor)
    {
        Debug.Assert(dividend >= 0 && divisor > 0, "Amounts are not negative here.");
        var (quotient, rest) = Int128.DivRem(dividend, divisor);
        var twice = rest * 2;
        return (long)(twice > divisor || (twice == divisor && Int128.IsOddInteger(quotient)) ? quotient + 1 : quotient);
    }
}
