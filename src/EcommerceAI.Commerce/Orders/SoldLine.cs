namespace EcommerceAI.Commerce.Orders;

/// <summary>A line of an order with what has come back of it.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units sold.</param>
/// <param name="UnitPrice">Price of one unit in the order's currency, major units.</param>
/// <param name="Amount">What the line cost, in minor units.</param>
/// <param name="Returned">Units that have come back, 0 to <paramref name="Quantity"/>.</param>
public sealed record SoldLine(string Sku, int Quantity, decimal UnitPrice, long Amount, int Returned)
{
    /// <summary>
    /// What the next <paramref name="units"/> that come back are worth, in minor units. A part of a line cannot be rounded by
    /// itself: three units for 1.00 would give back 0.33 each and keep a penny (the lost-penny problem that Fowler describes
    /// under "Money" in Patterns of Enterprise Application Architecture). So the refund owed for all units returned so far is
    /// rounded, and a part gets the difference of two such sums. The differences telescope: whatever the parts, they add up to
    /// exactly <see cref="Amount"/> once the last unit is back, and none is negative.
    /// </summary>
    /// <param name="units">Units that come back now, 0 to what is still out.</param>
    internal long RefundFor(int units) => RefundOwed(Returned + units) - RefundOwed(Returned);

    /// <summary>
    /// Spreads units that come back over the lines they were sold on, first line first. The decider prices a return with it and the
    /// fold books it with it, so both always mean the same lines.
    /// </summary>
    /// <param name="lines">The order's lines.</param>
    /// <param name="bySku">Units that come back of each SKU; lowered to what found no line.</param>
    /// <returns>The units taken from each line.</returns>
    internal static int[] Spread(IReadOnlyList<SoldLine> lines, Dictionary<string, long> bySku)
    {
        var taken = new int[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (!bySku.TryGetValue(lines[i].Sku, out var open)) continue;
            taken[i] = (int)Math.Clamp(open, 0, Math.Max(0, lines[i].Quantity - lines[i].Returned));
            bySku[lines[i].Sku] = open - taken[i];
        }

        return taken;
    }

    private long RefundOwed(int units) => (long)decimal.Round((decimal)Amount * units / Quantity, 0, MidpointRounding.ToEven);
}
