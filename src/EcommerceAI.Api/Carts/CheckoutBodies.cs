namespace EcommerceAI.Api.Carts;

/// <summary>Where an order goes and to whom.</summary>
/// <param name="Name">The person's name, 1 to 200 characters.</param>
/// <param name="Email">A mail address of at most 254 characters.</param>
/// <param name="Address">A postal address of 1 to 500 characters, line breaks included.</param>
/// <param name="Country">Country name or ISO 3166 code, 1 to 60 characters.</param>
public sealed record CheckoutAddress(string Name, string Email, string Address, string Country);

/// <summary>A note to the order.</summary>
/// <param name="Note">At most 500 characters, or null to take it back.</param>
public sealed record CheckoutNote(string? Note = null);

/// <summary>How an order is delivered.</summary>
/// <param name="OptionId">The delivery option's id.</param>
public sealed record CheckoutDelivery(string OptionId);

/// <summary>How an order is paid.</summary>
/// <param name="Method"><c>card</c>: authorised now, captured as goods leave. <c>wallet</c>: captured at once.</param>
/// <param name="Token">What the provider knows the instrument by; no card data.</param>
public sealed record CheckoutPayment(string Method, string Token);

/// <summary>The coupon codes that are to count.</summary>
/// <param name="Codes">At most 10 codes; none takes those back that were entered.</param>
public sealed record CheckoutCoupons(IReadOnlyList<string> Codes);

/// <summary>How far a checkout has come. Nothing personal is repeated here.</summary>
/// <param name="CartId">The cart's id.</param>
/// <param name="HasAddress">Whether an address is given.</param>
/// <param name="DeliveryOption">The delivery option, or null.</param>
/// <param name="PaymentMethod">The payment method, or null.</param>
/// <param name="Coupons">The coupon codes, upper case.</param>
public sealed record CheckoutStanding(string CartId, bool HasAddress, string? DeliveryOption, string? PaymentMethod, IReadOnlyList<string> Coupons);
