namespace EcommerceAI.Commerce.Carts;

/// <summary>What is known on the way from a cart to its order.</summary>
/// <param name="CheckoutId">The cart's id, or null before anything was said.</param>
/// <param name="BuyerId">Whose data it is, or null.</param>
/// <param name="Name">The person's name, or null where it is not known (any more).</param>
/// <param name="Email">Mail address, or null.</param>
/// <param name="Address">Postal address, or null.</param>
/// <param name="Country">Where it goes, or null.</param>
/// <param name="Note">A note to the order, or null.</param>
/// <param name="OptionId">The delivery option, or null.</param>
/// <param name="Method">The payment method, or null.</param>
/// <param name="Token">What the provider knows the instrument by, or null.</param>
/// <param name="Coupons">Coupon codes, upper case.</param>
public sealed record Checkout(
    string? CheckoutId, string? BuyerId, string? Name, string? Email, string? Address, string? Country, string? Note, string? OptionId,
    string? Method, string? Token, IReadOnlyList<string> Coupons)
{
    /// <summary>The state before the first event.</summary>
    public static Checkout Initial { get; } = new(null, null, null, null, null, null, null, null, null, null, []);

    /// <summary>The key of a checkout's stream, <c>checkout-{cartId}</c>.</summary>
    /// <param name="cartId">The cart's id.</param>
    /// <exception cref="ArgumentException"><paramref name="cartId"/> is no id.</exception>
    public static string StreamKey(string cartId) => IdFormat.StreamKey("checkout", cartId);

    /// <summary>Folds one event into the state; takes any history.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Checkout Evolve(Checkout state, DomainEvent @event) => @event switch
    {
        CheckoutAddressGiven given => state with
        {
            CheckoutId = given.CheckoutId,
            BuyerId = given.BuyerId,
            Name = given.Name,
            Email = given.Email,
            Address = given.Address,
            Country = given.Country,
        },
        CheckoutNoteGiven noted => state with { CheckoutId = noted.CheckoutId, Note = noted.Note },
        CheckoutDeliveryChosen chosen => state with { CheckoutId = chosen.CheckoutId, OptionId = chosen.OptionId },
        CheckoutPaymentChosen chosen => state with { CheckoutId = chosen.CheckoutId, Method = chosen.Method, Token = chosen.Token },
        CheckoutCouponsEntered entered => state with { CheckoutId = entered.CheckoutId, Coupons = entered.Codes },
        _ => state,
    };
}
