namespace EcommerceAI.Commerce.Orders;

/// <summary>When the money of an order is taken.</summary>
public enum CaptureMoment
{
    /// <summary>Shipment by shipment, each before it leaves.</summary>
    Shipment,

    /// <summary>As soon as it is authorised.</summary>
    Placement,
}

/// <summary>What the buyer pays for a line, and where its goods come from.</summary>
/// <param name="Location">Warehouse or shop where its units are allocated.</param>
/// <param name="Paid">The line's amount after its share of every discount, taxes included, in minor units.</param>
/// <param name="Tax">The tax in it, in minor units.</param>
/// <param name="TaxRate">The rate of that tax, as a fraction (0.2 for 20 %).</param>
public sealed record LineTerms(string Location, long Paid, long Tax, decimal TaxRate);

/// <summary>
/// What an order that was placed through a checkout is bound to; an order without has its goods issued as it is placed and its money
/// settled elsewhere (imports, counters).
/// </summary>
/// <param name="CartId">The cart that became the order; who buys and where it goes is in <c>checkout-{cartId}</c>.</param>
/// <param name="BuyerId">Whose personal data that is: the customer's id, or the cart's for a guest.</param>
/// <param name="Channel">Where it was bought.</param>
/// <param name="LegalEntity">Who sells: its invoices are numbered by itself.</param>
/// <param name="DeliveryOption">How it is delivered, or null where nothing is said.</param>
/// <param name="Capture">When the money is taken.</param>
/// <param name="PayBefore">When an order whose payment nobody has answered is called off.</param>
/// <param name="Delivery">What the buyer pays for delivery after discounts, taxes included, in minor units.</param>
/// <param name="DeliveryTax">The tax in it, in minor units.</param>
/// <param name="Lines">One for each line of the order, in its order; the paid amounts and the delivery add up to the order's total.</param>
public sealed record OrderTerms(
    string CartId, string BuyerId, string Channel, string LegalEntity, string? DeliveryOption, CaptureMoment Capture, DateTimeOffset PayBefore,
    long Delivery, long DeliveryTax, IReadOnlyList<LineTerms> Lines)
{
    /// <summary>Promotions with a limit that the order uses: counted with it, and given back where it is called off.</summary>
    public IReadOnlyList<string> Promotions { get; init; } = [];
}
