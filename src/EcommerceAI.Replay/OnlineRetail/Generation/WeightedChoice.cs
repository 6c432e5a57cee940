namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>Draws places by integer weights, by binary search in their running sums.</summary>
internal sealed class WeightedChoice
{
    private readonly int[] _sums;

    /// <summary>Prepares the draw.</summary>
    /// <param name="weights">Weights, 0 or more, whose sum is above 0 and fits 31 bits.</param>
    public WeightedChoice(IEnumerable<int> weights)
    {
        var sum = 0;
        _sums = [.. weights.Select(weight => sum = checked(sum + weight))];
    }

    /// <summary>
    /// Weights after Zipf and Mandelbrot, 1 / (rank + 8), in integers: a shop's best seller leads, but does not dwarf its second.
    /// </summary>
    /// <param name="count">How many ranks.</param>
    public static WeightedChoice Zipf(int count) => new(Enumerable.Range(0, count).Select(rank => 100_000_000 / (rank + 8)));

    /// <summary>The place of one weight.</summary>
    public int Draw(SplitMix64 random)
    {
        var drawn = random.Below(_sums[^1]);
        var found = Array.BinarySearch(_sums, drawn + 1);
        if (found < 0) return ~found;
        while (found > 0 && _sums[found - 1] == _sums[found]) found--;
        return found;
    }
}
