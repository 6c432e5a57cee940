namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// One line of the file, as read. Texts are shared between lines (equal texts are one instance), so that half a million lines
/// take some tens of megabytes.
/// </summary>
/// <param name="LineNumber">Line of the file where the record starts; the header is line 1.</param>
/// <param name="InvoiceNo">Invoice number, trimmed, upper case; may be empty.</param>
/// <param name="StockCode">Stock code, trimmed, upper case; may be empty.</param>
/// <param name="Description">Description, trimmed, runs of white space and control characters made one space; may be empty.</param>
/// <param name="Quantity">Units as in the file, signed.</param>
/// <param name="LocalTime">The moment on the wall clock of the United Kingdom, to the second; kind unspecified.</param>
/// <param name="UnitPrice">Pounds as in the file, exact.</param>
/// <param name="CustomerId">Customer number, trimmed, upper case; empty for a guest.</param>
/// <param name="Country">Country as the retailer writes it, white space tidied; may be empty.</param>
public readonly record struct RetailLine(
    int LineNumber, string InvoiceNo, string StockCode, string Description, int Quantity, DateTime LocalTime, decimal UnitPrice,
    string CustomerId, string Country);

/// <summary>A whole file in memory, with totals taken while reading and so independent of what becomes of the lines.</summary>
/// <param name="Path">Path of the file, as it was given.</param>
/// <param name="ContentHash">SHA-256 of the unpacked bytes, lower-case hexadecimal: the identity of the import.</param>
/// <param name="Lines">Every line in the order of the file.</param>
/// <param name="Units">Sum of the quantities.</param>
/// <param name="Value">Exact sum of quantity times unit price, in pounds.</param>
public sealed record RetailFile(string Path, string ContentHash, RetailLine[] Lines, long Units, decimal Value);
