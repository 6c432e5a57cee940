using System.Text.Json.Serialization;

namespace EcommerceAI.Commerce.Orders;

/// <summary>A line of goods on an order or a return.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="UnitPrice">Price of one unit in the order's currency, major units, at most four places; 0 for a free line.</param>
/// <param name="Amount">The line's amount in minor units: unit price times quantity, rounded once.</param>
public sealed record OrderLine(string Sku, int Quantity, decimal UnitPrice, long Amount);

/// <summary>What is charged or allowed beside goods: postage, a manual entry, a discount, a fee, a voucher.</summary>
/// <param name="Code">The retailer's code (<c>POST</c>, <c>D</c>).</param>
/// <param name="Description">What it says on the invoice, or null.</param>
/// <param name="Quantity">Signed count, not 0; negative for what is given back.</param>
/// <param name="UnitPrice">Price of one in major units, at most four places.</param>
/// <param name="Amount">Minor units, signed: unit price times quantity, rounded once.</param>
public sealed record OrderCharge(string Code, string? Description, int Quantity, decimal UnitPrice, long Amount);

/// <summary>What happens to an order; stream <c>order-{id}</c>.</summary>
public abstract record OrderEvent : DomainEvent;

/// <summary>An order was placed. Event <c>order_placed</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where it goes.</param>
/// <param name="Location">Where its goods are taken from.</param>
/// <param name="Lines">Goods; a SKU may stand on several lines.</param>
/// <param name="Charges">Charges and discounts.</param>
/// <param name="Total">Sum of the amounts of lines and charges.</param>
/// <param name="Terms">What an order out of a checkout is bound to; null, and then not written, for every other order.</param>
public sealed record OrderPlaced(
    string OrderId, string? CustomerId, string Country, string Location, IReadOnlyList<OrderLine> Lines,
    IReadOnlyList<OrderCharge> Charges, Money Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] OrderTerms? Terms = null) : OrderEvent;

/// <summary>The whole order was called off and its goods went back to stock. Event <c>order_cancelled</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record OrderCancelled(string OrderId, string? Reason) : OrderEvent;

/// <summary>Goods of this order came back. Event <c>order_returned</c>.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ReturnId">The return's own id, unique over all orders.</param>
/// <param name="Lines">What came back, priced as it was paid; quantities and amounts are positive.</param>
/// <param name="Refund">What is credited for it, positive: the sum of the lines' amounts, or less where less is left of what was paid.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="WrittenOff">Whether the goods are not fit for sale and stay out of the stock.</param>
/// <param name="ExchangeOrderId">The order that the goods were exchanged into, or null.</param>
/// <param name="Carried">How much of the refund pays for that order instead of flowing back, in minor units.</param>
public sealed record OrderReturned(
    string OrderId, string ReturnId, IReadOnlyList<OrderLine> Lines, Money Refund, string? Reason, bool WrittenOff = false,
    string? ExchangeOrderId = null, long Carried = 0) : OrderEvent;
