namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>What a line of the file is; the row of the reconciliation that it stands in. Every line is exactly one of these.</summary>
public enum LineKind
{
    /// <summary>Goods sold at a price.</summary>
    Sale,

    /// <summary>Goods that came back on a credit note (invoice <c>C…</c>), or a sale called off.</summary>
    Return,

    /// <summary>Goods or a charge given to a known customer without a price.</summary>
    Free,

    /// <summary>No price and no customer: the stock was corrected ("damaged", "?", "lost").</summary>
    StockAdjustment,

    /// <summary>Postage, discounts, fees and the like: money without goods (see <see cref="CodesWithoutStock"/>).</summary>
    Charge,

    /// <summary>An entry of the books that stands among the invoices (invoice <c>A…</c>).</summary>
    Bookkeeping,

    /// <summary>A line that makes no sense; it is listed with its reason and left out.</summary>
    Rejected,
}

/// <summary>A line that was left out.</summary>
/// <param name="LineNumber">Line of the file, from 1.</param>
/// <param name="InvoiceNo">Invoice number as it was read.</param>
/// <param name="Reason">Why, a clause without a full stop.</param>
public sealed record RejectedLine(int LineNumber, string InvoiceNo, string Reason);
