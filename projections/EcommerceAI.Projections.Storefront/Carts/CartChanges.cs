using EcommerceAI.Commerce.Carts;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Projections.Storefront.Carts;

/// <summary>A line's place in the read model.</summary>
internal readonly record struct CartLineKey(string CartId, bool Saved, string Sku);

/// <summary>A line as a batch leaves it, and the position at which the batch met it first.</summary>
internal sealed record CartRow(CartLine Line, long Since);

/// <summary>What a batch says of a cart; null where it says nothing.</summary>
internal sealed record CartChange(string CartId, CartCreated? Created, string? CustomerId, CartStatus? Status, string? OrderId, DateTime At, long Version);

/// <summary>A batch of events as the rows that it leaves: the last word on each counts.</summary>
internal sealed class CartChanges
{
    public CartChanges(IReadOnlyList<RecordedEvent> events)
    {
        foreach (var recorded in events)
        {
            if (recorded.Data is WishListEvent wish) Wishes[(wish.CustomerId, wish.Sku)] = wish is WishAdded ? recorded.Position : null;
            else if (recorded.Data is CartEvent cart) Add(cart, recorded);
        }
    }

    public Dictionary<string, CartChange> Carts { get; } = new(StringComparer.Ordinal);

    public Dictionary<CartLineKey, CartRow?> Lines { get; } = [];

    /// <summary>The position at which a wish was made, or null where it was taken back.</summary>
    public Dictionary<(string CustomerId, string Sku), long?> Wishes { get; } = [];

    private void Add(CartEvent @event, RecordedEvent recorded)
    {
        var before = Carts.GetValueOrDefault(@event.CartId) ?? new CartChange(@event.CartId, null, null, null, null, default, 0);
        Carts[@event.CartId] = Head(before, @event) with { At = recorded.Timestamp.UtcDateTime, Version = recorded.Version };
        switch (@event)
        {
            case CartLineAdded line:
                Set(line.CartId, false, new CartLine(line.Sku, line.Quantity, line.UnitPrice), recorded);
                break;
            case CartLineChanged changed:
                Set(changed.CartId, false, new CartLine(changed.Sku, changed.Quantity, changed.UnitPrice), recorded);
                break;
            case CartLineRemoved line:
                Lines[new CartLineKey(line.CartId, false, line.Sku)] = null;
                break;
            case CartLineSaved line:
                Lines[new CartLineKey(line.CartId, false, line.Sku)] = null;
                Set(line.CartId, true, new CartLine(line.Sku, line.Quantity, line.UnitPrice), recorded);
                break;
            case CartLineRestored line:
                Lines[new CartLineKey(line.CartId, true, line.Sku)] = null;
                Set(line.CartId, false, new CartLine(line.Sku, line.Quantity, line.UnitPrice), recorded);
                break;
            case CartMerged merged:
                foreach (var line in merged.Lines) Set(merged.CartId, false, line, recorded);
                foreach (var line in merged.Saved) Set(merged.CartId, true, line, recorded);
                break;
        }
    }

    private static CartChange Head(CartChange before, CartEvent @event) => @event switch
    {
        CartCreated created => before with { Created = created },
        CartClaimed claimed => before with { CustomerId = claimed.CustomerId },
        CartGivenUp => before with { Status = CartStatus.Merged, OrderId = null },
        CartOrdered ordered => before with { Status = CartStatus.Ordered, OrderId = ordered.OrderId },
        CartReopened => before with { Status = CartStatus.Open, OrderId = null },
        _ => before,
    };

    private void Set(string cartId, bool saved, CartLine line, RecordedEvent recorded)
    {
        var key = new CartLineKey(cartId, saved, line.Sku);
        Lines[key] = new CartRow(line, Lines.GetValueOrDefault(key)?.Since ?? recorded.Position);
    }
}
