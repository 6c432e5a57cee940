using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Carts;

/// <summary>What a customer wishes for; stream <c>wishlist-{customerId}</c>.</summary>
/// <param name="CustomerId">Whose list it is.</param>
/// <param name="Sku">Stock keeping unit, upper case.</param>
public abstract record WishListEvent(string CustomerId, string Sku) : DomainEvent;

/// <summary>A SKU came onto the list. Event <c>wish_added</c>.</summary>
/// <param name="CustomerId">Whose list it is.</param>
/// <param name="Sku">Stock keeping unit.</param>
public sealed record WishAdded(string CustomerId, string Sku) : WishListEvent(CustomerId, Sku);

/// <summary>A SKU left the list. Event <c>wish_removed</c>.</summary>
/// <param name="CustomerId">Whose list it is.</param>
/// <param name="Sku">Stock keeping unit.</param>
public sealed record WishRemoved(string CustomerId, string Sku) : WishListEvent(CustomerId, Sku);

/// <summary>A customer's wish list as its stream tells it.</summary>
/// <param name="Skus">The SKUs on it, upper case.</param>
public sealed record WishList(ImmutableHashSet<string> Skus)
{
    private const int MaxWishes = 1_000;

    /// <summary>The state before the first event.</summary>
    public static WishList Initial { get; } = new(ImmutableHashSet<string>.Empty);

    /// <summary>The key of a wish list's stream, <c>wishlist-{customerId}</c>.</summary>
    /// <param name="customerId">Whose list it is.</param>
    /// <exception cref="ArgumentException"><paramref name="customerId"/> is no id.</exception>
    public static string StreamKey(string customerId) => IdFormat.StreamKey("wishlist", customerId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static WishList Evolve(WishList state, DomainEvent @event) => @event switch
    {
        WishAdded added => new WishList(state.Skus.Add(added.Sku)),
        WishRemoved removed => new WishList(state.Skus.Remove(removed.Sku)),
        _ => state,
    };

    /// <summary>Puts a SKU on the list or takes it off; again changes nothing. Refuses with <c>wish_list_full</c> beyond 1,000.</summary>
    /// <param name="state">The list as it stands.</param>
    /// <param name="customerId">Whose list it is.</param>
    /// <param name="sku">A SKU, upper case.</param>
    /// <param name="wished">Whether it is to be on the list.</param>
    public static Decision Decide(WishList state, string customerId, string sku, bool wished) =>
        state.Skus.Contains(sku) == wished ? Decision.Accept()
        : !wished ? Decision.Accept(new WishRemoved(customerId, sku))
        : state.Skus.Count >= MaxWishes ? Decision.Reject("wish_list_full", $"A wish list has at most {MaxWishes} entries.", "sku")
        : Decision.Accept(new WishAdded(customerId, sku));
}
