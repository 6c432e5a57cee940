using System.Globalization;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;
using EcommerceAI.Commerce.Customers;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Store;
using CommerceCustomer = EcommerceAI.Commerce.Customers.Customer;
using CommerceStock = EcommerceAI.Commerce.Inventory.Stock;

namespace EcommerceAI.Projections.Storefront.Tests;

/// <summary>
/// A random history of a shop from a seed: a catalogue with changing prices, customers and guests, orders with free lines, doubled
/// SKUs and charges, cancellations, returns as the decider prices them, returns without an order, counts and movements of stock, and
/// bookkeeping; moments run through a year with both changes of the clock.
/// </summary>
internal sealed class ShopHistory
{
    private static readonly string[] Countries = ["United Kingdom", "France", "Eire"];
    private static readonly string[] Locations = ["warehouse", "shop-1", "shop-2"];

    private readonly Random _random;
    private readonly List<BulkEvent> _events = [];
    private readonly List<string> _customers = [];
    private readonly Dictionary<string, Order> _orders = new(StringComparer.Ordinal);
    private DateTimeOffset _now = new(2011, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private ShopHistory(int seed) => _random = new Random(seed);

    public static IEnumerable<KeyValuePair<string, Type>> EventNames => BoundedContext.Scan().SelectMany(context => context.EventNames);

    public static List<BulkEvent> Of(int seed, int steps)
    {
        var history = new ShopHistory(seed);
        for (var i = 0; i < 60; i++) history.CreateProduct(i);
        for (var i = 0; i < steps; i++) history.Step(TimeSpan.FromDays(365.0 / steps));
        return history._events;
    }

    /// <summary>A history of the given facts, a minute apart.</summary>
    public static List<BulkEvent> Of(params DomainEvent[] facts)
    {
        var history = new ShopHistory(0);
        foreach (var fact in facts)
        {
            history._now += TimeSpan.FromMinutes(1);
            history.Add(StreamOf(fact), fact);
        }

        return history._events;
    }

    public static OrderPlaced Placed(string orderId, params (string Sku, int Quantity, decimal Price)[] lines) =>
        OrderPricing.PlacedOrder(
            orderId, null, "United Kingdom", "warehouse", "GBP",
            [.. lines.Select(line => new UnpricedLine(line.Sku, line.Quantity, line.Price))], []);

    private static string StreamOf(DomainEvent fact) => fact switch
    {
        ProductCreated created => Product.StreamKey(created.Sku),
        ProductPriceChanged changed => Product.StreamKey(changed.Sku),
        CustomerRegistered registered => CommerceCustomer.StreamKey(registered.CustomerId),
        CustomerForgotten forgotten => CommerceCustomer.StreamKey(forgotten.CustomerId),
        StockEvent moved => CommerceStock.StreamKey(moved.Sku, moved.Location),
        OrderPlaced placed => Order.StreamKey(placed.OrderId),
        OrderCancelled cancelled => Order.StreamKey(cancelled.OrderId),
        OrderReturned returned => Order.StreamKey(returned.OrderId),
        ReturnReceived received => BlindReturn.StreamKey(received.ReturnId),
        LedgerEntryBooked booked => LedgerEntry.StreamKey(booked.EntryId),
        _ => throw new ArgumentOutOfRangeException(nameof(fact), fact, "No stream for it."),
    };

    private static string SkuOf(int number) => string.Create(CultureInfo.InvariantCulture, $"SKU{number:00}");

    private void CreateProduct(int number)
    {
        var sku = SkuOf(number);
        UnitPrice? price = number % 7 == 0 ? null : new UnitPrice(Price(), "GBP");
        Add($"product-{sku}", new ProductCreated(sku, $"Thing {number % 9}", price, null, number % 2 == 0 ? "even" : null));
    }

    private void Step(TimeSpan stride)
    {
        _now += stride * (_random.NextDouble() * 2);
        switch (_random.Next(10))
        {
            case 0:
                var sku = SkuOf(_random.Next(60));
                Add($"product-{sku}", new ProductPriceChanged(sku, new UnitPrice(Price(), "GBP")));
                break;
            case 1:
                var customer = $"C{_events.Count}";
                Add(CommerceCustomer.StreamKey(customer), new CustomerRegistered(customer, Pick(Countries), _random.Next(2) == 0 ? "N. N." : null));
                if (_customers.Count == 2) Forget(1);
                _customers.Add(customer);
                break;
            case 2 or 3 or 4:
                MoveStock();
                break;
            case 5:
                ComeBack();
                break;
            case 6 when _orders.Count > 0:
                ReturnOrCancel(Pick([.. _orders.Keys]));
                break;
            case 7 when _random.Next(4) == 0:
                var entry = $"A{_events.Count}";
                Add($"ledger-{entry}", OrderPricing.BookedEntry(entry, "GBP", [new UnpricedCharge("B", "Adjust bad debt", 1, -Price())]));
                break;
            default:
                Place();
                break;
        }
    }

    private void Forget(int place)
    {
        Add(CommerceCustomer.StreamKey(_customers[place]), new CustomerForgotten(_customers[place]));
        _customers.RemoveAt(place);
    }

    private void Place()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{500_000 + _events.Count}");
        var placed = OrderPricing.PlacedOrder(id, Customer(), Pick(Countries), Pick(Locations), Currency(), Lines(), Charges(1));
        _orders[id] = Order.Evolve(Order.Initial, placed);
        Add(Order.StreamKey(id), placed);
    }

