using EcommerceAI.Commerce.Orders;

namespace EcommerceAI.Projections.Storefront.Sales;

/// <summary>What an order came to.</summary>
internal sealed record OrderFigures(
    string OrderId, string Country, string Currency, long Units, decimal Revenue, long Booked, decimal Charges, long ChargesBooked)
{
    public static OrderFigures Of(OrderPlaced placed) => new(
        placed.OrderId, placed.Country, placed.Total.Currency, placed.Lines.Sum(line => (long)line.Quantity), ValueOf(placed.Lines),
        placed.Lines.Sum(line => line.Amount), ValueOf(placed.Charges), placed.Charges.Sum(charge => charge.Amount));

    /// <summary>The exact value of lines in major units.</summary>
    public static decimal ValueOf(IReadOnlyList<OrderLine> lines) => lines.Sum(line => line.Quantity * line.UnitPrice);

    /// <summary>The exact value of charges in major units, signed.</summary>
    public static decimal ValueOf(IReadOnlyList<OrderCharge> charges) => charges.Sum(charge => charge.Quantity * charge.UnitPrice);
}

/// <summary>Differences for one day, country and currency.</summary>
internal sealed record SalesDay(DateOnly Day, string Country, string Currency)
{
    private static readonly PlacedFigures NonePlaced = new(0, 0, 0, 0, 0, 0, 0);
    private static readonly CancelledFigures NoneCancelled = new(0, 0, 0, 0, 0, 0);
    private static readonly ReturnedFigures NoneReturned = new(0, 0, 0, 0, 0, 0);

    public PlacedFigures Placed { get; private set; } = NonePlaced;

    public CancelledFigures Cancelled { get; private set; } = NoneCancelled;

    public ReturnedFigures Returned { get; private set; } = NoneReturned;

    public static SumTable<SalesDay> Table { get; } = new(
        "sales_days",
        [
            SumColumn<SalesDay>.Date("day", row => row.Day),
            SumColumn<SalesDay>.Text("country", row => row.Country),
            SumColumn<SalesDay>.Text("currency", row => row.Currency),
        ],
        [
            SumColumn<SalesDay>.Whole("orders", row => row.Placed.Orders),
            SumColumn<SalesDay>.Whole("units", row => row.Placed.Units),
            SumColumn<SalesDay>.Whole("free_units", row => row.Placed.FreeUnits),
            SumColumn<SalesDay>.Exact("revenue", row => row.Placed.Revenue),
            SumColumn<SalesDay>.Whole("booked", row => row.Placed.Booked),
            SumColumn<SalesDay>.Exact("charges", row => row.Placed.Charges),
            SumColumn<SalesDay>.Whole("charges_booked", row => row.Placed.ChargesBooked),
            SumColumn<SalesDay>.Whole("cancelled_orders", row => row.Cancelled.Orders),
            SumColumn<SalesDay>.Whole("cancelled_units", row => row.Cancelled.Units),
            SumColumn<SalesDay>.Exact("cancelled_revenue", row => row.Cancelled.Revenue),
            SumColumn<SalesDay>.Whole("cancelled_booked", row => row.Cancelled.Booked),
            SumColumn<SalesDay>.Exact("cancelled_charges", row => row.Cancelled.Charges),
            SumColumn<SalesDay>.Whole("cancelled_charges_booked", row => row.Cancelled.ChargesBooked),
            SumColumn<SalesDay>.Whole("returns", row => row.Returned.Returns),
            SumColumn<SalesDay>.Whole("returned_units", row => row.Returned.Units),
            SumColumn<SalesDay>.Exact("refunded", row => row.Returned.Refunded),
            SumColumn<SalesDay>.Whole("refunded_booked", row => row.Returned.Booked),
            SumColumn<SalesDay>.Exact("return_charges", row => row.Returned.Charges),
            SumColumn<SalesDay>.Whole("return_charges_booked", row => row.Returned.ChargesBooked),
        ]);

    public void Place(OrderFigures order, IReadOnlyList<OrderLine> lines)
    {
        var free = lines.Where(line => line.UnitPrice == 0).Sum(line => (long)line.Quantity);
        Placed = new PlacedFigures(
            Placed.Orders + 1, Placed.Units + order.Units - free, Placed.FreeUnits + free, Placed.Revenue + order.Revenue,
            Placed.Booked + order.Booked, Placed.Charges + order.Charges, Placed.ChargesBooked + order.ChargesBooked);
    }

    public void Cancel(OrderFigures order) => Cancelled = new CancelledFigures(
        Cancelled.Orders + 1, Cancelled.Units + order.Units, Cancelled.Revenue + order.Revenue, Cancelled.Booked + order.Booked,
        Cancelled.Charges + order.Charges, Cancelled.ChargesBooked + order.ChargesBooked);

    public void TakeBack(IReadOnlyList<OrderLine> lines, long booked, IReadOnlyList<OrderCharge> charges) => Returned = new ReturnedFigures(
        Returned.Returns + 1, Returned.Units + lines.Sum(line => (long)line.Quantity), Returned.Refunded + OrderFigures.ValueOf(lines),
        Returned.Booked + booked, Returned.Charges + OrderFigures.ValueOf(charges),
        Returned.ChargesBooked + charges.Sum(charge => charge.Amount));
}
