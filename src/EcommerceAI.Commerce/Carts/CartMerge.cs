using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Carts;

/// <summary>
/// Lays a guest's cart into a customer's on sign-in. Units of one SKU add up, at the price that the customer's own cart has where it
/// has one; both carts change in one append, so no unit is in two carts or in none.
/// </summary>
public static class CartMerge
{
    /// <summary>What happens to the cart that stays; its prices count, and a quantity beyond the limit of a line is refused.</summary>
    /// <param name="into">The cart that stays.</param>
    /// <param name="from">The cart that is laid into it.</param>
    internal static Decision Decide(Cart into, Cart from)
    {
        if (!from.Exists) return Decision.Reject("unknown_cart", "The cart to merge does not exist.", "fromCartId");
        if (from.CartId == into.CartId) return Decision.Reject("same_cart", "A cart cannot be laid into itself.", "fromCartId");
        if (from.Status != CartStatus.Open) return Decision.Reject("cart_closed", $"Cart {from.CartId} is closed.", "fromCartId");
        if (from.CustomerId is not null && from.CustomerId != into.CustomerId)
            return Decision.Reject("cart_of_another", $"Cart {from.CartId} belongs to another customer.", "fromCartId");
        if (from.Currency != into.Currency)
            return Decision.Reject("mixed_currencies", $"Cart {from.CartId} is priced in {from.Currency}, cart {into.CartId} in {into.Currency}.", "fromCartId");
        var (lines, refused) = Join(into.Lines, from.Lines);
        var (saved, refusedSaved) = Join(into.Saved, from.Saved);
        return (refused ?? refusedSaved) is { } rejection
            ? Decision.Reject([rejection with { Field = "fromCartId" }])
            : Decision.Accept(new CartMerged(into.CartId!, from.CartId!, lines, saved));
    }

    private static (IReadOnlyList<CartLine> Lines, Rejection? Refused) Join(
        ImmutableDictionary<string, CartLine> into, ImmutableDictionary<string, CartLine> from)
    {
        var lines = new List<CartLine>(from.Count);
        var more = from.Keys.Count(sku => !into.ContainsKey(sku));
        if (into.Count + more > CommandFields.MaxLines)
            return (lines, new Rejection("cart_full", $"Together they have {into.Count + more} lines; a cart has at most {CommandFields.MaxLines}."));
        foreach (var line in from.Values.OrderBy(line => line.Sku, StringComparer.Ordinal))
        {
            var there = into.GetValueOrDefault(line.Sku);
            var quantity = (long)(there?.Quantity ?? 0) + line.Quantity;
            if (CartDecider.RefuseLine(into, line.Sku, quantity) is { Code: "quantity_limit_exceeded" } refused) return (lines, refused);
            lines.Add(new CartLine(line.Sku, (int)quantity, there?.UnitPrice ?? line.UnitPrice));
        }

        return (lines, null);
    }
}
