using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;

namespace EcommerceAI.Replay.OnlineRetail;

/// <summary>
/// The events that a file becomes, in the order of time and invoice by invoice. The plan is a function of the file's content alone:
/// walking it again gives the same events with the same ids, so an interrupted import goes on by leaving out the invoices that are
/// already written.
/// </summary>
public sealed class ImportPlan
{
    /// <summary>The one location of the year's stock.</summary>
    public const string Location = "warehouse";

    /// <summary>The currency of every price, ISO 4217.</summary>
    public const string Currency = "GBP";

    private readonly RetailYear _year;
    private readonly ListPrices _prices;
    private readonly string[] _titles;
    private readonly int[] _openingCounts;

    private ImportPlan(RetailYear year)
    {
        var linesByCode = year.LinesByCode();
        _year = year;
        _prices = ListPrices.Find(year, linesByCode);
        _titles = ProductTitles.Find(year, linesByCode);
        _openingCounts = OpeningCounts.Find(year);
        Reconciliation = Reconciliation.Of(year);
    }

    /// <summary>SHA-256 of the unpacked file, lower-case hexadecimal: the identity of the import.</summary>
    public string ContentHash => _year.File.ContentHash;

    /// <summary>How many invoices the plan has, bookkeeping entries and invoices of mere adjustments included.</summary>
    public int InvoiceCount => _year.Invoices.Length;

    /// <summary>The lines that are left out, in the order of the file.</summary>
    public IReadOnlyList<RejectedLine> RejectedLines => _year.Rejected;

    /// <summary>Where every line went.</summary>
    public Reconciliation Reconciliation { get; }

    /// <summary>Sorts a file out and plans its events.</summary>
    /// <param name="file">A file as <see cref="OnlineRetailReader.Read"/> gives it.</param>
    /// <exception cref="ImportFileException">The quantities of a product pass what an event can carry.</exception>
    /// <exception cref="InvalidOperationException">The machine has no time zone data for Europe/London.</exception>
    public static ImportPlan Create(RetailFile file) => new(RetailYear.SortOut(file));

    /// <summary>Walks the plan, making the events of one invoice at a time.</summary>
    /// <param name="skip">How many invoices to leave out from the start, 0 or more.</param>
    public IEnumerable<PlannedInvoice> Invoices(int skip = 0)
    {
        // A walk of its own for every enumeration, and a whole one: the versions after the skipped part count on what is in it.
        foreach (var invoice in new Walk(this).Run().Skip(skip)) yield return invoice;
    }

    /// <summary>One walk: what has appeared so far, and the version of each stream that grows.</summary>
    private sealed class Walk(ImportPlan plan)
    {
        private readonly RetailYear _year = plan._year;
        private readonly InvoiceEvents _invoiceEvents = new(plan._year);
        private readonly StockMovements _movements = new(plan._year);
        private readonly HashSet<string> _customers = new(StringComparer.Ordinal);
        private readonly Stream[] _products = OpenStreams(plan._year, "product-", string.Empty);
        private readonly Stream[] _stocks = OpenStreams(plan._year, "stock-", "@" + Location);
        private List<PlannedEvent> _events = [];
        private DateTimeOffset _now;
        private int _nextChange;

        public IEnumerable<PlannedInvoice> Run()
        {
            for (var ordinal = 0; ordinal < _year.Invoices.Length; ordinal++)
            {
                var invoice = _year.Invoices[ordinal];
                _events = new List<PlannedEvent>(invoice.Lines.Count + 2);
                _now = RetailMoment.ToInstant(invoice.LocalTime);
                var own = _invoiceEvents.Of(invoice);
                RegisterCustomer(invoice);
                OpenProducts(invoice);
                ChangePrices(ordinal);
                if (own is { } written) Add(written.StreamId, 1, written.Data);
                MoveStock(invoice);
                yield return new PlannedInvoice(ordinal, invoice.Number, invoice.Lines.Count, _events);
            }
        }

        private void RegisterCustomer(RetailInvoice invoice)
        {
            if (invoice.CustomerId.Length > 0 && invoice.Number[0] != 'A' && _customers.Add(invoice.CustomerId))
                Add($"customer-{invoice.CustomerId}", 1, new CustomerRegistered(invoice.CustomerId, invoice.Country));
        }

        private void OpenProducts(RetailInvoice invoice)
        {
            foreach (var position in invoice.Lines)
            {
                if (!_year.TouchesStock(position)) continue;
                var code = _year.CodeOf(position);
                if (_stocks[code].Version > 0) continue;
                var sku = _year.Codes[code];
                // A retailer's stock list may count postage too; that stock is kept, but nobody can order it.
                if (!CodesWithoutStock.Contains(sku))
                    Add(ref _products[code], new ProductCreated(sku, plan._titles[code], Price(plan._prices.Opening[code])));
                Add(ref _stocks[code], new StockCounted(sku, Location, plan._openingCounts[code]));
            }
        }

        private void ChangePrices(int ordinal)
        {
            var changes = plan._prices.Changes;
            for (; _nextChange < changes.Count && changes[_nextChange].Invoice == ordinal; _nextChange++)
            {
                var change = changes[_nextChange];
                Add(ref _products[change.Code], new ProductPriceChanged(_year.Codes[change.Code], new UnitPrice(change.Price, Currency)));
            }
        }

        private void MoveStock(RetailInvoice invoice)
        {
            foreach (var movement in _movements.Of(invoice))
            {
                var sku = _year.Codes[movement.Code];
                var units = checked((int)movement.Units);
                Add(ref _stocks[movement.Code],
                    movement.IsAdjustment ? new StockAdjusted(sku, Location, units, Remark(movement.Line), invoice.Number)
                    : invoice.IsCredit ? new StockReturned(sku, Location, units, invoice.Number)
                    : new StockIssued(sku, Location, -units, invoice.Number));
            }
        }

        private string? Remark(int position)
        {
            var remark = _year.Line(position).Description;
            return remark.Length > 0 ? remark : null;
        }

        private void Add(ref Stream stream, DomainEvent data) => Add(stream.Id, ++stream.Version, data);

        private void Add(string streamId, long version, DomainEvent data) =>
            _events.Add(new PlannedEvent(streamId, version, NameBasedId.ForEvent(streamId, version), data, _now));

        private static UnitPrice? Price(decimal? pounds) => pounds is { } amount ? new UnitPrice(amount, Currency) : null;

        private static Stream[] OpenStreams(RetailYear year, string before, string after) =>
            [.. year.Codes.Select(code => new Stream { Id = before + code + after })];

        private struct Stream
        {
            public required string Id { get; init; }

            public long Version;
        }
    }
}
