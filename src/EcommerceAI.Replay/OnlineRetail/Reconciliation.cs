namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>One row of the reconciliation.</summary>
/// <param name="Kind">What its lines are.</param>
/// <param name="Lines">How many lines.</param>
/// <param name="Units">Sum of their quantities as in the file, signed.</param>
/// <param name="Value">Exact sum of quantity times unit price in pounds, signed.</param>
/// <param name="Booked">
/// What the events carry, in pence, signed like <paramref name="Value"/>: each line's amount rounded once, then summed. 0 for what is
/// rejected.
/// </param>
public sealed record ReconciliationRow(LineKind Kind, int Lines, long Units, decimal Value, long Booked);

/// <summary>
/// Where every line of a file went. The rows are summed over the classified lines, the file's figures were taken while it was read,
/// so that a line lost or counted twice shows.
/// </summary>
/// <param name="Rows">One row for each <see cref="LineKind"/>, in its order, empty ones included.</param>
/// <param name="FileLines">Lines read from the file, the header not counted.</param>
/// <param name="FileUnits">Sum of all quantities read.</param>
/// <param name="FileValue">Exact sum of quantity times unit price over all lines read, in pounds.</param>
public sealed record Reconciliation(IReadOnlyList<ReconciliationRow> Rows, int FileLines, long FileUnits, decimal FileValue)
{
    /// <summary>Lines over all rows.</summary>
    public int Lines => Rows.Sum(row => row.Lines);

    /// <summary>Units over all rows.</summary>
    public long Units => Rows.Sum(row => row.Units);

    /// <summary>Pounds over all rows, exact.</summary>
    public decimal Value => Rows.Sum(row => row.Value);

    /// <summary>Pence over all rows that became events.</summary>
    public long Booked => Rows.Sum(row => row.Booked);

    /// <summary>Whether the rows hold exactly what the file holds.</summary>
    public bool IsBalanced => Lines == FileLines && Units == FileUnits && Value == FileValue;

    /// <summary>The row of <paramref name="kind"/>.</summary>
    /// <param name="kind">Which row.</param>
    public ReconciliationRow this[LineKind kind] => Rows[(int)kind];

    internal static Reconciliation Of(RetailYear year)
    {
        var rows = Array.ConvertAll(Enum.GetValues<LineKind>(), kind => new Sum(kind));
        for (var position = 0; position < year.File.Lines.Length; position++) rows[(int)year.KindOf(position)].Add(year.Line(position));
        return new Reconciliation(
            Array.ConvertAll(rows, row => row.ToRow()), year.File.Lines.Length, year.File.Units, year.File.Value);
    }

    private sealed class Sum(LineKind kind)
    {
        private int _lines;
        private long _units;
        private decimal _value;
        private long _booked;

        public void Add(in RetailLine line)
        {
            _lines++;
            _units += line.Quantity;
            _value += line.Quantity * line.UnitPrice;
            if (kind != LineKind.Rejected) _booked += RetailAmount.Of(line.UnitPrice, line.Quantity);
        }

        public ReconciliationRow ToRow() => new(kind, _lines, _units, _value, _booked);
    }
}
