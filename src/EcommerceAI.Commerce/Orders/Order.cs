using System.Globalization;

namespace EcommerceAI.Commerce.Orders;

/// <summary>How far an order has come.</summary>
public enum OrderStatus
{
    /// <summary>Nobody placed it yet.</summary>
    None,

    /// <summary>Placed; some of it or all of it may have come back.</summary>
    Placed,

    /// <summary>Called off as a whole.</summary>
    Cancelled,
}

/// <summary>An order as its stream tells it.</summary>
/// <param name="OrderId">The order's id, or null before it is placed.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where it goes.</param>
/// <param name="Location">Where its goods are taken from.</param>
/// <param name="Lines">Goods, each with what became of it.</param>
/// <param name="Charges">Charges and discounts.</param>
/// <param name="Total">Sum of the amounts of lines and charges; null before the order is placed.</param>
/// <param name="Refunded">What was credited for returned goods and without goods, in minor units of the total's currency.</param>
/// <param name="ReturnIds">Ids of the returns, in the order they came.</param>
public sealed record Order(
    string? OrderId, OrderStatus Status, string? CustomerId, string? Country, string? Location, IReadOnlyList<SoldLine> Lines,
    IReadOnlyList<OrderCharge> Charges, Money? Total, long Refunded, IReadOnlyList<string> ReturnIds)
{
    /// <summary>The state before the first event.</summary>
    public static Order Initial { get; } = new(null, OrderStatus.None, null, null, null, [], [], null, 0, []);

    /// <summary>What an order out of a checkout is bound to, or null.</summary>
    public OrderTerms? Terms { get; init; }

    /// <summary>Whether its money is held and its goods are allocated.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>The parcel that waits for its money, or null. One at a time, so that every unit keeps its place.</summary>
    public OrderShipmentPacked? Parcel { get; init; }

    /// <summary>Ids of every parcel that was packed, the dropped ones too.</summary>
    public IReadOnlyList<string> ShipmentIds { get; init; } = [];

    /// <summary>Ids of parcels that stayed.</summary>
    public IReadOnlyList<string> DroppedIds { get; init; } = [];

    /// <summary>Ids of changes and refunds.</summary>
    public IReadOnlyList<string> ChangeIds { get; init; } = [];

    /// <summary>What was shipped comes to, delivery included, in minor units.</summary>
    public long Charged { get; init; }

    /// <summary>Money that is to flow back, each with the id of what it is for, in minor units.</summary>
    public IReadOnlyList<OrderCredit> Credits { get; init; } = [];

    /// <summary>What a placed order comes to without the units that were taken off before they left.</summary>
    /// <exception cref="InvalidOperationException">It was never placed.</exception>
    public Money RemainingTotal() => Total!.Value with
    {
        Minor = Lines.Sum(line => line.PaidBetween(0, line.Quantity - line.Cancelled)) + (Terms?.Delivery ?? 0),
    };

    /// <summary>Whether the order was placed, be it cancelled since or not.</summary>
    public bool Exists => OrderId is not null;

    /// <summary>Whether nothing more will leave: it is cancelled, or every unit was shipped or taken off.</summary>
    public bool IsSettled => Status == OrderStatus.Cancelled || (IsConfirmed && Lines.All(line => line.Open == 0 && line.Packed == 0));

    /// <summary>Whether a parcel has left or is packed.</summary>
    public bool HasShipment => Parcel is not null || Lines.Any(line => line.Shipped > 0);

    /// <summary>The key of an order's stream, <c>order-{id}</c>.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <exception cref="ArgumentException"><paramref name="orderId"/> is no id.</exception>
    public static string StreamKey(string orderId) => IdFormat.StreamKey("order", orderId);

    /// <summary>Folds one event into the state; takes any history, also one that no command would have made.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Order Evolve(Order state, DomainEvent @event) => @event switch
    {
        OrderPlaced placed => Initial with
        {
            OrderId = placed.OrderId,
            Status = OrderStatus.Placed,
            CustomerId = placed.CustomerId,
            Country = placed.Country,
            Location = placed.Location,
            Lines = [.. placed.Lines.Select((line, i) => Sold(line, placed.Terms?.Lines.ElementAtOrDefault(i)))],
            Charges = placed.Charges,
            Total = placed.Total,
            Terms = placed.Terms,
            Charged = placed.Terms is null ? placed.Total.Minor : 0,
        },
        OrderConfirmed => state with { IsConfirmed = true },
        OrderCancelled => state with { Status = OrderStatus.Cancelled, Parcel = null },
        OrderLinesCancelled cancelled => state with
        {
            Lines = Reallocated(
                Moved(state.Lines, cancelled.Lines, (line, units) => line with { Cancelled = line.Cancelled + units }), cancelled, state.NextAllocationId),
            ChangeIds = [.. state.ChangeIds, cancelled.ChangeId],
            Credits = state.Terms?.Capture == CaptureMoment.Placement ? state.Crediting(cancelled.ChangeId, cancelled.Amount.Minor) : state.Credits,
        },
        OrderShipmentPacked packed => state with
        {
            Lines = Moved(state.Lines, packed.Lines, (line, units) => line with { Packed = line.Packed + units }),
            Parcel = packed,
            ShipmentIds = [.. state.ShipmentIds, packed.ShipmentId],
        },
        OrderShipped when state.Parcel is { } parcel => state with
        {
            Lines = Moved(state.Lines, parcel.Lines, (line, units) => line with { Packed = line.Packed - units, Shipped = line.Shipped + units }),
            Parcel = null,
            Charged = state.Charged + parcel.Amount.Minor,
        },
        OrderShipmentDropped when state.Parcel is { } parcel => state with
        {
            Lines = Moved(state.Lines, parcel.Lines, (line, units) => line with { Packed = line.Packed - units }),
            Parcel = null,
            DroppedIds = [.. state.DroppedIds, parcel.ShipmentId],
        },
        OrderReturned returned => state with
        {
            Lines = TakeBack(state.Lines, returned.Lines),
            Refunded = state.Refunded + returned.Refund.Minor,
            ReturnIds = [.. state.ReturnIds, returned.ReturnId],
            Credits = state.Terms is null ? state.Credits : state.Crediting(returned.ReturnId, returned.Refund.Minor - returned.Carried),
        },
        OrderRefunded refunded => state with
        {
            Refunded = state.Refunded + refunded.Amount.Minor,
            ChangeIds = [.. state.ChangeIds, refunded.RefundId],
            Credits = state.Crediting(refunded.RefundId, refunded.Amount.Minor),
        },
        _ => state,
    };

    private static SoldLine Sold(OrderLine line, LineTerms? terms)
    {
        var sold = new SoldLine(line.Sku, line.Quantity, line.UnitPrice, line.Amount, 0);
        return terms is null
            ? sold
            : sold with { Location = terms.Location, Paid = terms.Paid, Tax = terms.Tax, TaxRate = terms.TaxRate, Shipped = 0 };
    }

    private static SoldLine[] Moved(IReadOnlyList<SoldLine> lines, IReadOnlyList<LineUnits> units, Func<SoldLine, int, SoldLine> move)
    {
        SoldLine[] moved = [.. lines];
        foreach (var part in units.Where(part => part.Line < moved.Length)) moved[part.Line] = move(moved[part.Line], part.Quantity);
        return moved;
    }

    private static SoldLine[] TakeBack(IReadOnlyList<SoldLine> sold, IReadOnlyList<OrderLine> returned)
    {
        var taken = SoldLine.Spread(sold, UnitsBySku(returned, line => line.Sku, line => line.Quantity), line => line.Returnable);
        return [.. sold.Select((line, i) => taken[i] == 0 ? line : line with { Returned = line.Returned + taken[i] })];
    }

    /// <summary>What is left of a SKU at a location after a change is promised to the order anew, under an id of its own.</summary>
    internal string NextAllocationId => string.Create(CultureInfo.InvariantCulture, $"{OrderId}.{ChangeIds.Count + 1}");

    private static SoldLine[] Reallocated(SoldLine[] lines, OrderLinesCancelled cancelled, string allocationId)
    {
        var touched = cancelled.Lines.Where(part => part.Line < lines.Length).Select(part => (lines[part.Line].Sku, lines[part.Line].Location)).ToHashSet();
        return [.. lines.Select(line => touched.Contains((line.Sku, line.Location)) ? line with { AllocationId = allocationId } : line)];
    }

    private OrderCredit[] Crediting(string creditId, long amount) => amount > 0 ? [.. Credits, new OrderCredit(creditId, amount)] : [.. Credits];

    /// <summary>The units of each SKU over all lines.</summary>
    internal static Dictionary<string, long> UnitsBySku<TLine>(
        IEnumerable<TLine> lines, Func<TLine, string> sku, Func<TLine, long> quantity)
    {
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in lines) units[sku(line)] = units.GetValueOrDefault(sku(line)) + quantity(line);
        return units;
    }
}

/// <summary>Money that is to flow back to the buyer.</summary>
/// <param name="CreditId">The return, change or refund that it is for.</param>
/// <param name="Amount">Minor units, above 0.</param>
public sealed record OrderCredit(string CreditId, long Amount);
