namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>One change of a stock: the sum of an invoice's goods of one code, or one adjustment line.</summary>
/// <param name="Code">Number of the stock code.</param>
/// <param name="Units">Signed: negative for what leaves.</param>
/// <param name="Line">Position of the (first) line.</param>
/// <param name="IsAdjustment">Whether it corrects the count instead of moving goods.</param>
internal readonly record struct StockMovement(int Code, long Units, int Line, bool IsAdjustment);

/// <summary>
/// What an invoice does to the stocks, in the order its events have: first the goods, summed by code, in the order of their first
/// lines, then the adjustments line by line. The least opening count depends on that order, so both take it from here.
/// </summary>
internal sealed class StockMovements(RetailYear year)
{
    private readonly List<StockMovement> _movements = [];
    private readonly Dictionary<int, int> _byCode = [];

    /// <summary>The movements of <paramref name="invoice"/>; the list is used again by the next call.</summary>
    public List<StockMovement> Of(RetailInvoice invoice)
    {
        _movements.Clear();
        _byCode.Clear();
        foreach (var position in invoice.Lines.Where(year.MovesGoods)) AddGoods(position);
        foreach (var position in invoice.Lines)
        {
            if (year.KindOf(position) == LineKind.StockAdjustment)
                _movements.Add(new StockMovement(year.CodeOf(position), year.Line(position).Quantity, position, IsAdjustment: true));
        }
        return _movements;
    }

    private void AddGoods(int position)
    {
        // On an invoice goods leave with a positive quantity, on a credit note they come back with a negative one.
        long units = -year.Line(position).Quantity;
        var code = year.CodeOf(position);
        if (_byCode.TryAdd(code, _movements.Count))
        {
            _movements.Add(new StockMovement(code, units, position, IsAdjustment: false));
            return;
        }
        var known = _movements[_byCode[code]];
        _movements[_byCode[code]] = known with { Units = known.Units + units };
    }
}
