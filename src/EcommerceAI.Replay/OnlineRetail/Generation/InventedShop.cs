namespace EcommerceAI.Replay.OnlineRetail.Generation;

/// <summary>The invented shop: who buys what, what comes back, what is found damaged. It makes one invoice after another.</summary>
internal sealed class InventedShop
{
    private const int RememberedOrders = 256;

    private static readonly string[] Countries = ["United Kingdom", "Germany", "France", "EIRE", "Netherlands", "Spain"];
    private static readonly WeightedChoice CountryChoice = new([900, 30, 28, 26, 10, 6]);
    private static readonly int[] Quantities = [1, 1, 1, 2, 2, 3, 4, 6, 6, 10, 12, 12, 24, 48];
    private static readonly string[] Remarks = ["damaged", "?", "lost", "found", "", "", "wet/rusty", "counted", "sold as set"];

    private readonly SplitMix64 _random;
    private readonly InventedProduct[] _products;
    private readonly WeightedChoice _productChoice;
    private readonly WeightedChoice _customerChoice;
    private readonly Order?[] _remembered = new Order?[RememberedOrders];
    private int _number = 600_001;
    private int _ledgerEntries = 2;

    /// <summary>Opens the shop.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="lines">Lines of the year; the catalogue and the number of customers grow with them, as a real shop's do.</param>
    public InventedShop(ulong seed, int lines)
    {
        _random = new SplitMix64(seed);
        _products = InventedCatalogue.Invent(Math.Clamp(lines / 140, 40, 4_000), _random);
        _productChoice = WeightedChoice.Zipf(_products.Length);
        _customerChoice = WeightedChoice.Zipf(Math.Clamp(lines / 120, 20, 5_000));
    }

    /// <summary>Makes the next invoice of a day (from 0), at a moment; it has at least one line.</summary>
    public List<InventedLine> NextInvoice(int day, DateTime moment) => _random.Below(1000) switch
    {
        < 140 => Return(moment),
        < 230 => Adjustment(moment),
        < 236 => Fee(moment),
        < 240 when _ledgerEntries > 0 => LedgerEntry(moment),
        _ => Sale(day, moment),
    };

    private List<InventedLine> Sale(int day, DateTime moment)
    {
        var isGuest = _random.OneIn(8);
        var customer = isGuest ? null : (int?)_customerChoice.Draw(_random);
        var country = customer is { } known ? CountryOf(known) : Countries[0];
        var order = new Order($"{_number++}", customer is { } number ? $"{12_346 + number}" : "", country, moment);
        var lines = new List<InventedLine>();
        for (var left = LineCount(isGuest); left > 0; left--)
        {
            var isRepeat = lines.Count > 0 && _random.OneIn(100);
            lines.Add(isRepeat ? lines[^1] : Goods(order, day));
        }
        if (!isGuest && _random.OneIn(400)) lines[^1] = lines[^1] with { Pence = 0 };
        _remembered[_random.Below(RememberedOrders)] = order with { Lines = lines.FindAll(line => line.Pence > 0) };
        AddCharges(lines, order);
        return lines;
    }

    private InventedLine Goods(Order order, int day)
    {
        var product = _products[_productChoice.Draw(_random)];
        // Out of season a few are still sold; otherwise the shopper takes something else.
        while (product.IsSeasonal && !TradingCalendar.IsChristmasSeason(day) && !_random.OneIn(20))
            product = _products[_productChoice.Draw(_random)];
        var quantity = _random.Pick(Quantities) * (_random.OneIn(200) ? 10 : 1);
        var price = product.PriceOn(day);
        return order.Line(product.Code, product.Title, quantity, quantity >= 48 ? price * 85 / 100 : price);
    }

    private void AddCharges(List<InventedLine> lines, Order order)
    {
        if (order.Country != Countries[0]) lines.Add(order.Line("POST", "POSTAGE", _random.Between(1, 3), 1800));
        else if (order.Customer.Length == 0 && _random.OneIn(2))
            lines.Add(order.Line("DOT", "DOTCOM POSTAGE", 1, _random.Between(400, 9000)));
        else if (_random.OneIn(120)) lines.Add(order.Line("C2", "CARRIAGE", 1, 5000));
        else if (_random.OneIn(150)) lines.Add(order.Line("M", "Manual", 1, _random.Between(50, 4000)));
        else if (_random.OneIn(300)) lines.Add(order.Line("GIFT_0001_20", "Gift Voucher £20.00", 1, 1667));
    }

    /// <summary>Some of an order's goods come back; a shopper who has none to give back gets a discount.</summary>
    private List<InventedLine> Return(DateTime moment)
    {
        var sold = _remembered[_random.Below(RememberedOrders)];
        if (sold is null || sold.Lines.Count == 0) return Discount(moment);
        var credit = new Order($"C{_number++}", sold.Customer, sold.Country, moment);
        var first = _random.Below(sold.Lines.Count);
        var taken = sold.Lines.Skip(first).Take(_random.Between(1, 3));
        return [.. taken.Select(line => credit.Line(line.Code, line.Description, -_random.Between(1, line.Quantity), line.Pence))];
    }

    private List<InventedLine> Discount(DateTime moment)
    {
        var customer = _customerChoice.Draw(_random);
        var credit = new Order($"C{_number++}", $"{12_346 + customer}", CountryOf(customer), moment);
        return [credit.Line("D", "Discount", -1, _random.Between(100, 5000))];
    }

    private List<InventedLine> Adjustment(DateTime moment)
    {
        var product = _products[_productChoice.Draw(_random)];
        var paper = new Order($"{_number++}", "", Countries[0], moment);
        var quantity = _random.OneIn(3) ? _random.Between(1, 60) : -_random.Between(1, 40);
        return [paper.Line(product.Code, _random.Pick(Remarks), quantity, 0)];
    }

    private List<InventedLine> Fee(DateTime moment)
    {
        var paper = new Order($"C{_number++}", "", Countries[0], moment);
        var line = _random.OneIn(2)
            ? paper.Line("AMAZONFEE", "AMAZON FEE", -1, 125_000)
            : paper.Line("BANK CHARGES", "Bank Charges", -1, 1500);
        return [line];
    }

    private List<InventedLine> LedgerEntry(DateTime moment)
    {
        _ledgerEntries--;
        var paper = new Order($"A{_number++}", "", Countries[0], moment);
        return [paper.Line("B", "Adjust bad debt", 1, _ledgerEntries == 1 ? 1_106_206 : -1_106_206)];
    }

    private int LineCount(bool isGuest)
    {
        // Mostly some twenty lines, sometimes a shop's whole order; guests of the web shop fill long baskets.
        var count = _random.Between(1, 12) + _random.Between(0, 24);
        return _random.OneIn(isGuest ? 4 : 25) ? count + _random.Between(20, 120) : count;
    }

    /// <summary>A customer stays in one country: it is drawn from the customer's own number.</summary>
    private static string CountryOf(int customer) => Countries[CountryChoice.Draw(new SplitMix64((ulong)customer))];

    private sealed record Order(string Number, string Customer, string Country, DateTime Moment)
    {
        public List<InventedLine> Lines { get; init; } = [];

        public InventedLine Line(string code, string description, int quantity, int pence) =>
            new(Number, code, description, quantity, Moment, pence, Customer, Country);
    }
}
