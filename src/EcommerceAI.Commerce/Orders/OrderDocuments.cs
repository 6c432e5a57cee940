using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Invoicing;

namespace EcommerceAI.Commerce.Orders;

/// <summary>The invoices and credit notes of an order: an invoice for each parcel that leaves, a credit note for what is given back of one.</summary>
internal static class OrderDocuments
{
    /// <summary>Which document goes with an event, or null.</summary>
    public static DocumentKind? KindOf(OrderEvent @event) => @event switch
    {
        OrderShipped => DocumentKind.Invoice,
        OrderReturned or OrderRefunded => DocumentKind.CreditNote,
        _ => null,
    };

    /// <summary>The document of an event.</summary>
    /// <param name="order">The order before the event.</param>
    /// <param name="event">The event.</param>
    /// <param name="numbered">The document's number.</param>
    /// <param name="buyer">Who buys.</param>
    public static DocumentIssued Of(Order order, OrderEvent @event, DocumentNumbered numbered, Checkout buyer)
    {
        var (reference, lines, total) = @event switch
        {
            OrderShipped shipped => (shipped.ShipmentId, OfParcel(order, order.Parcel!), order.Parcel!.Amount),
            OrderReturned returned => (returned.ReturnId, OfReturn(order, returned), returned.Refund),
            OrderRefunded refunded => (refunded.RefundId, [Courtesy(order, refunded.Reason, refunded.Amount.Minor)], refunded.Amount),
            _ => throw new ArgumentException($"{@event.GetType().Name} has no document.", nameof(@event)),
        };
        var (id, entity, number) = (numbered.DocumentId, numbered.LegalEntity, numbered.Number);
        return numbered.Kind == DocumentKind.Invoice
            ? new InvoiceIssued(
                id, entity, number, order.OrderId!, reference, order.Terms!.BuyerId, buyer.Name, buyer.Address, order.Country!, lines, total)
            : new CreditNoteIssued(
                id, entity, number, order.OrderId!, reference, order.Terms!.BuyerId, buyer.Name, buyer.Address, order.Country!, lines, total);
    }

    private static DocumentLine[] OfParcel(Order order, OrderShipmentPacked parcel)
    {
        var lines = parcel.Lines.Select(line => new DocumentLine(line.Sku, null, line.Quantity, line.Amount, line.Tax, line.TaxRate));
        return parcel.Delivery == 0
            ? [.. lines]
            : [.. lines, new DocumentLine(null, "Delivery", 1, parcel.Delivery, order.Terms!.DeliveryTax, RateOf(order.Terms.DeliveryTax, parcel.Delivery))];
    }

    private static DocumentLine[] OfReturn(Order order, OrderReturned returned)
    {
        var taken = SoldLine.Spread(order.Lines, Order.UnitsBySku(returned.Lines, line => line.Sku, line => line.Quantity), line => line.Returnable);
        var lines = new List<DocumentLine>();
        for (var i = 0; i < taken.Length; i++)
        {
            var (line, units) = (order.Lines[i], taken[i]);
            if (units == 0) continue;
            lines.Add(new DocumentLine(
                line.Sku, null, units, line.RefundFor(units), line.TaxBetween(line.Returned, line.Returned + units), line.TaxRate));
        }

        // What was given back before as a courtesy is not given back twice.
        var before = lines.Sum(line => line.Amount) - returned.Refund.Minor;
        if (before > 0) lines.Add(Courtesy(order, "Given back before", -before));
        return [.. lines];
    }

    /// <summary>Money without goods carries the tax of what was charged, in proportion.</summary>
    private static DocumentLine Courtesy(Order order, string description, long amount)
    {
        var paid = order.Lines.Sum(line => line.Paid) + order.Terms!.Delivery;
        var tax = order.Lines.Sum(line => line.Tax) + order.Terms.DeliveryTax;
        var share = paid == 0 ? 0 : (long)decimal.Round((decimal)amount * tax / paid, 0, MidpointRounding.ToEven);
        return new DocumentLine(null, description, 1, amount, share, RateOf(tax, paid));
    }

    /// <summary>The rate behind an amount with its tax in it, to four places.</summary>
    private static decimal RateOf(long tax, long amount) => amount == tax ? 0 : decimal.Round((decimal)tax / (amount - tax), 4);
}
