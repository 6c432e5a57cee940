using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Api.Orders;

/// <summary>A line of a cart at today's price, with where its units leave from.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Quantity">Units.</param>
/// <param name="UnitPrice">Price of one unit, major units.</param>
/// <param name="Categories">The product's categories.</param>
/// <param name="Places">Units by location; they add up to the quantity.</param>
internal sealed record SourcedLine(string Sku, int Quantity, decimal UnitPrice, IReadOnlyList<string> Categories, IReadOnlyList<(string Location, int Units)> Places);

/// <summary>Turns a quote into an order whose lines, charges and what is paid for each add up to the same total.</summary>
internal static class CheckoutPricing
{
    /// <summary>Code of the charge for delivery.</summary>
    public const string Delivery = "DELIVERY";

    private const string Tax = "TAX";
    private const string DeliveryLine = "delivery";

    /// <summary>The request to the evaluator.</summary>
    public static PricingRequest Request(Cart cart, Checkout checkout, IReadOnlyList<SourcedLine> lines, decimal delivery, DateTimeOffset at) => new(
        cart.Currency!, cart.Channel!, checkout.Country!, null, at,
        [
            .. lines.Select((line, i) => new PricingLine(LineId(i), line.Sku, line.Quantity, line.UnitPrice) { Categories = line.Categories }),
            new PricingLine(DeliveryLine, Delivery, 1, delivery) { IsDelivery = true },
        ])
    {
        CouponCodes = checkout.Coupons,
    };

    /// <summary>The order of a quote.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="cart">The cart.</param>
    /// <param name="checkout">What the buyer said.</param>
    /// <param name="lines">The lines that were priced, in the order of the request.</param>
    /// <param name="quote">What they come to.</param>
    /// <param name="legalEntity">Who sells.</param>
    /// <param name="payBefore">When an order whose payment nobody has answered is called off.</param>
    public static OrderPlaced Order(
        string orderId, Cart cart, Checkout checkout, IReadOnlyList<SourcedLine> lines, PriceQuote quote, string legalEntity, DateTimeOffset payBefore)
    {
        var goods = new List<OrderLine>();
        var terms = new List<LineTerms>();
        for (var i = 0; i < lines.Count; i++) Split(lines[i], quote.Lines[i], quote.Currency, goods, terms);
        var delivery = quote.Lines[^1];
        var charges = Charges(quote, delivery, goods.Sum(line => line.Amount));
        return new OrderPlaced(
            orderId, cart.CustomerId, checkout.Country!, terms[0].Location, goods, charges, new Money(quote.Total, quote.Currency),
            new OrderTerms(
                cart.CartId!, checkout.BuyerId!, cart.Channel!, legalEntity, checkout.OptionId,
                checkout.Method == CheckoutDecider.Wallet ? CaptureMoment.Placement : CaptureMoment.Shipment, payBefore,
                delivery.Total, delivery.Tax.Amount, terms));
    }

    /// <summary>A line that leaves from several places becomes a line for each, its money shared out by units without a rest.</summary>
    private static void Split(SourcedLine line, PricedLine priced, string currency, List<OrderLine> goods, List<LineTerms> terms)
    {
        var from = 0;
        foreach (var (location, units) in line.Places)
        {
            var to = from + units;
            goods.Add(new OrderLine(line.Sku, units, line.UnitPrice, new UnitPrice(line.UnitPrice, currency).Times(units).Minor));
            terms.Add(new LineTerms(
                location, Share(priced.Total, to) - Share(priced.Total, from), Share(priced.Tax.Amount, to) - Share(priced.Tax.Amount, from),
                priced.Tax.Percent / 100m));
            from = to;
        }

        long Share(long amount, int units) => (long)decimal.Round((decimal)amount * units / line.Quantity, 0, MidpointRounding.ToEven);
    }

    private static List<OrderCharge> Charges(PriceQuote quote, PricedLine delivery, long goods)
    {
        var charges = new List<OrderCharge>();
        foreach (var promotion in quote.Promotions) charges.Add(Charge(promotion.PromotionId, promotion.Name, -promotion.Amount, quote.Currency));
        if (delivery.Gross != 0) charges.Add(Charge(Delivery, delivery.Sku, delivery.Gross, quote.Currency));
        // Tax on top of prices; and where a line was shared out by places, what rounding its parts made of it.
        var rest = quote.Total - goods - charges.Sum(charge => charge.Amount);
        if (rest != 0) charges.Add(Charge(quote.Basis == TaxBasis.Exclusive ? Tax : "ROUNDING", null, rest, quote.Currency));
        return charges;
    }

    private static OrderCharge Charge(string code, string? description, long amount, string currency)
    {
        var price = (decimal)Math.Abs(amount);
        for (var i = 0; i < Currencies.Decimals(currency); i++) price /= 10;
        return new OrderCharge(code, description, Math.Sign(amount), price, amount);
    }

    private static string LineId(int place) => FormattableString.Invariant($"{place:D4}");
}
