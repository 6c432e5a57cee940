namespace EcommerceAI.Commerce.Pricing;

/// <summary>The lines of a request while promotions are applied: what each cost, what was taken off, and which are closed.</summary>
internal sealed class DiscountedBasket
{
    private readonly PricingRequest _request;
    private readonly long[] _gross;
    private readonly long[] _net;
    private readonly bool[] _closed;
    private readonly List<LineDiscount>[] _discounts;

    public DiscountedBasket(PricingRequest request)
    {
        _request = request;
        _gross = [.. request.Lines.Select(line => new UnitPrice(line.UnitPrice, request.Currency).Times(line.Quantity).Minor)];
        _net = [.. _gross];
        _closed = new bool[_gross.Length];
        _discounts = [.. _gross.Select(_ => new List<LineDiscount>())];
    }

    /// <summary>Whether anything was taken off yet.</summary>
    public bool IsDiscounted { get; private set; }

    /// <summary>What a line costs before discounts.</summary>
    public long GrossOf(int line) => _gross[line];

    /// <summary>The units of a line.</summary>
    public long QuantityOf(int line) => _request.Lines[line].Quantity;

    /// <summary>What was taken off a line.</summary>
    public IReadOnlyList<LineDiscount> DiscountsOf(int line) => _discounts[line];

    /// <summary>The goods of a scope that cost something, as they were before any discount.</summary>
    public IEnumerable<int> Goods(PromotionScope scope) =>
        Enumerable.Range(0, _gross.Length).Where(i => _gross[i] > 0 && scope.HoldsGoods(_request.Lines[i]));

    /// <summary>The lines of a scope that a promotion may still discount, cheapest unit first.</summary>
    /// <param name="scope">Which lines.</param>
    /// <param name="stacking">How the promotion goes together with those before it.</param>
    public IReadOnlyList<OpenLine> Open(PromotionScope scope, Stacking stacking) =>
    [
        .. Enumerable.Range(0, _net.Length)
            .Where(i => _net[i] > 0 && !_closed[i] && scope.Discounts(_request.Lines[i])
                && (stacking == Stacking.Combinable || _discounts[i].Count == 0))
            .Select(i => new OpenLine(i, _request.Lines[i], _net[i]))
            .OrderBy(open => open.Line.UnitPrice).ThenBy(open => open.Line.LineId, StringComparer.Ordinal),
    ];

    /// <summary>Takes an amount off a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="discount">What is taken off, at most what is left.</param>
    /// <param name="close">Whether the line takes no more discounts.</param>
    public void TakeOff(int line, LineDiscount discount, bool close)
    {
        _net[line] -= discount.Amount;
        _closed[line] |= close;
        _discounts[line].Add(discount);
        IsDiscounted = true;
    }
}

/// <summary>A line that a promotion may discount.</summary>
/// <param name="Index">Its place in the request.</param>
/// <param name="Line">The line.</param>
/// <param name="Net">What is left of its amount, above 0.</param>
internal readonly record struct OpenLine(int Index, PricingLine Line, long Net)
{
    /// <summary>What some of its units still cost, rounded half to even.</summary>
    public long NetOf(int units) => Parts.Round((Int128)Net * units, Line.Quantity);
}
