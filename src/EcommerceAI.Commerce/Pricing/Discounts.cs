namespace EcommerceAI.Commerce.Pricing;

/// <summary>What a promotion takes off lines.</summary>
/// <param name="Amounts">The line's place in the request and its part, above 0 and at most what is left of the line.</param>
/// <param name="Explanation">How the sum comes about; null where there is nothing to take off.</param>
internal sealed record Discounts(IReadOnlyList<(int Line, long Amount)> Amounts, string? Explanation)
{
    private static readonly Discounts None = new([], null);

    /// <summary>What is taken off.</summary>
    /// <param name="terms">The promotion.</param>
    /// <param name="open">The lines in its scope that it may discount, cheapest unit first.</param>
    /// <param name="rewards">The lines in the scope of its reward, where it has one, cheapest unit first.</param>
    /// <param name="currency">ISO 4217 code of the amounts.</param>
    public static Discounts Of(PromotionTerms terms, IReadOnlyList<OpenLine> open, IReadOnlyList<OpenLine> rewards, string currency) =>
        terms.Discount switch
        {
            _ when open.Count == 0 => None,
            { PercentOff: { } percent } => Percent(percent, open, currency),
            { AmountOff: { } amount, PerUnit: true } => EachUnit(amount.Minor, open, currency),
            { AmountOff: { } amount } => Once(amount.Minor, open, currency),
            { BuyGet: { } offer } => BuyGet(offer, open, rewards, currency),
            _ => None,
        };

    private static Discounts Percent(decimal percent, IReadOnlyList<OpenLine> open, string currency)
    {
        var sum = open.Sum(line => line.Net);
        var off = Parts.Percent(sum, percent);
        return Spread(
            off, [.. open.Select(line => (line, line.Net))],
            $"{Wording.Percent(percent)} of {Wording.Amount(sum, currency)} is {Wording.Amount(off, currency)}");
    }

    private static Discounts Once(long amount, IReadOnlyList<OpenLine> open, string currency)
    {
        var sum = open.Sum(line => line.Net);
        var off = Math.Min(amount, sum);
        return Spread(
            off, [.. open.Select(line => (line, line.Net))],
            off < amount
                ? $"{Wording.Amount(amount, currency)} off, at most the {Wording.Amount(sum, currency)} that the goods cost"
                : $"{Wording.Amount(amount, currency)} off {Wording.Amount(sum, currency)}");
    }

    private static Discounts EachUnit(long amount, IReadOnlyList<OpenLine> open, string currency)
    {
        var units = open.Sum(line => (long)line.Line.Quantity);
        return new Discounts(
            [.. open.Select(line => (line.Index, (long)Int128.Min((Int128)amount * line.Line.Quantity, line.Net)))],
            $"{Wording.Amount(amount, currency)} off each of {Wording.Units(units)}, at most what each line costs");
    }

    private static Discounts BuyGet(BuyXGetY offer, IReadOnlyList<OpenLine> open, IReadOnlyList<OpenLine> rewards, string currency)
    {
        var bought = open.Where(line => !rewards.Any(reward => reward.Index == line.Index)).Sum(line => (long)line.Line.Quantity);
        var sets = bought / (offer.Reward is null ? offer.Buy + offer.Get : offer.Buy);
        sets = Math.Min(sets, offer.MostSets ?? sets);
        var (left, cheaper) = (sets * offer.Get, new List<(OpenLine Line, long Weight)>());
        foreach (var line in offer.Reward is null ? open : rewards)
        {
            var units = (int)Math.Min(left, line.Line.Quantity);
            if (units == 0) break;
            left -= units;
            cheaper.Add((line, line.NetOf(units)));
        }

        var sum = cheaper.Sum(line => line.Weight);
        var off = Parts.Percent(sum, offer.Percent);
        return Spread(
            off, cheaper,
            $"buy {offer.Buy} get {offer.Get}: {Wording.Percent(offer.Percent)} off the {Wording.Units(sets * offer.Get - left)} "
            + $"that cost least, {Wording.Amount(sum, currency)}, is {Wording.Amount(off, currency)}");
    }

    private static Discounts Spread(long off, IReadOnlyList<(OpenLine Line, long Weight)> lines, string explanation)
    {
        var shares = LargestRemainder.Spread(off, [.. lines.Select(line => (line.Line.Line.LineId, line.Weight))]);
        var amounts = lines.Select((line, i) => (line.Line.Index, shares[i])).Where(part => part.Item2 > 0).ToArray();
        return amounts.Length == 0 ? None : new Discounts(amounts, explanation);
    }
}
