namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>A file sorted out: the row of each line, the stock codes, and the invoices in the order of time.</summary>
internal sealed class RetailYear
{
    private const int None = -1;
    private readonly RetailLine[] _lines;
    private readonly LineKind[] _kinds;
    private readonly int[] _codes;
    private readonly int[] _invoices;

    private RetailYear(RetailFile file)
    {
        File = file;
        _lines = file.Lines;
        _kinds = new LineKind[_lines.Length];
        _codes = new int[_lines.Length];
        _invoices = new int[_lines.Length];
        Array.Fill(_codes, None);
        Array.Fill(_invoices, None);
    }

    /// <summary>The file that this is the year of.</summary>
    public RetailFile File { get; }

    /// <summary>The invoices with a sound line, by moment, those of one moment in the order of the file.</summary>
    public RetailInvoice[] Invoices { get; private set; } = [];

    /// <summary>Every stock code of a sound line; its place here is the code's number.</summary>
    public List<string> Codes { get; } = [];

    /// <summary>The lines that were left out, in the order of the file.</summary>
    public List<RejectedLine> Rejected { get; } = [];

    /// <summary>The line at a position of the file's list.</summary>
    public ref readonly RetailLine Line(int position) => ref _lines[position];

    /// <summary>The row of a line.</summary>
    public LineKind KindOf(int position) => _kinds[position];

    /// <summary>Whether the line is one of goods that leave or come back, priced or free.</summary>
    public bool MovesGoods(int position) =>
        _kinds[position] is LineKind.Sale or LineKind.Return
        || (_kinds[position] == LineKind.Free && !CodesWithoutStock.Contains(_lines[position].StockCode));

    /// <summary>Whether the line changes a stock, by moving goods or by adjusting the count.</summary>
    public bool TouchesStock(int position) => MovesGoods(position) || _kinds[position] == LineKind.StockAdjustment;

    /// <summary>The number of a sound line's stock code.</summary>
    public int CodeOf(int position) => _codes[position];

    /// <summary>The place in <see cref="Invoices"/> of a sound line's invoice.</summary>
    public int InvoiceOf(int position) => _invoices[position];

    /// <summary>The positions of each code's sound lines in the order of time; the bucket is the code's number.</summary>
    public Buckets LinesByCode() => Buckets.Of(Invoices.SelectMany(invoice => invoice.Lines), _codes, Codes.Count);

    /// <summary>Classifies every line and groups the sound ones.</summary>
    public static RetailYear SortOut(RetailFile file)
    {
        var year = new RetailYear(file);
        var invoices = new List<RetailInvoice>();
        year.Classify(invoices);
        year.Group(invoices);
        return year;
    }

    private void Classify(List<RetailInvoice> invoices)
    {
        var invoiceNumbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var codeNumbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < _lines.Length; i++)
        {
            ref readonly var line = ref _lines[i];
            var known = invoiceNumbers.TryGetValue(line.InvoiceNo, out var invoice);
            var fault = LineClassifier.FindFault(line) ?? (known ? LineClassifier.FindFaultWithin(line, invoices[invoice]) : null);
            if (fault is not null)
            {
                _kinds[i] = LineKind.Rejected;
                Rejected.Add(new RejectedLine(line.LineNumber, line.InvoiceNo, fault));
                continue;
            }
            if (!known)
            {
                invoice = invoices.Count;
                invoiceNumbers.Add(line.InvoiceNo, invoice);
                invoices.Add(new RetailInvoice(line));
            }
            _invoices[i] = invoice;
            _kinds[i] = LineClassifier.Classify(line);
            _codes[i] = NumberOf(line.StockCode, codeNumbers);
        }
    }

    private int NumberOf(string code, Dictionary<string, int> numbers)
    {
        if (numbers.TryGetValue(code, out var number)) return number;
        number = Codes.Count;
        numbers.Add(code, number);
        Codes.Add(code);
        return number;
    }

    private void Group(List<RetailInvoice> invoices)
    {
        var buckets = Buckets.Of(Enumerable.Range(0, _lines.Length), _invoices, invoices.Count);
        for (var i = 0; i < invoices.Count; i++) invoices[i].Lines = buckets[i];
        // OrderBy is stable: invoices of one moment keep the order of the file.
        Invoices = [.. invoices.OrderBy(invoice => invoice.LocalTime)];
        for (var i = 0; i < Invoices.Length; i++)
        {
            foreach (var position in Invoices[i].Lines) _invoices[position] = i;
        }
    }
}
