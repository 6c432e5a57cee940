namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>The least stock that each code must open with so that its on-hand never goes below zero over the year.</summary>
internal static class OpeningCounts
{
    /// <summary>The opening count of every code, in units, 0 or more.</summary>
    /// <exception cref="ImportFileException">A stock would pass what an event can carry.</exception>
    public static int[] Find(RetailYear year)
    {
        var onHand = new long[year.Codes.Count];
        var lowest = new long[year.Codes.Count];
        var highest = new long[year.Codes.Count];
        var movements = new StockMovements(year);
        foreach (var invoice in year.Invoices)
        {
            foreach (var movement in movements.Of(invoice))
            {
                var now = onHand[movement.Code] += movement.Units;
                lowest[movement.Code] = Math.Min(lowest[movement.Code], now);
                highest[movement.Code] = Math.Max(highest[movement.Code], now);
            }
        }
        var opening = new int[onHand.Length];
        for (var code = 0; code < opening.Length; code++)
        {
            if (highest[code] - lowest[code] > int.MaxValue)
            {
                throw new ImportFileException(
                    year.File.Path, null, "Quantity", $"the stock of {year.Codes[code]} passes {int.MaxValue} over the year");
            }
            opening[code] = (int)-lowest[code];
        }
        return opening;
    }
}
