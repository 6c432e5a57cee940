using EcommerceAI.Commerce;

namespace EcommerceAI.Api.Carts;

/// <summary>A cart to make.</summary>
/// <param name="Currency">ISO 4217 alphabetic code of all its prices.</param>
/// <param name="Channel">Where it is filled, a slug; <c>web</c> where none is given.</param>
/// <param name="CustomerId">Whose it is, or null for a guest.</param>
public sealed record NewCart(string Currency, string? Channel = null, string? CustomerId = null);

/// <summary>Units of a product to put into a cart.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Units, 1 to 1,000,000, on top of those that are there.</param>
public sealed record NewCartLine(string Sku, int Quantity);

/// <summary>How many units of a product a cart is to have.</summary>
/// <param name="Quantity">Units, 0 to 1,000,000; 0 removes the line.</param>
public sealed record CartLineQuantity(int Quantity);

/// <summary>Whether a line is put aside for later.</summary>
/// <param name="Saved">True puts it aside, false brings it back at today's price.</param>
public sealed record CartLinePlace(bool Saved);

/// <summary>Whose cart it is.</summary>
/// <param name="CustomerId">The customer who has signed in.</param>
public sealed record CartOwner(string CustomerId);

/// <summary>Another cart that is laid into this one.</summary>
/// <param name="FromCartId">The guest's cart.</param>
public sealed record CartToMerge(string FromCartId);

/// <summary>Whether a product is on a wish list.</summary>
/// <param name="Wished">True puts it on the list, false takes it off.</param>
public sealed record Wish(bool Wished);

/// <summary>A cart after a change. Its lines are read with <c>GET /v1/carts/{id}</c>: a reply costs the same for any number of them.</summary>
/// <param name="CartId">The cart's id, made by the server.</param>
/// <param name="Lines">How many lines it has.</param>
/// <param name="Units">Sum of their quantities.</param>
/// <param name="Goods">Sum of their amounts at list prices, before promotions, taxes and delivery.</param>
public sealed record CartStanding(string CartId, int Lines, long Units, Money Goods);

/// <summary>A wish list after a change.</summary>
/// <param name="CustomerId">Whose it is.</param>
/// <param name="Wishes">How many products are on it.</param>
public sealed record WishListStanding(string CustomerId, int Wishes);
