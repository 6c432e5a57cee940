namespace EcommerceAI.Commerce.Carts;

/// <summary>What can be asked of a cart. The family is closed: <see cref="CartDecider"/> answers every member.</summary>
public abstract record CartCommand
{
    private protected CartCommand(string cartId) => CartId = cartId;

    /// <summary>The cart's id, as <see cref="IdFormat"/> has it.</summary>
    public string CartId { get; init; }
}

/// <summary>Makes a cart.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Currency">ISO 4217 alphabetic code of all its prices.</param>
/// <param name="Channel">Where it is filled, a slug as <see cref="LocationFormat"/> has it.</param>
/// <param name="CustomerId">Whose it is, or null for a guest.</param>
public sealed record CreateCart(string CartId, string Currency, string Channel, string? CustomerId = null) : CartCommand(CartId);

/// <summary>Puts units of a SKU into the cart, on top of those that are there.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="UnitPrice">List price of one unit in the cart's currency, 0 to 1,000,000 with at most four places.</param>
public sealed record AddCartLine(string CartId, string Sku, int Quantity, decimal UnitPrice) : CartCommand(CartId);

/// <summary>Sets how many units of a SKU are in the cart.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit of a line.</param>
/// <param name="Quantity">Units, 0 to 1,000,000; 0 removes the line.</param>
public sealed record ChangeCartLine(string CartId, string Sku, int Quantity) : CartCommand(CartId);

/// <summary>Puts a line aside for later, together with what is put aside of it already.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit of a line.</param>
public sealed record SaveCartLine(string CartId, string Sku) : CartCommand(CartId);

/// <summary>Brings what was put aside back into the cart.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="UnitPrice">Today's list price of one unit, or null to keep the one it was put aside at.</param>
public sealed record RestoreCartLine(string CartId, string Sku, decimal? UnitPrice = null) : CartCommand(CartId);

/// <summary>Says whose cart it is.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="CustomerId">Whose it is.</param>
public sealed record ClaimCart(string CartId, string CustomerId) : CartCommand(CartId);

/// <summary>Lays another cart into this one; see <see cref="CartMerge"/> for both sides.</summary>
/// <param name="CartId">The cart that stays.</param>
/// <param name="From">The other cart as it stands.</param>
public sealed record MergeCart(string CartId, Cart From) : CartCommand(CartId);

/// <summary>Closes the cart because it became an order.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="OrderId">The order.</param>
public sealed record OrderCart(string CartId, string OrderId) : CartCommand(CartId);

/// <summary>Opens the cart again because its order came to nothing.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="OrderId">The order; another order of the cart, or none, and nothing changes.</param>
public sealed record ReopenCart(string CartId, string OrderId) : CartCommand(CartId);
