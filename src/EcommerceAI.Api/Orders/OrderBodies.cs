using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;

namespace EcommerceAI.Api.Orders;

/// <summary>An order to place; its prices come from the catalogue.</summary>
/// <param name="Country">Where it goes: country name or ISO 3166 code, 1 to 60 characters.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Location">Where its goods are taken from; <c>warehouse</c> where none is given.</param>
public sealed record NewOrder(string Country, IReadOnlyList<Goods> Lines, string? CustomerId = null, string? Location = null);

/// <summary>Some units of a product.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
public sealed record Goods(string Sku, int Quantity);

/// <summary>Calls an order off.</summary>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record Cancellation(string? Reason = null);

/// <summary>Goods that come back.</summary>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
/// <param name="WriteOff">Whether the goods are not fit for sale and stay out of the stock.</param>
public sealed record NewReturn(IReadOnlyList<Goods> Lines, string? Reason = null, bool WriteOff = false);

/// <summary>Goods that come back and what goes out for them.</summary>
/// <param name="Lines">What comes back, 1 to 1,000 lines.</param>
/// <param name="Replacements">What goes out instead, at today's list prices; together worth no more than what came back.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
/// <param name="WriteOff">Whether the returned goods stay out of the stock.</param>
public sealed record NewExchange(IReadOnlyList<Goods> Lines, IReadOnlyList<Goods> Replacements, string? Reason = null, bool WriteOff = false);

/// <summary>A cart to order.</summary>
/// <param name="ExpectedTotal">What the buyer was shown, in minor units: another total is refused. Null to take whatever it comes to.</param>
public sealed record CartOrder(long? ExpectedTotal = null);

/// <summary>How far an order out of a cart has come.</summary>
public enum CartOrderState
{
    /// <summary>Placed, its goods allocated; the provider has not answered yet.</summary>
    Pending,

    /// <summary>Its money is held; it is captured as goods leave.</summary>
    Confirmed,

    /// <summary>Its money is captured.</summary>
    Paid,

    /// <summary>Its payment was declined: nothing is held, no stock is kept, and the cart can be ordered again.</summary>
    Cancelled,
}

/// <summary>An order was placed out of a cart.</summary>
/// <param name="OrderId">The order's id, made by the server.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Lines">What was ordered, at list prices.</param>
/// <param name="Charges">Discounts, delivery and taxes.</param>
/// <param name="Total">What it comes to: the sum of lines and charges.</param>
public sealed record CartOrderTaken(
    string OrderId, CartOrderState State, IReadOnlyList<OrderLine> Lines, IReadOnlyList<OrderCharge> Charges, Money Total);

/// <summary>A parcel to pack.</summary>
/// <param name="Location">Where it stands.</param>
/// <param name="Lines">1 to 1,000 lines, or null for all that is open there.</param>
public sealed record NewShipment(string? Location = null, IReadOnlyList<Goods>? Lines = null);

/// <summary>A parcel was packed. It leaves as soon as its money is captured.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ShipmentId">The shipment's id, made by the server.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Amount">What is captured for it.</param>
/// <param name="HasLeft">Whether its money is captured and it has left.</param>
public sealed record ShipmentPacked(string OrderId, string ShipmentId, IReadOnlyList<LineUnits> Lines, Money Amount, bool HasLeft);

/// <summary>Units to take off an order before they leave.</summary>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record OrderChange(IReadOnlyList<Goods> Lines, string? Reason = null);

/// <summary>Money to give back without goods.</summary>
/// <param name="Amount">Minor units, 1 to what was charged and not given back yet.</param>
/// <param name="Reason">Why, 1 to 200 characters.</param>
public sealed record NewRefund(long Amount, string Reason);

/// <summary>An order was changed.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ChangeId">The change's id, made by the server; null where it called the whole order off.</param>
/// <param name="Amount">What it comes to less, or what is given back.</param>
public sealed record OrderChanged(string OrderId, string? ChangeId, Money Amount);

/// <summary>Goods were exchanged.</summary>
/// <param name="OrderId">The order that they were of.</param>
/// <param name="ReturnId">The return's id, made by the server.</param>
/// <param name="ExchangeOrderId">The order of the replacements.</param>
/// <param name="Credit">What came back is worth.</param>
/// <param name="Refund">What of it is given back.</param>
public sealed record GoodsExchanged(string OrderId, string ReturnId, string ExchangeOrderId, Money Credit, Money Refund);

/// <summary>An order was placed.</summary>
/// <param name="OrderId">The order's id, made by the server.</param>
/// <param name="Lines">What was ordered, at which price.</param>
/// <param name="Total">What it comes to, in minor units (pence, cents).</param>
public sealed record OrderTaken(string OrderId, IReadOnlyList<OrderLine> Lines, Money Total);

/// <summary>An order was called off.</summary>
/// <param name="OrderId">The order's id.</param>
public sealed record OrderCalledOff(string OrderId);

/// <summary>Goods were taken back.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ReturnId">The return's id, made by the server.</param>
/// <param name="Lines">What came back, at the price that was paid.</param>
/// <param name="Refund">What is given back, in minor units (pence, cents).</param>
public sealed record ReturnTaken(string OrderId, string ReturnId, IReadOnlyList<OrderLine> Lines, Money Refund);
