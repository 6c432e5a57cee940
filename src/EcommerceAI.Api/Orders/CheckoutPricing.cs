using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Api.Orders;

/// <summary>A line of a cart at today's price, with where its units leave from.</summary>
/// <param name="Priced">The line as the evaluator takes it.</param>
/// <param name="Places">Units by location; they add up to the quantity.</param>
internal sealed record SourcedLine(PricingLine Priced, IReadOnlyList<(string Location, int Units)> Places)
{
    /// <summary>Stock keeping unit, upper case.</summary>
    public string Sku => Priced.Sku;

    /// <summary>Units.</summary>
    public int Quantity => Priced.Quantity;
}

/// <summary>Turns a quote into an order whose lines, charges and what is paid for each add up to the same total.</summary>
internal static class CheckoutPricing
{
    /// <summary>Code of the charge for delivery.</summary>
    public const string Delivery = "DELIVERY";

    private const string Tax = "TAX";
    private const string DeliveryLine = "delivery";

    /// <summary>The request to the evaluator.</summary>
    /// <param name="cart">The cart.</param>
    /// <param name="checkout">What the buyer said.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="delivery">What delivery costs before promotions, major units.</param>
    /// <param name="terms">Promotions and taxes that stand.</param>
    /// <param name="at">Now.</param>
    public static PricingRequest Request(
        Cart cart, Checkout checkout, IReadOnlyList<SourcedLine> lines, decimal delivery, PricingTerms terms, DateTimeOffset at) => new(
        cart.Currency!, cart.Channel!, checkout.Country!, null, at,
        [.. lines.Select(line => line.Priced), new PricingLine(DeliveryLine, Delivery, 1, delivery) { IsDelivery = true }])
        {
            CouponCodes = checkout.Coupons,
            Promotions = terms.Promotions,
            Taxes = terms.Taxes,
        };

    /// <summary>The order of a quote.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="cart">The cart.</param>
    /// <param name="checkout">What the buyer said.</param>
    /// <param name="lines">The lines that were priced, in the order of the request.</param>
    /// <param name="quote">What they come to.</param>
    /// <param name="terms">Promotions that stand: those with a limit are counted with the order.</param>
    /// <param name="legalEntity">Who sells.</param>
    /// <param name="payBefore">When an order whose payment nobody has answered is called off.</param>
    public static OrderPlaced Order(
        string orderId, Cart cart, Checkout checkout, IReadOnlyList<SourcedLine> lines, PriceQuote quote, PricingTerms terms, string legalEntity,
        DateTimeOffset payBefore)
    {
        var goods = new List<OrderLine>();
        var bound = new List<LineTerms>();
        for (var i = 0; i < lines.Count; i++) Split(lines[i], quote.Lines[i], quote.Currency, goods, bound);
        var delivery = quote.Lines[^1];
        var charges = Charges(quote, delivery, goods.Sum(line => line.Amount));
        return new OrderPlaced(
            orderId, cart.CustomerId, checkout.Country!, bound[0].Location, goods, charges, new Money(quote.Total, quote.Currency),
            new OrderTerms(
                cart.CartId!, checkout.BuyerId!, cart.Channel!, legalEntity, checkout.OptionId,
                checkout.Method == CheckoutDecider.Wallet ? CaptureMoment.Placement : CaptureMoment.Shipment, payBefore,
                delivery.Total, delivery.Tax.Amount, bound)
            { Promotions = Limited(quote, terms) });
    }

    /// <summary>A line that leaves from several places becomes a line for each, its money shared out by units without a rest.</summary>
    private static void Split(SourcedLine line, PricedLine priced, string currency, List<OrderLine> goods, List<LineTerms> terms)
    {
        var from = 0;
        foreach (var (location, units) in line.Places)
        {
            var to = from + units;
            goods.Add(new OrderLine(line.Sku, units, line.Priced.UnitPrice, new UnitPrice(line.Priced.UnitPrice, currency).Times(units).Minor));
            terms.Add(new LineTerms(
                location, Share(priced.Total, to) - Share(priced.Total, from), Share(priced.Tax.Amount, to) - Share(priced.Tax.Amount, from),
                priced.Tax.Percent / 100m));
            from = to;
        }

        long Share(long amount, int units) => (long)decimal.Round((decimal)amount * units / line.Quantity, 0, MidpointRounding.ToEven);
    }

    private static string[] Limited(PriceQuote quote, PricingTerms terms)
    {
        var limited = terms.Promotions.Where(promotion => promotion.Terms.Conditions is { LimitTotal: not null } or { LimitPerCustomer: not null })
            .Select(promotion => promotion.PromotionId).ToHashSet(StringComparer.Ordinal);
        return [.. quote.Promotions.Select(applied => applied.PromotionId).Where(limited.Contains)];
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

    private static OrderCharge Charge(string code, string? description, long amount, string currency) =>
        new(code, description, Math.Sign(amount), Currencies.ToMajor(Math.Abs(amount), currency), amount);
}
