using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>Where each column of the form stands in one file; found by name, whatever the order, other columns ignored.</summary>
internal sealed class RetailColumns
{
    private readonly string[] _header;

    private RetailColumns(string path, string[] header)
    {
        _header = header;
        InvoiceNo = Find(path, "InvoiceNo");
        StockCode = Find(path, "StockCode");
        Description = Find(path, "Description");
        Quantity = Find(path, "Quantity");
        InvoiceDate = Find(path, "InvoiceDate");
        UnitPrice = Find(path, "UnitPrice");
        CustomerId = Find(path, "CustomerID");
        Country = Find(path, "Country");
    }

    public int InvoiceNo { get; }

    public int StockCode { get; }

    public int Description { get; }

    public int Quantity { get; }

    public int InvoiceDate { get; }

    public int UnitPrice { get; }

    public int CustomerId { get; }

    public int Country { get; }

    /// <summary>How many fields every record has.</summary>
    public int Count => _header.Length;

    /// <summary>The header's name of a column.</summary>
    public string Name(int column) => _header[column];

    /// <summary>Reads the header, the first record of <paramref name="csv"/>.</summary>
    /// <exception cref="ImportFileException">There is no header, or a column is missing or stands there twice.</exception>
    public static RetailColumns Read(string path, CsvReader csv)
    {
        if (!csv.Read()) throw new ImportFileException(path, 1, null, "the file is empty");
        if (!Utf8.IsValid(csv.RawRecord)) throw new ImportFileException(path, csv.LineNumber, null, "the header is not UTF-8");
        var header = new string[csv.FieldCount];
        for (var i = 0; i < header.Length; i++) header[i] = Encoding.UTF8.GetString(csv.GetSpan(i)).Trim();
        return new RetailColumns(path, header);
    }

    private int Find(string path, string name)
    {
        var found = -1;
        for (var i = 0; i < _header.Length; i++)
        {
            if (!_header[i].Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            if (found >= 0) throw new ImportFileException(path, 1, name, "the header names this column twice");
            found = i;
        }
        return found >= 0 ? found : throw new ImportFileException(path, 1, name, "the header has no such column");
    }
}