    private void ReturnOrCancel(string id)
    {
        var order = _orders[id];
        var some = order.Lines.Where(line => line.Returned < line.Quantity).Where(_ => _random.Next(2) == 0).DistinctBy(line => line.Sku)
            .Select(line => new ReturnOrderLine(line.Sku, _random.Next(1, line.Quantity - line.Returned + 1))).ToArray();
        OrderCommand command = some.Length == 0 || _random.Next(3) == 0
            ? new CancelOrder(id, "changed their mind")
            : new ReturnOrder(id, $"R{_events.Count}", some, null);
        foreach (var fact in OrderDecider.Decide(order, command).Events)
        {
            _orders[id] = Order.Evolve(_orders[id], fact);
            Add(Order.StreamKey(id), fact);
        }
    }

    private void ComeBack()
    {
        var id = $"C5{_events.Count}";
        Add(
            BlindReturn.StreamKey(id),
            OrderPricing.ReceivedReturn(id, Customer(), Pick(Countries), Pick(Locations), Currency(), Lines(), Charges(-1)));
    }

    private void MoveStock()
    {
        var (sku, location, units) = (SkuOf(_random.Next(60)), Pick(Locations), _random.Next(1, 20));
        StockEvent moved = _random.Next(8) switch
        {
            5 => new StockHeld(sku, location, "h1", units, default, default),
            6 => new StockAllocated(sku, location, "o1", units, "h1", units),
            7 => new StockTermsSet(sku, location, units, BackorderPolicy.None, 0),
            0 => new StockCounted(sku, location, units),
            1 => new StockReceived(sku, location, units),
            2 => new StockAdjusted(sku, location, -units, "damaged"),
            3 => new StockIssued(sku, location, units, "1"),
            _ => new StockReturned(sku, location, units, "1"),
        };
        Add(CommerceStock.StreamKey(sku, location), moved);
    }

    private UnpricedLine[] Lines()
    {
        var most = _random.Next(8) == 0 ? 80 : 6;
        return [.. Enumerable.Range(0, _random.Next(1, most)).Select(_ => new UnpricedLine(SkuOf(_random.Next(60)), _random.Next(1, 9), Price()))];
    }

    private UnpricedCharge[] Charges(int sign) => _random.Next(3) == 0 ? [new UnpricedCharge("POST", null, sign, Price() + 1)] : [];

    private string? Customer() => _random.Next(3) == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"C{_random.Next(5)}");

    private string Currency() => _random.Next(5) == 0 ? "EUR" : "GBP";

    private decimal Price() => _random.Next(10) == 0 ? 0 : _random.Next(1, 99_999) / 1000m;

    private T Pick<T>(T[] items) => items[_random.Next(items.Length)];

    private void Add(string streamId, DomainEvent fact) =>
        _events.Add(new BulkEvent(streamId, new NewEvent(fact, Guid.CreateVersion7(), _now)));
}
