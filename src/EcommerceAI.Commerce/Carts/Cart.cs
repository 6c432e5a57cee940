using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Carts;

/// <summary>How far a cart has come.</summary>
public enum CartStatus
{
    /// <summary>Nobody made it yet.</summary>
    None,

    /// <summary>It can be changed.</summary>
    Open,

    /// <summary>Laid into another cart.</summary>
    Merged,

    /// <summary>It became an order.</summary>
    Ordered,
}

/// <summary>A line of a cart.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units, 1 or more.</param>
/// <param name="UnitPrice">List price of one unit when the line was last changed, in the cart's currency, major units.</param>
public sealed record CartLine(string Sku, int Quantity, decimal UnitPrice);

/// <summary>
/// A cart as its stream tells it. Lines are kept in persistent maps and the totals are carried along, so a change costs the same
/// whether the cart has two lines or a thousand (the maps are balanced trees: O(log n) nodes are made anew, no line is copied).
/// </summary>
/// <param name="CartId">The cart's id, or null before it is made.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Currency">ISO 4217 alphabetic code of all its prices; null before it is made.</param>
/// <param name="Channel">Where it is filled; null before it is made.</param>
/// <param name="CustomerId">Whose it is, or null for a guest.</param>
/// <param name="Lines">Lines by SKU.</param>
/// <param name="Saved">What is put aside for later, by SKU; not in the totals.</param>
/// <param name="Units">Sum of the lines' quantities.</param>
/// <param name="Goods">Sum of the lines' amounts at list prices, in minor units: each unit price times quantity, rounded once.</param>
/// <param name="OrderId">The order that the cart became, or null.</param>
public sealed record Cart(
    string? CartId, CartStatus Status, string? Currency, string? Channel, string? CustomerId, ImmutableDictionary<string, CartLine> Lines,
    ImmutableDictionary<string, CartLine> Saved, long Units, long Goods, string? OrderId)
{
    /// <summary>The state before the first event.</summary>
    public static Cart Initial { get; } = new(
        null, CartStatus.None, null, null, null, ImmutableDictionary<string, CartLine>.Empty, ImmutableDictionary<string, CartLine>.Empty, 0, 0, null);

    /// <summary>Whether the cart was made.</summary>
    public bool Exists => CartId is not null;

    /// <summary>The key of a cart's stream, <c>cart-{id}</c>.</summary>
    /// <param name="cartId">The cart's id.</param>
    /// <exception cref="ArgumentException"><paramref name="cartId"/> is no id.</exception>
    public static string StreamKey(string cartId) => IdFormat.StreamKey("cart", cartId);

    /// <summary>What a line comes to at its list price, in minor units.</summary>
    /// <param name="line">The line.</param>
    public long AmountOf(CartLine line) => new UnitPrice(line.UnitPrice, Currency ?? "").Times(line.Quantity).Minor;

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Cart Evolve(Cart state, DomainEvent @event) => @event switch
    {
        CartCreated created => Initial with
        {
            CartId = created.CartId,
            Status = CartStatus.Open,
            Currency = created.Currency,
            Channel = created.Channel,
            CustomerId = created.CustomerId,
        },
        CartLineAdded added => state.WithLine(new CartLine(added.Sku, added.Quantity, added.UnitPrice)),
        CartLineChanged changed => state.WithLine(new CartLine(changed.Sku, changed.Quantity, changed.UnitPrice)),
        CartLineRemoved removed => state.WithoutLine(removed.Sku),
        CartLineSaved saved => state.WithoutLine(saved.Sku).WithSaved(new CartLine(saved.Sku, saved.Quantity, saved.UnitPrice)),
        CartLineRestored restored => state.WithLine(new CartLine(restored.Sku, restored.Quantity, restored.UnitPrice))
            with
        { Saved = state.Saved.Remove(restored.Sku) },
        CartClaimed claimed => state with { CustomerId = claimed.CustomerId },
        CartMerged merged => merged.Saved.Aggregate(
            merged.Lines.Aggregate(state, (cart, line) => cart.WithLine(line)), (cart, line) => cart.WithSaved(line)),
        CartGivenUp => state with { Status = CartStatus.Merged },
        CartOrdered ordered => state with { Status = CartStatus.Ordered, OrderId = ordered.OrderId },
        CartReopened => state with { Status = CartStatus.Open, OrderId = null },
        _ => state,
    };

    private Cart WithLine(CartLine line)
    {
        var before = Lines.GetValueOrDefault(line.Sku);
        return this with
        {
            Lines = Lines.SetItem(line.Sku, line),
            Units = Units + line.Quantity - (before?.Quantity ?? 0),
            Goods = Goods + AmountOf(line) - (before is null ? 0 : AmountOf(before)),
        };
    }

    private Cart WithoutLine(string sku) => Lines.TryGetValue(sku, out var line)
        ? this with { Lines = Lines.Remove(sku), Units = Units - line.Quantity, Goods = Goods - AmountOf(line) }
        : this;

    private Cart WithSaved(CartLine line) => this with { Saved = Saved.SetItem(line.Sku, line) };
}
