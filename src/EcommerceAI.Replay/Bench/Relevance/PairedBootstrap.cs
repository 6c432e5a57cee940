namespace EcommerceAI.Replay.Bench.Relevance;

/// <summary>A mean and the interval that holds it with 95 % confidence.</summary>
internal sealed record Interval(double Mean, double Low, double High);

/// <summary>
/// Percentile bootstrap over queries (B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13). Given the
/// differences of two rankings query by query it is the paired test of T. Sakai, "Evaluating evaluation metrics based on the
/// bootstrap", SIGIR 2006: the difficulty of a query, common to both, falls out.
/// </summary>
internal static class PairedBootstrap
{
    private const int Resamples = 10_000;
    private const ulong Seed = 20_111_209;

    /// <summary>The interval of the mean of values, one a query; the same values always give the same one.</summary>
    public static Interval Of(IReadOnlyList<double> values)
    {
        var state = Seed;
        var means = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            for (var j = 0; j < values.Count; j++) means[i] += values[(int)(Next(ref state) % (ulong)values.Count)];
            means[i] /= values.Count;
        }

        Array.Sort(means);
        return new(Round(values.Average()), Round(means[Resamples * 25 / 1000]), Round(means[Resamples * 975 / 1000 - 1]));
    }

    private static double Round(double value) => Math.Round(value, 4);

    // SplitMix64: the same numbers on every version of the framework.
    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var bits = state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
