namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>A kind of line on the retailer's invoices.</summary>
public enum LineKind
{
    /// <summary>Goods of an order, for a price.</summary>
    Sale,

    /// <summary>Goods of an order, for nothing.</summary>
    Free,

    /// <summary>Goods that came back, with an order or without.</summary>
    Return,

    /// <summary>What is charged or allowed on orders and credit notes.</summary>
    Charge,

    /// <summary>A bookkeeping entry.</summary>
    Ledger,
}

/// <summary>What the read models hold of one kind of line in one currency, cancelled orders included.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Lines">How many lines.</param>
/// <param name="Units">Sum of the quantities: positive for returns, signed for charges and the ledger.</param>
/// <param name="Value">Exact sum of quantity times unit price in major units, with the sign of the quantity.</param>
/// <param name="Booked">Sum of the amounts in minor units.</param>
public sealed record LineTotals(LineKind Kind, string Currency, long Lines, long Units, decimal Value, long Booked);
