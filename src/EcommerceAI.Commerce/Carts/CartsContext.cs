using EcommerceAI.Commerce.Customers;

namespace EcommerceAI.Commerce.Carts;

/// <summary>What shoppers gather, wish for, and say on the way to an order.</summary>
public static class CartsContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Carts",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["cart_created"] = typeof(CartCreated),
            ["cart_line_added"] = typeof(CartLineAdded),
            ["cart_line_changed"] = typeof(CartLineChanged),
            ["cart_line_removed"] = typeof(CartLineRemoved),
            ["cart_line_saved"] = typeof(CartLineSaved),
            ["cart_line_restored"] = typeof(CartLineRestored),
            ["cart_claimed"] = typeof(CartClaimed),
            ["cart_merged"] = typeof(CartMerged),
            ["cart_given_up"] = typeof(CartGivenUp),
            ["cart_ordered"] = typeof(CartOrdered),
            ["cart_reopened"] = typeof(CartReopened),
            ["wish_added"] = typeof(WishAdded),
            ["wish_removed"] = typeof(WishRemoved),
            ["checkout_address_given"] = typeof(CheckoutAddressGiven),
            ["checkout_note_given"] = typeof(CheckoutNoteGiven),
            ["checkout_delivery_chosen"] = typeof(CheckoutDeliveryChosen),
            ["checkout_payment_chosen"] = typeof(CheckoutPaymentChosen),
            ["checkout_coupons_entered"] = typeof(CheckoutCouponsEntered),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["cart"] = StateFold.Of(Cart.Initial, Cart.Evolve),
            ["wishlist"] = StateFold.Of(WishList.Initial, WishList.Evolve),
            ["checkout"] = StateFold.Of(Checkout.Initial, Checkout.Evolve),
        })
    {
        PersonalFields =
        [
            ("checkout_address_given", "name", CustomersContext.Person, "buyerId", null),
            ("checkout_address_given", "email", CustomersContext.Person, "buyerId", null),
            ("checkout_address_given", "address", CustomersContext.Person, "buyerId", null),
            ("checkout_note_given", "note", CustomersContext.Person, "buyerId", null),
        ],
    };
}
