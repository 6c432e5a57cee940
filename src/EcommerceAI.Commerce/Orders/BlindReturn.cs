namespace EcommerceAI.Commerce.Orders;

/// <summary>A return that names no order, as its stream tells it.</summary>
/// <param name="ReturnId">The return's id, or null before it is received.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where the order had gone.</param>
/// <param name="Location">Where the goods came back to.</param>
/// <param name="Lines">What came back.</param>
/// <param name="Charges">Charges and discounts, signed as on the credit note.</param>
/// <param name="Total">The credit note's total, negative when money is given back; null before it is received.</param>
public sealed record BlindReturn(
    string? ReturnId, string? CustomerId, string? Country, string? Location, IReadOnlyList<OrderLine> Lines,
    IReadOnlyList<OrderCharge> Charges, Money? Total)
{
    /// <summary>The state before the first event.</summary>
    public static BlindReturn Initial { get; } = new(null, null, null, null, [], [], null);

    /// <summary>Whether the return was received.</summary>
    public bool Exists => ReturnId is not null;

    /// <summary>The key of a return's stream, <c>return-{id}</c>.</summary>
    /// <param name="returnId">The return's id.</param>
    /// <exception cref="ArgumentException"><paramref name="returnId"/> is no id.</exception>
    public static string StreamKey(string returnId) => IdFormat.StreamKey("return", returnId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static BlindReturn Evolve(BlindReturn state, DomainEvent @event) => @event is ReturnReceived received
        ? new BlindReturn(
            received.ReturnId, received.CustomerId, received.Country, received.Location, received.Lines, received.Charges, received.Total)
        : state;
}
