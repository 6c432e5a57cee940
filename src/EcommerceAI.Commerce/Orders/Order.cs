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
/// <param name="Lines">Goods, each with what came back of it.</param>
/// <param name="Charges">Charges and discounts.</param>
/// <param name="Total">Sum of the amounts of lines and charges; null before the order is placed.</param>
/// <param name="Refunded">What was given back for returned goods, in minor units of the total's currency.</param>
/// <param name="ReturnIds">Ids of the returns, in the order they came.</param>
public sealed record Order(
    string? OrderId, OrderStatus Status, string? CustomerId, string? Country, string? Location, IReadOnlyList<SoldLine> Lines,
    IReadOnlyList<OrderCharge> Charges, Money? Total, long Refunded, IReadOnlyList<string> ReturnIds)
{
    /// <summary>The state before the first event.</summary>
    public static Order Initial { get; } = new(null, OrderStatus.None, null, null, null, [], [], null, 0, []);

    /// <summary>Whether the order was placed, be it cancelled since or not.</summary>
    public bool Exists => OrderId is not null;

    /// <summary>The key of an order's stream, <c>order-{id}</c>.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <exception cref="ArgumentException"><paramref name="orderId"/> is no id.</exception>
    public static string StreamKey(string orderId) => IdFormat.StreamKey("order", orderId);

    /// <summary>Folds one event into the state; takes any history, also one that no command would have made.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Order Evolve(Order state, DomainEvent @event) => @event switch
    {
        OrderPlaced placed => new Order(
            placed.OrderId, OrderStatus.Placed, placed.CustomerId, placed.Country, placed.Location,
            [.. placed.Lines.Select(line => new SoldLine(line.Sku, line.Quantity, line.UnitPrice, line.Amount, 0))],
            placed.Charges, placed.Total, 0, []),
        OrderCancelled => state with { Status = OrderStatus.Cancelled },
        OrderReturned returned => state with
        {
            Lines = TakeBack(state.Lines, returned.Lines),
            Refunded = state.Refunded + returned.Refund.Minor,
            ReturnIds = [.. state.ReturnIds, returned.ReturnId],
        },
        _ => state,
    };

    private static SoldLine[] TakeBack(IReadOnlyList<SoldLine> sold, IReadOnlyList<OrderLine> returned)
    {
        var taken = SoldLine.Spread(sold, UnitsBySku(returned, line => line.Sku, line => line.Quantity));
        return [.. sold.Select((line, i) => taken[i] == 0 ? line : line with { Returned = line.Returned + taken[i] })];
    }

    /// <summary>The units of each SKU over all lines.</summary>
    internal static Dictionary<string, long> UnitsBySku<TLine>(
        IEnumerable<TLine> lines, Func<TLine, string> sku, Func<TLine, long> quantity)
    {
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in lines) units[sku(line)] = units.GetValueOrDefault(sku(line)) + quantity(line);
        return units;
    }
}
