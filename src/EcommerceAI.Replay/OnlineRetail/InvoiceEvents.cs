using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Orders;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>Turns the priced lines of an invoice into its own event: an order, a return or a bookkeeping entry.</summary>
internal sealed class InvoiceEvents(RetailYear year)
{
    /// <summary>The event and the key of its stream, or null for an invoice of nothing but stock adjustments.</summary>
    public (string StreamId, DomainEvent Data)? Of(RetailInvoice invoice)
    {
        var lines = new List<OrderLine>(invoice.Lines.Count);
        var charges = new List<OrderCharge>();
        foreach (var position in invoice.Lines)
        {
            if (year.MovesGoods(position)) lines.Add(Goods(position));
            else if (year.KindOf(position) != LineKind.StockAdjustment) charges.Add(Charge(position));
        }
        if (lines.Count == 0 && charges.Count == 0) return null;
        return invoice.Number[0] switch
        {
            'A' => ($"ledger-{invoice.Number}", new LedgerEntryBooked(invoice.Number, charges, Pounds(Sum(charges)))),
            'C' => ($"return-{invoice.Number}", new ReturnReceived(
                invoice.Number, CustomerOf(invoice), invoice.Country, ImportPlan.Location, lines, charges,
                Pounds(Sum(charges) - Sum(lines)))),
            _ => ($"order-{invoice.Number}", new OrderPlaced(
                invoice.Number, CustomerOf(invoice), invoice.Country, ImportPlan.Location, lines, charges,
                Pounds(Sum(charges) + Sum(lines)))),
        };
    }

    private OrderLine Goods(int position)
    {
        ref readonly var line = ref year.Line(position);
        var quantity = Math.Abs(line.Quantity);
        return new OrderLine(line.StockCode, quantity, line.UnitPrice, RetailAmount.Of(line.UnitPrice, quantity));
    }

    private OrderCharge Charge(int position)
    {
        ref readonly var line = ref year.Line(position);
        return new OrderCharge(
            line.StockCode, line.Description.Length > 0 ? line.Description : null, line.Quantity, line.UnitPrice,
            RetailAmount.Of(line.UnitPrice, line.Quantity));
    }

    private static string? CustomerOf(RetailInvoice invoice) => invoice.CustomerId.Length > 0 ? invoice.CustomerId : null;

    private static long Sum(List<OrderLine> lines) => lines.Sum(line => line.Amount);

    private static long Sum(List<OrderCharge> charges) => charges.Sum(charge => charge.Amount);

    private static Money Pounds(long minor) => new(minor, ImportPlan.Currency);
}
