using System.Runtime.InteropServices;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// The list prices that the invoices betray. A day's price is the one on most of its sale lines; the other lines are the noise of bulk
/// discounts and special offers. Where several prices stand on equally many lines, the one in force stays; else the one of more units
/// wins; else the lower. A new price is believed on the second trading day in a row that has it (in the real year one day alone would
/// make 77,000 changes, nearly all of them back and forth, two make 14,000), and holds from that day's first line at it.
/// </summary>
internal sealed class ListPrices
{
    private readonly RetailYear _year;
    private readonly List<Change> _changes = [];
    private readonly List<Tally> _day = [];

    private ListPrices(RetailYear year)
    {
        _year = year;
        Opening = new decimal?[year.Codes.Count];
    }

    /// <summary>A new list price, in pounds, from the invoice and line on that first carry it.</summary>
    public readonly record struct Change(int Invoice, int Line, int Code, decimal Price);

    /// <summary>By code, the list price of the day the product first appears, in pounds; null where nothing sold on that day.</summary>
    public decimal?[] Opening { get; }

    /// <summary>The changes after the opening price, in the order of invoices and of lines within them.</summary>
    public IReadOnlyList<Change> Changes => _changes;

    /// <summary>Finds the prices of every product of the year.</summary>
    public static ListPrices Find(RetailYear year, Buckets linesByCode)
    {
        var prices = new ListPrices(year);
        for (var code = 0; code < year.Codes.Count; code++)
        {
            if (!CodesWithoutStock.Contains(year.Codes[code])) prices.Follow(code, linesByCode[code]);
        }
        prices._changes.Sort((left, right) =>
            left.Invoice != right.Invoice ? left.Invoice.CompareTo(right.Invoice) : left.Line.CompareTo(right.Line));
        return prices;
    }

    private void Follow(int code, ArraySegment<int> lines)
    {
        decimal? current = null, candidate = null;
        var opened = false;
        for (var start = 0; start < lines.Count;)
        {
            var date = DayOf(lines[start]);
            var end = start;
            while (end < lines.Count && DayOf(lines[end]) == date) end++;
            var winner = Modal(lines[start..end], current);
            if (!opened)
            {
                Opening[code] = current = winner?.Price;
                opened = true;
            }
            else if (winner is { } tally)
            {
                if (tally.Price != current && (current is null || tally.Price == candidate))
                {
                    _changes.Add(new Change(_year.InvoiceOf(tally.FirstLine), tally.FirstLine, code, tally.Price));
                    current = tally.Price;
                }

                candidate = tally.Price == current ? null : tally.Price;
            }

            start = end;
        }
    }

    /// <summary>The day of a line is that of its invoice, as its events are.</summary>
    private DateTime DayOf(int position) => _year.Invoices[_year.InvoiceOf(position)].LocalTime.Date;

    /// <summary>The day's modal price, or null for a day without sales. A day knows a handful of prices: a list beats a map.</summary>
    private Tally? Modal(ArraySegment<int> lines, decimal? current)
    {
        _day.Clear();
        foreach (var position in lines)
        {
            if (_year.KindOf(position) != LineKind.Sale) continue;
            Count(position, _year.Line(position));
        }
        return _day.Count == 0 ? null : _day.Aggregate((best, tally) => tally.Beats(best, current) ? tally : best);
    }

    private void Count(int position, in RetailLine line)
    {
        foreach (ref var tally in CollectionsMarshal.AsSpan(_day))
        {
            if (tally.Price != line.UnitPrice) continue;
            tally = tally with { Lines = tally.Lines + 1, Units = tally.Units + line.Quantity };
            return;
        }
        _day.Add(new Tally(line.UnitPrice, position, 1, line.Quantity));
    }

    private readonly record struct Tally(decimal Price, int FirstLine, int Lines, long Units)
    {
        public bool Beats(Tally other, decimal? current) =>
            Lines != other.Lines ? Lines > other.Lines
            : (Price == current) != (other.Price == current) ? Price == current
            : Units != other.Units ? Units > other.Units
            : Price < other.Price;
    }
}
