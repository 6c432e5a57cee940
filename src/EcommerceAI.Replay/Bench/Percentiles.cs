namespace EcommerceAI.Replay.Bench;

/// <summary>Order statistics of measured values.</summary>
internal static class Percentiles
{
    /// <summary>The smallest value that a share of all values does not exceed (nearest rank).</summary>
    /// <param name="values">The values, one or more, in any order.</param>
    /// <param name="share">Above 0, at most 1.</param>
    public static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    /// <summary>The middle value, the lower of the two where their number is even.</summary>
    public static double Median(IEnumerable<double> values) => At(values, 0.5);
}
