using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// Reads a file in the form of UCI's "Online Retail": comma separated, UTF-8, plain or gzip, with the columns InvoiceNo, StockCode,
/// Description, Quantity, InvoiceDate, UnitPrice, CustomerID and Country in any order. What cannot be read at all ends the reading
/// with one error; what can be read but makes no sense is left to <see cref="LineClassifier"/>.
/// </summary>
public sealed class OnlineRetailReader
{
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        // The header is read as a record like any other, so that its bytes are checked like any other's.
        HasHeader = false,
        Encoding = Encoding.UTF8,
        MalformedData = CsvMalformedDataHandling.Throw,
        TrackLineNumbers = true,
        MaxRecordSize = 1 << 20,
        BufferSize = 1 << 17,
    };

    private readonly string _path;
    private readonly CsvReader _csv;
    private readonly RetailColumns _columns;
    private readonly TextPool _codes = TextPool.ForCodes();
    private readonly TextPool _prose = TextPool.ForProse();
    private char[] _characters = new char[256];

    private OnlineRetailReader(string path, CsvReader csv)
    {
        _path = path;
        _csv = csv;
        _columns = RetailColumns.Read(path, csv);
    }

    /// <summary>Reads the whole of <paramref name="path"/> into memory.</summary>
    /// <param name="path">A .csv or .csv.gz file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ImportFileException">The file cannot be read; the message names file, line and column.</exception>
    /// <exception cref="OperationCanceledException">Reading was stopped.</exception>
    public static RetailFile Read(string path, CancellationToken cancellationToken = default)
    {
        using var source = ImportSource.Open(path);
        using var csv = CsvReader.Create(source, Options, leaveOpen: true);
        try
        {
            var file = ReadLines(path, csv, cancellationToken);
            RefuseTruncated(path, csv, source);
            return file with { ContentHash = source.ContentHash };
        }
        catch (CsvFormatException exception)
        {
            // The last record of a truncated file is broken too; what is to be mended is the file.
            RefuseTruncated(path, csv, source);
            throw new ImportFileException(path, exception.LineNumber, null, Describe(exception), exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Damaged(path, csv, exception);
        }
        catch (ImportFileException exception)
        {
            RefuseTruncated(path, csv, source, exception);
            throw;
        }
    }

    private static RetailFile ReadLines(string path, CsvReader csv, CancellationToken cancellationToken)
    {
        var reader = new OnlineRetailReader(path, csv);
        var lines = new List<RetailLine>(1 << 16);
        var units = 0L;
        var value = 0m;
        while (csv.Read())
        {
            if ((lines.Count & 0x3fff) == 0) cancellationToken.ThrowIfCancellationRequested();
            var line = reader.ReadLine();
            units += line.Quantity;
            value += line.Quantity * line.UnitPrice;
            lines.Add(line);
        }
        return lines.Count > 0
            ? new RetailFile(path, string.Empty, [.. lines], units, value)
            : throw new ImportFileException(path, 2, null, "the file ends after its header");
    }

    private RetailLine ReadLine()
    {
        if (!Utf8.IsValid(_csv.RawRecord)) throw NotUtf8();
        if (_csv.FieldCount != _columns.Count) throw WrongFieldCount();
        return new RetailLine(
            checked((int)_csv.LineNumber),
            Text(_columns.InvoiceNo, _codes),
            Text(_columns.StockCode, _codes),
            Text(_columns.Description, _prose),
            int.TryParse(_csv.GetSpan(_columns.Quantity), NumberStyles.Integer, CultureInfo.InvariantCulture, out var quantity)
                ? quantity
                : throw Bad(_columns.Quantity, "is not a whole number within ±2,147,483,647"),
            RetailMoment.TryParse(_csv.GetSpan(_columns.InvoiceDate), out var moment)
                ? moment
                : throw Bad(_columns.InvoiceDate, "is not a date and time like 2010-12-01 08:26:00"),
            decimal.TryParse(_csv.GetSpan(_columns.UnitPrice), PriceStyle, CultureInfo.InvariantCulture, out var price)
            && Math.Abs(price) <= LargestReadablePrice
                ? price
                : throw Bad(_columns.UnitPrice, "is not a price like 2.55"),
            Text(_columns.CustomerId, _codes),
            Text(_columns.Country, _prose));
    }

    private const NumberStyles PriceStyle =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    /// <summary>Times any quantity, and summed over any file, a price up to this stays exact in a decimal.</summary>
    private const decimal LargestReadablePrice = 1_000_000_000m;

    private string Text(int column, TextPool pool)
    {
        // A UTF-8 byte never becomes more than one UTF-16 unit.
        var bytes = _csv.GetSpan(column);
        if (bytes.Length > _characters.Length) _characters = new char[bytes.Length];
        var length = Encoding.UTF8.GetChars(bytes, _characters);
        return pool.Get(_characters.AsSpan(0, length));
    }

    private ImportFileException Bad(int column, string reason)
    {
        var text = _csv.GetString(column);
        var shown = text.Length <= 40 ? text : text[..40] + "…";
        return new ImportFileException(_path, _csv.LineNumber, _columns.Name(column), $"'{shown}' {reason}");
    }

    private ImportFileException NotUtf8()
    {
        var column = 0;
        while (column < _csv.FieldCount && Utf8.IsValid(_csv.GetRawSpan(column))) column++;
        var name = column < Math.Min(_csv.FieldCount, _columns.Count) ? _columns.Name(column) : null;
        return new ImportFileException(_path, _csv.LineNumber, name, "the text is not UTF-8");
    }

    private ImportFileException WrongFieldCount()
    {
        var missing = _csv.FieldCount < _columns.Count ? _columns.Name(_csv.FieldCount) : null;
        return new ImportFileException(
            _path, _csv.LineNumber, missing, $"the record has {_csv.FieldCount} fields where the header names {_columns.Count}");
    }

    private static void RefuseTruncated(string path, CsvReader csv, ImportSource source, Exception? cause = null)
    {
        try
        {
            if (source.FindTruncation() is { } reason)
                throw new ImportFileException(path, Math.Max(1, csv.LineNumber), null, reason, cause);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw Damaged(path, csv, exception);
        }
    }

    private static ImportFileException Damaged(string path, CsvReader csv, Exception cause) => cause is InvalidDataException
        ? new ImportFileException(path, csv.LineNumber + 1, null, "the gzip data are damaged from about here on", cause)
        : new ImportFileException(path, csv.LineNumber + 1, null, $"cannot be read on: {cause.Message}", cause);

    private static string Describe(CsvFormatException exception) =>
        exception.Message.Contains("never closed", StringComparison.Ordinal)
            ? "a quoted field is opened here and never closed"
            : $"the quotes are not balanced: {exception.Message}";
}
