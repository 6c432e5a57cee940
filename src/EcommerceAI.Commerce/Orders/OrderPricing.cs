namespace EcommerceAI.Commerce.Orders;

/// <summary>Goods on an invoice before anybody has worked out what they come to.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="UnitPrice">Price of one unit in major units, at most four places; 0 for a free line.</param>
public readonly record struct UnpricedLine(string Sku, int Quantity, decimal UnitPrice);

/// <summary>A charge on an invoice before anybody has worked out what it comes to.</summary>
/// <param name="Code">The retailer's code.</param>
/// <param name="Description">What it says on the invoice, or null.</param>
/// <param name="Quantity">Signed count, not 0.</param>
/// <param name="UnitPrice">Price of one in major units, at most four places.</param>
public readonly record struct UnpricedCharge(string Code, string? Description, int Quantity, decimal UnitPrice);

/// <summary>
/// Works out what an invoice comes to: each line's unit price times quantity, rounded once, half to even, and the sum of what
/// was rounded. Commands and imports both price here, so one invoice has one total wherever it came from. Nothing is validated: an
/// import tells what happened. An amount beyond the range of <see cref="long"/> is an <see cref="OverflowException"/>.
/// </summary>
public static class OrderPricing
{
    /// <summary>The fact of an order with its amounts and total.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="customerId">The customer, or null for a guest.</param>
    /// <param name="country">Where it goes.</param>
    /// <param name="location">Where its goods are taken from.</param>
    /// <param name="currency">ISO 4217 alphabetic code of all prices.</param>
    /// <param name="lines">Goods.</param>
    /// <param name="charges">Charges and discounts.</param>
    public static OrderPlaced PlacedOrder(
        string orderId, string? customerId, string country, string location, string currency,
        IReadOnlyList<UnpricedLine> lines, IReadOnlyList<UnpricedCharge> charges)
    {
        var (priced, goods) = Price(lines, currency);
        var (charged, extras) = Price(charges, currency);
        return new OrderPlaced(orderId, customerId, country, location, priced, charged, goods + extras);
    }

    /// <summary>The fact of a return that names no order: its total is the charges less the goods.</summary>
    /// <param name="returnId">The return's id.</param>
    /// <param name="customerId">The customer, or null for a guest.</param>
    /// <param name="country">Where the order had gone.</param>
    /// <param name="location">Where the goods came back to.</param>
    /// <param name="currency">ISO 4217 alphabetic code of all prices.</param>
    /// <param name="lines">What came back, with positive quantities.</param>
    /// <param name="charges">Charges and discounts, signed as on the credit note.</param>
    public static ReturnReceived ReceivedReturn(
        string returnId, string? customerId, string country, string location, string currency,
        IReadOnlyList<UnpricedLine> lines, IReadOnlyList<UnpricedCharge> charges)
    {
        var (priced, goods) = Price(lines, currency);
        var (charged, extras) = Price(charges, currency);
        return new ReturnReceived(returnId, customerId, country, location, priced, charged, extras + -goods);
    }

    /// <summary>The fact of a bookkeeping entry.</summary>
    /// <param name="entryId">The entry's id.</param>
    /// <param name="currency">ISO 4217 alphabetic code of all prices.</param>
    /// <param name="lines">What was booked; signed.</param>
    public static LedgerEntryBooked BookedEntry(string entryId, string currency, IReadOnlyList<UnpricedCharge> lines)
    {
        var (booked, total) = Price(lines, currency);
        return new LedgerEntryBooked(entryId, booked, total);
    }

    private static (OrderLine[] Lines, Money Sum) Price(IReadOnlyList<UnpricedLine> lines, string currency)
    {
        var priced = new OrderLine[lines.Count];
        var sum = Money.Zero(currency);
        for (var i = 0; i < priced.Length; i++)
        {
            var (sku, quantity, unitPrice) = lines[i];
            var amount = new UnitPrice(unitPrice, currency).Times(quantity);
            priced[i] = new OrderLine(sku, quantity, unitPrice, amount.Minor);
            sum += amount;
        }

        return (priced, sum);
    }

    private static (OrderCharge[] Charges, Money Sum) Price(IReadOnlyList<UnpricedCharge> charges, string currency)
    {
        var priced = new OrderCharge[charges.Count];
        var sum = Money.Zero(currency);
        for (var i = 0; i < priced.Length; i++)
        {
            var (code, description, quantity, unitPrice) = charges[i];
            var amount = new UnitPrice(unitPrice, currency).Times(quantity);
            priced[i] = new OrderCharge(code, description, quantity, unitPrice, amount.Minor);
            sum += amount;
        }

        return (priced, sum);
    }
}
