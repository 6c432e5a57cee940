namespace EcommerceAI.Commerce.Carts;

/// <summary>
/// What a buyer says on the way from cart to order; stream <c>checkout-{cartId}</c>. It is a stream of its own because it holds who
/// the buyer is: carts and orders stay free of personal data.
/// </summary>
/// <param name="CheckoutId">The cart's id.</param>
public abstract record CheckoutEvent(string CheckoutId) : DomainEvent;

/// <summary>Where it goes and to whom. Event <c>checkout_address_given</c>; name, mail and address are sealed.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="BuyerId">Whose data it is: the customer's id, or the cart's for a guest.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Email">Mail address.</param>
/// <param name="Address">Postal address, its lines with line breaks between.</param>
/// <param name="Country">Where it goes: what taxes and delivery depend on.</param>
public sealed record CheckoutAddressGiven(string CheckoutId, string BuyerId, string? Name, string? Email, string? Address, string Country)
    : CheckoutEvent(CheckoutId);

/// <summary>A note to the order. Event <c>checkout_note_given</c>; the note is sealed.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="BuyerId">Whose data it is.</param>
/// <param name="Note">The note, or null where it was taken back.</param>
public sealed record CheckoutNoteGiven(string CheckoutId, string BuyerId, string? Note) : CheckoutEvent(CheckoutId);

/// <summary>How it is delivered. Event <c>checkout_delivery_chosen</c>.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="OptionId">The delivery option.</param>
public sealed record CheckoutDeliveryChosen(string CheckoutId, string OptionId) : CheckoutEvent(CheckoutId);

/// <summary>How it is paid. Event <c>checkout_payment_chosen</c>.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="Method">The method: <c>card</c> is authorised and captured as goods are shipped, <c>wallet</c> captured at once.</param>
/// <param name="Token">What the provider knows the instrument by; no card data.</param>
public sealed record CheckoutPaymentChosen(string CheckoutId, string Method, string Token) : CheckoutEvent(CheckoutId);

/// <summary>The coupon codes that the buyer entered, all of them. Event <c>checkout_coupons_entered</c>.</summary>
/// <param name="CheckoutId">The cart's id.</param>
/// <param name="Codes">The codes as they count now, upper case, none twice.</param>
public sealed record CheckoutCouponsEntered(string CheckoutId, IReadOnlyList<string> Codes) : CheckoutEvent(CheckoutId);
