namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>An invoice, credit note or bookkeeping entry: its sound lines under one number, wherever in the file they stand.</summary>
internal sealed class RetailInvoice(in RetailLine first)
{
    /// <summary>The number with its letter, if it has one.</summary>
    public string Number { get; } = first.InvoiceNo;

    /// <summary>The customer's number, empty for a guest.</summary>
    public string CustomerId { get; } = first.CustomerId;

    /// <summary>The country of all its lines.</summary>
    public string Country { get; } = first.Country;

    /// <summary>The moment of its first line; a few invoices carry more than one.</summary>
    public DateTime LocalTime { get; } = first.LocalTime;

    /// <summary>Whether the lines are those of a credit note.</summary>
    public bool IsCredit => Number[0] == 'C';

    /// <summary>Positions of its lines in the file's list, in the order of the file.</summary>
    public ArraySegment<int> Lines { get; set; }
}
