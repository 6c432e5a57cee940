namespace EcommerceAI.Commerce.Carts;

/// <summary>What happens to a cart; stream <c>cart-{id}</c>. Quantities are those that stand after the event, not differences.</summary>
/// <param name="CartId">The cart's id.</param>
public abstract record CartEvent(string CartId) : DomainEvent;

/// <summary>Somebody began to fill a cart. Event <c>cart_created</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Currency">ISO 4217 alphabetic code of all its prices.</param>
/// <param name="Channel">Where it is filled: <c>web</c>, <c>app</c>, a shop.</param>
/// <param name="CustomerId">Whose it is, or null for a guest.</param>
public sealed record CartCreated(string CartId, string Currency, string Channel, string? CustomerId) : CartEvent(CartId);

/// <summary>A SKU came into the cart. Event <c>cart_line_added</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="UnitPrice">The list price of one unit at that moment, in the cart's currency, major units, at most four places.</param>
public sealed record CartLineAdded(string CartId, string Sku, int Quantity, decimal UnitPrice) : CartEvent(CartId);

/// <summary>A line has another quantity or price. Event <c>cart_line_changed</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units that the line has now, 1 or more.</param>
/// <param name="UnitPrice">The list price of one unit now.</param>
public sealed record CartLineChanged(string CartId, string Sku, int Quantity, decimal UnitPrice) : CartEvent(CartId);

/// <summary>A SKU left the cart. Event <c>cart_line_removed</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
public sealed record CartLineRemoved(string CartId, string Sku) : CartEvent(CartId);

/// <summary>A line was put aside for later: it is no longer counted. Event <c>cart_line_saved</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units that are put aside under this SKU now.</param>
/// <param name="UnitPrice">The list price when it was put aside.</param>
public sealed record CartLineSaved(string CartId, string Sku, int Quantity, decimal UnitPrice) : CartEvent(CartId);

/// <summary>What was put aside came back into the cart. Event <c>cart_line_restored</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units that the line has now.</param>
/// <param name="UnitPrice">The list price of one unit now.</param>
public sealed record CartLineRestored(string CartId, string Sku, int Quantity, decimal UnitPrice) : CartEvent(CartId);

/// <summary>The cart is somebody's now. Event <c>cart_claimed</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="CustomerId">Whose it is.</param>
public sealed record CartClaimed(string CartId, string CustomerId) : CartEvent(CartId);

/// <summary>What a guest had gathered was laid into this cart on sign-in. Event <c>cart_merged</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="FromCartId">The guest's cart.</param>
/// <param name="Lines">The lines that differ now, as they stand.</param>
/// <param name="Saved">What is put aside and differs now, as it stands.</param>
public sealed record CartMerged(string CartId, string FromCartId, IReadOnlyList<CartLine> Lines, IReadOnlyList<CartLine> Saved)
    : CartEvent(CartId);

/// <summary>This guest's cart was laid into another one and is closed. Event <c>cart_given_up</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="IntoCartId">The cart that has its lines now.</param>
public sealed record CartGivenUp(string CartId, string IntoCartId) : CartEvent(CartId);

/// <summary>The cart became an order and takes no more changes. Event <c>cart_ordered</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="OrderId">The order.</param>
public sealed record CartOrdered(string CartId, string OrderId) : CartEvent(CartId);

/// <summary>The order came to nothing (its payment was declined): the cart can be changed and ordered again. Event <c>cart_reopened</c>.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="OrderId">The order that came to nothing.</param>
public sealed record CartReopened(string CartId, string OrderId) : CartEvent(CartId);
