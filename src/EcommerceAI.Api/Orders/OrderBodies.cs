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
public sealed record NewReturn(IReadOnlyList<Goods> Lines, string? Reason = null);

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
