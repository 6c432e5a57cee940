namespace EcommerceAI.Commerce.Pricing;

/// <summary>
/// Spreads an amount over parts in proportion to weights, in whole minor units: each part gets its share rounded down, and what is left
/// goes a unit at a time to the parts with the largest remainders (the method of Hamilton). Equal remainders go by name, so that the
/// order of the parts says nothing. Where the amount is at most the sum of the weights, no part gets more than its weight.
/// </summary>
public static class LargestRemainder
{
    /// <summary>Spreads an amount.</summary>
    /// <param name="amount">Minor units, 0 or more.</param>
    /// <param name="parts">Name of each part, unique, and its weight, 0 or more.</param>
    /// <returns>The share of each part; they add up to <paramref name="amount"/>, or to 0 where all weights are 0.</returns>
    public static long[] Spread(long amount, IReadOnlyList<(string Name, long Weight)> parts)
    {
        var shares = new long[parts.Count];
        var weights = (Int128)0;
        foreach (var (_, weight) in parts) weights += weight;
        if (weights == 0) return shares;
        var remainders = new Int128[shares.Length];
        var left = amount;
        for (var i = 0; i < shares.Length; i++)
        {
            (var share, remainders[i]) = Int128.DivRem((Int128)amount * parts[i].Weight, weights);
            shares[i] = (long)share;
            left -= shares[i];
        }

        var byRemainder = Enumerable.Range(0, shares.Length)
            .OrderByDescending(i => remainders[i]).ThenBy(i => parts[i].Name, StringComparer.Ordinal);
        foreach (var i in byRemainder.Take((int)left)) shares[i]++;
        return shares;
    }
}
