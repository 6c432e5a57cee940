using System.Buffers;
using EcommerceAI.Commerce;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// Puts every line into exactly one row, first rule that fits:
/// <list type="number">
/// <item>what breaks a rule of form is rejected (see <see cref="FindFault"/>);</item>
/// <item>invoice <c>A…</c>: bookkeeping, whatever its sign;</item>
/// <item>no price but a customer: free; on a credit note (<c>C…</c>) it is free goods coming back;</item>
/// <item>no price and no customer: stock adjustment, of either sign and on any code;</item>
/// <item>a code without stock: charge, of either sign, since an allowance can stand on an invoice and a fee on a credit note;</item>
/// <item>invoice <c>C…</c>: return; else: sale.</item>
/// </list>
/// Goods have one direction on one kind of paper: they leave with an invoice and come back with a credit note. A line that says
/// otherwise is rejected, since nothing tells whether its sign or its invoice number is the mistake.
/// </summary>
internal static class LineClassifier
{
    /// <summary>Units on one line that are still taken for goods; above stands a typing error.</summary>
    public const int LargestQuantity = 1_000_000;

    /// <summary>Pounds for one unit that are still taken for a price.</summary>
    public const decimal LargestPrice = 1_000_000m;

    private const int LongestCode = 40;
    private const int LongestCountry = 60;
    private const int LongestInvoiceNumber = 20;

    private static readonly SearchValues<char> CodeCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._- ");
    private static readonly SearchValues<char> CustomerCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>The row of a line that has no fault.</summary>
    public static LineKind Classify(in RetailLine line)
    {
        if (line.InvoiceNo[0] == 'A') return LineKind.Bookkeeping;
        if (line.UnitPrice == 0) return line.CustomerId.Length > 0 ? LineKind.Free : LineKind.StockAdjustment;
        if (CodesWithoutStock.Contains(line.StockCode)) return LineKind.Charge;
        return line.InvoiceNo[0] == 'C' ? LineKind.Return : LineKind.Sale;
    }

    /// <summary>Why the line, taken by itself, is rejected, or null.</summary>
    public static string? FindFault(in RetailLine line) =>
        !IsInvoiceNumber(line.InvoiceNo) ? "the invoice number is not digits, or C or A before digits"
        : FindFaultInCode(line.StockCode) is { } code ? code
        : line.CustomerId.Length > LongestCode || line.CustomerId.AsSpan().ContainsAnyExcept(CustomerCharacters)
            ? "the customer number holds something else than letters, digits, dot, dash and underscore, or is too long"
        : line.Country.Length == 0 ? "the country is missing"
        : line.Country.Length > LongestCountry ? $"the country is longer than {LongestCountry} characters"
        : FindFaultInNumbers(line);

    /// <summary>Why the line does not belong to the invoice whose number it carries, or null.</summary>
    public static string? FindFaultWithin(in RetailLine line, RetailInvoice invoice) =>
        line.CustomerId != invoice.CustomerId
            ? $"the customer is {Named(line.CustomerId)} where the invoice began with {Named(invoice.CustomerId)}"
        : line.Country != invoice.Country ? $"the country is {line.Country} where the invoice began with {invoice.Country}"
        : null;

    private static string? FindFaultInCode(string code) =>
        code.Length == 0 ? "the stock code is missing"
        : code.Length > LongestCode ? $"the stock code is longer than {LongestCode} characters"
        : code.AsSpan().ContainsAnyExcept(CodeCharacters)
            ? "the stock code holds something else than letters, digits, space, dot, dash and underscore"
        : null;

    private static string? FindFaultInNumbers(in RetailLine line)
    {
        var kind = line.InvoiceNo[0];
        if (line.Quantity == 0) return "the quantity is zero";
        if (Math.Abs((long)line.Quantity) > LargestQuantity) return $"the quantity is beyond {LargestQuantity}";
        if (line.UnitPrice < 0 && kind != 'A') return "the price is negative";
        if (Math.Abs(line.UnitPrice) > LargestPrice) return $"the price is beyond {LargestPrice}";
        if (decimal.Round(line.UnitPrice, UnitPrice.Scale) != line.UnitPrice) return "the price has more than four decimal places";
        if (FindWrongDirection(line) is { } direction) return direction;
        return RetailMoment.Exists(line.LocalTime) ? null : "the moment does not exist: the clocks skip that hour in spring";
    }

    /// <summary>Goods that would come in with an invoice or go out with a credit note.</summary>
    private static string? FindWrongDirection(in RetailLine line)
    {
        var kind = Classify(line);
        if (kind is not (LineKind.Sale or LineKind.Return or LineKind.Free)) return null;
        if (kind == LineKind.Free && CodesWithoutStock.Contains(line.StockCode)) return null;
        var isCredit = line.InvoiceNo[0] == 'C';
        if (isCredit && line.Quantity > 0) return "the quantity of goods is positive on a credit note";
        return !isCredit && line.Quantity < 0 ? "the quantity of goods is negative on an invoice" : null;
    }

    private static bool IsInvoiceNumber(string number)
    {
        var digits = number.AsSpan().TrimStart("CA");
        return digits.Length is > 0 and <= LongestInvoiceNumber
            && number.Length - digits.Length <= 1
            && !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static string Named(string customer) => customer.Length == 0 ? "a guest" : customer;
}
