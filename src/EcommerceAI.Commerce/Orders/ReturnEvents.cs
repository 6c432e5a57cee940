namespace EcommerceAI.Commerce.Orders;

/// <summary>A return that names no order ("blind return"); stream <c>return-{id}</c>.</summary>
public abstract record ReturnEvent : DomainEvent;

/// <summary>Goods came back, or money was given back, without a reference to an order. Event <c>return_received</c>.</summary>
/// <param name="ReturnId">The return's id.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where the order had gone.</param>
/// <param name="Location">Where the goods came back to.</param>
/// <param name="Lines">What came back; quantities and amounts are positive.</param>
/// <param name="Charges">Charges and discounts, signed as on the credit note (money given back is negative).</param>
/// <param name="Total">The credit note's total: charges less the lines' amounts; negative when money is given back.</param>
public sealed record ReturnReceived(
    string ReturnId, string? CustomerId, string Country, string Location, IReadOnlyList<OrderLine> Lines,
    IReadOnlyList<OrderCharge> Charges, Money Total) : ReturnEvent;
