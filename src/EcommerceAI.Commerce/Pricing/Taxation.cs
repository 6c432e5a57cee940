namespace EcommerceAI.Commerce.Pricing;

/// <summary>
/// Taxes of lines. The tax of a line is rounded once, half to even: of a price with tax it is net · r / (1 + r), of one without net · r,
/// where r is the sum of the class's rates. Several taxes share it by their rates (<see cref="LargestRemainder"/>).
/// </summary>
internal static class Taxation
{
    /// <summary>The tax of a line.</summary>
    /// <param name="request">The request with its tax table and moment.</param>
    /// <param name="line">The line.</param>
    /// <param name="net">What is left of its amount after discounts, 0 or more.</param>
    /// <exception cref="ArgumentException">The table has no rate for it.</exception>
    public static LineTax Of(PricingRequest request, PricingLine line, long net)
    {
        if (request.Taxes is not { } table)
            return new LineTax(line.TaxClass, 0, net, 0, [], $"No tax table is kept for {request.Region}; no tax is charged.");
        var rates = table.RatesOf(line.TaxClass, request.At);
        if (rates.Count == 0)
            throw new ArgumentException($"The tax table of {table.Region} has no rate for {line.TaxClass} at that moment.", nameof(request));
        var percent = rates.Sum(rate => rate.Percent);
        var rateOf = Parts.Millionths(percent);
        var amount = table.Basis == TaxBasis.Inclusive
            ? Parts.Round((Int128)net * rateOf, Parts.Whole + rateOf)
            : Parts.Round((Int128)net * rateOf, Parts.Whole);
        var shares = LargestRemainder.Spread(amount, [.. rates.Select(rate => (rate.Name, Parts.Millionths(rate.Percent)))]);
        return new LineTax(
            line.TaxClass, percent, table.Basis == TaxBasis.Inclusive ? net - amount : net, amount,
            [.. rates.Select((rate, i) => new TaxPart(rate.Name, rate.Percent, shares[i]))],
            Explain(request, table, rates, net, amount));
    }

    /// <summary>The taxes of all lines by name and rate.</summary>
    public static IReadOnlyList<TaxSum> Sum(IEnumerable<PricedLine> lines) =>
    [
        .. lines.SelectMany(line => line.Tax.Parts.Select(part => (part, line.Tax.Base)))
            .GroupBy(taxed => (taxed.part.Name, taxed.part.Percent))
            .Select(group => new TaxSum(
                group.Key.Name, group.Key.Percent, group.Sum(taxed => taxed.Base), group.Sum(taxed => taxed.part.Amount)))
            .OrderBy(sum => sum.Name, StringComparer.Ordinal).ThenBy(sum => sum.Percent),
    ];

    private static string Explain(PricingRequest request, TaxTable table, IReadOnlyList<TaxRate> rates, long net, long amount)
    {
        var names = string.Join(" and ", rates.Select(rate => $"{rate.Name} {Wording.Percent(rate.Percent)}"));
        var (of, tax) = (Wording.Amount(net, request.Currency), Wording.Amount(amount, request.Currency));
        return table.Basis == TaxBasis.Inclusive
            ? $"{names} in {table.Region}, contained in {of}: {tax}."
            : $"{names} in {table.Region}, added to {of}: {tax}.";
    }
}
