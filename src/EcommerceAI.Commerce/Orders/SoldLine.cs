namespace EcommerceAI.Commerce.Orders;

/// <summary>
/// A line of an order with what became of its units. Counted from the front, units are shipped, then packed; from the back they are
/// cancelled; what comes back comes back from the front. So every unit has its place, and with it its share of what was paid.
/// </summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units sold.</param>
/// <param name="UnitPrice">Price of one unit in the order's currency, major units.</param>
/// <param name="Amount">What the line cost at its unit price, in minor units.</param>
/// <param name="Returned">Units that have come back, 0 to <see cref="Shipped"/>.</param>
public sealed record SoldLine(string Sku, int Quantity, decimal UnitPrice, long Amount, int Returned)
{
    /// <summary>Where its units are allocated, or null where they left as the order was placed.</summary>
    public string? Location { get; init; }

    /// <summary>What its units are allocated under where that is not the order's id.</summary>
    public string? AllocationId { get; init; }

    /// <summary>What is paid for it after discounts, taxes included, in minor units.</summary>
    public long Paid { get; init; } = Amount;

    /// <summary>The tax in it, in minor units.</summary>
    public long Tax { get; init; }

    /// <summary>The rate of that tax, as a fraction.</summary>
    public decimal TaxRate { get; init; }

    /// <summary>Units that left.</summary>
    public int Shipped { get; init; } = Quantity;

    /// <summary>Units in a parcel that waits for its money.</summary>
    public int Packed { get; init; }

    /// <summary>Units that will not leave.</summary>
    public int Cancelled { get; init; }

    /// <summary>Units that nothing has become of yet.</summary>
    public int Open => Quantity - Shipped - Packed - Cancelled;

    /// <summary>Units that can still come back.</summary>
    public int Returnable => Math.Max(0, Shipped - Returned);

    /// <summary>
    /// What the next <paramref name="units"/> that come back are worth, in minor units. A part of a line cannot be rounded by
    /// itself: three units for 1.00 would give back 0.33 each and keep a penny (the lost-penny problem that Fowler describes
    /// under "Money" in Patterns of Enterprise Application Architecture). So what is owed for all units up to a place is
    /// rounded, and a part gets the difference of two such sums. The differences telescope: whatever the parts, they add up to
    /// exactly <see cref="Paid"/> once the last unit is back, and none is negative.
    /// </summary>
    /// <param name="units">Units that come back now, 0 to what is still out.</param>
    internal long RefundFor(int units) => PaidBetween(Returned, Returned + units);

    /// <summary>The share of what is paid of the units from one place to another, the first counted from 0.</summary>
    internal long PaidBetween(int from, int to) => ShareOf(Paid, to) - ShareOf(Paid, from);

    /// <summary>The tax in that share.</summary>
    internal long TaxBetween(int from, int to) => ShareOf(Tax, to) - ShareOf(Tax, from);

    /// <summary>
    /// Spreads units over the lines they were sold on, first line first. The decider prices a return with it and the
    /// fold books it with it, so both always mean the same lines.
    /// </summary>
    /// <param name="lines">The order's lines.</param>
    /// <param name="bySku">Units of each SKU; lowered to what found no line.</param>
    /// <param name="room">How many units a line can give, 0 or more.</param>
    /// <returns>The units taken from each line.</returns>
    internal static int[] Spread(IReadOnlyList<SoldLine> lines, Dictionary<string, long> bySku, Func<SoldLine, int> room)
    {
        var taken = new int[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (!bySku.TryGetValue(lines[i].Sku, out var open)) continue;
            taken[i] = (int)Math.Clamp(open, 0, room(lines[i]));
            bySku[lines[i].Sku] = open - taken[i];
        }

        return taken;
    }

    private long ShareOf(long amount, int units) => (long)decimal.Round((decimal)amount * units / Quantity, 0, MidpointRounding.ToEven);
}
