namespace EcommerceAI.Commerce.Pricing;

/// <summary>
/// What a basket comes to: unit prices become amounts, promotions take their discounts off by priority, taxes follow from what is left.
/// Pure and exact: the same request gives the same quote, and neither the order of lines nor that of promotions matters.
/// </summary>
public static class PriceEvaluator
{
    /// <summary>Prices a request.</summary>
    /// <param name="request">What is asked.</param>
    /// <exception cref="ArgumentException">
    /// The request is none that a caller may make: a line id or promotion id is there twice, a quantity or price is out of its range, or the
    /// tax table has no standard rate at that moment.
    /// </exception>
    /// <exception cref="OverflowException">An amount goes beyond <see cref="long"/>.</exception>
    public static PriceQuote Evaluate(PricingRequest request)
    {
        RefuseMalformed(request);
        var basket = new DiscountedBasket(request);
        var run = new PromotionRun(request, basket);
        run.ApplyAll();
        PricedLine[] lines = [.. request.Lines.Select((line, i) => Price(request, line, basket.GrossOf(i), basket.DiscountsOf(i)))];
        return Sum(request, lines) with
        {
            Promotions = run.Applied,
            PassedOver = run.PassedOver,
            Coupons = run.CouponOutcomes(),
        };
    }

    private static PricedLine Price(PricingRequest request, PricingLine line, long gross, IReadOnlyList<LineDiscount> discounts)
    {
        var net = gross - discounts.Sum(discount => discount.Amount);
        var tax = Taxation.Of(request, line, net);
        return new PricedLine(
            line.LineId, line.Sku, line.Quantity, line.UnitPrice, line.Source, gross, discounts, net, tax,
            request.Taxes?.Basis == TaxBasis.Exclusive ? checked(net + tax.Amount) : net);
    }

    private static PriceQuote Sum(PricingRequest request, PricedLine[] lines)
    {
        var gross = lines.Sum(line => line.Gross);
        var net = lines.Sum(line => line.Net);
        return new PriceQuote(
            request.Currency, request.Taxes?.Basis ?? TaxBasis.Inclusive, lines, gross, gross - net, net, lines.Sum(line => line.Tax.Amount),
            lines.Sum(line => line.Total))
        { Taxes = Taxation.Sum(lines) };
    }

    private static void RefuseMalformed(PricingRequest request)
    {
        if (request.Lines.Count > PricingRequest.MaxLines)
            throw new ArgumentException($"A request has at most {PricingRequest.MaxLines} lines.", nameof(request));
        RefuseTwins("line", request.Lines.Select(line => line.LineId));
        RefuseTwins("promotion", request.Promotions.Select(promotion => promotion.PromotionId));
        foreach (var line in request.Lines)
        {
            if (line.Quantity is < 1 or > CommandFields.MaxQuantity)
                throw new ArgumentException($"The quantity of line {line.LineId} must be 1 to {CommandFields.MaxQuantity}.", nameof(request));
            if (line.UnitPrice is < 0 or > CommandFields.MaxPrice || decimal.Round(line.UnitPrice, UnitPrice.Scale) != line.UnitPrice)
                throw new ArgumentException(
                    $"The unit price of line {line.LineId} must be 0 to {CommandFields.MaxPrice} with at most {UnitPrice.Scale} places.", nameof(request));
        }
    }

    private static void RefuseTwins(string what, IEnumerable<string> ids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in ids)
        {
            if (!seen.Add(id)) throw new ArgumentException($"The {what} id '{id}' is there twice.", nameof(ids));
        }
    }
}
