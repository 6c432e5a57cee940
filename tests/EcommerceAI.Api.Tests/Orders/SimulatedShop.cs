using EcommerceAI.Api.Payments;
using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Invoicing;
using EcommerceAI.Commerce.Orders;
using EcommerceAI.Commerce.Payments;

namespace EcommerceAI.Api.Tests.Orders;

/// <summary>
/// A shop in memory with the real deciders, the real settlement and the real sandbox: streams are lists of events, an append is all or
/// nothing, and the process may go down wherever a real one can, between asking the provider and writing down what it said.
/// </summary>
internal sealed class SimulatedShop(Random random, string token)
{
    public static readonly string[] Locations = ["warehouse", "shop-1"];
    public static readonly string[] Skus = ["A", "B", "C"];
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 9, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, List<DomainEvent>> _streams = new(StringComparer.Ordinal);
    private readonly List<ProviderNotice> _notices = [];

    public SandboxProvider Provider { get; } = new();

    public List<string> OrderIds { get; } = [];

    public int Crashes { get; private set; }

    public DateTimeOffset Now { get; private set; } = Start;

    public Order OrderOf(string id) => Fold(Order.StreamKey(id), Order.Initial, Order.Evolve);

    public Payment PaymentOf(string id) => Fold(Payment.StreamKey(id), Payment.Initial, Payment.Evolve);

    public Stock StockOf(string sku, string location) => Fold(Stock.StreamKey(sku, location), Stock.Initial, Stock.Evolve);

    public IEnumerable<DomainEvent> EventsOf(string prefix) => _streams.Where(stream => stream.Key.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(stream => stream.Value);

    public void Fill()
    {
        foreach (var sku in Skus)
        {
            foreach (var location in Locations)
                Append(Stock.StreamKey(sku, location), StockDecider.Decide(Stock.Initial, new ReceiveStock(sku, location, random.Next(1, 20))).Events);
        }
    }

    /// <summary>A buyer places an order; where goods are missing nothing at all happens.</summary>
    public bool Place()
    {
        var id = $"o{OrderIds.Count}";
        Append(Cart.StreamKey($"c{id}"), [new CartCreated($"c{id}", "GBP", "web", null), new CartLineAdded($"c{id}", "A", 1, 1m), new CartOrdered($"c{id}", id)]);
        var lines = Enumerable.Range(0, random.Next(1, 4)).Select(_ => (Sku: Skus[random.Next(3)], Units: random.Next(1, 5), Price: random.Next(1, 9_999) / 1_000m, At: Locations[random.Next(2)])).ToList();
        var goods = lines.Select(line => new OrderLine(line.Sku, line.Units, line.Price, new UnitPrice(line.Price, "GBP").Times(line.Units).Minor)).ToList();
        var off = goods.Select(line => random.Next(3) == 0 ? random.NextInt64(0, line.Amount + 1) : 0).ToList();
        var delivery = random.Next(2) * 495L;
        var charges = off.Where(less => less > 0).Select(less => new OrderCharge("P", null, -1, less / 100m, -less)).ToList();
        if (delivery > 0) charges.Add(new OrderCharge("DELIVERY", null, 1, 4.95m, delivery));
        var terms = lines.Select((line, i) => new LineTerms(line.At, goods[i].Amount - off[i], (goods[i].Amount - off[i]) / 6, 0.2m)).ToList();
        var total = new Money(goods.Sum(line => line.Amount) + charges.Sum(charge => charge.Amount), "GBP");
        var placed = new OrderPlaced(
            id, null, "GB", Locations[0], goods, charges, total,
            new OrderTerms($"c{id}", $"c{id}", "web", "main", null, (CaptureMoment)random.Next(2), Now.AddMinutes(30), delivery, delivery / 6, terms));
        var settled = Settle(id, settlement =>
        {
            settlement.Add([placed]);
            if (total.Minor > 0) settlement.Add(PaymentDecider.Decide(settlement.Payment, new RequestPayment(id, "card", token, total)).Events);
            return [];
        });
        if (settled) OrderIds.Add(id);
        return settled;
    }

    /// <summary>A command on an order; a refusal changes nothing.</summary>
    public bool Command(OrderCommand command) => Settle(command.OrderId, settlement =>
    {
        var decision = OrderDecider.Decide(settlement.Order, command);
        settlement.Add(decision.Events);
        return decision.Rejections;
    });

    /// <summary>Asks the provider for one thing that is outstanding; the process may go down before it has written the answer down.</summary>
    public void Ask(string id, bool mayCrash)
    {
        var payment = PaymentOf(id);
        if (payment.Outstanding is not [var operation, ..]) return;
        ProviderAnswer answer;
        try
        {
            answer = Provider.ExecuteAsync(
                new ProviderRequest(id, operation.OperationId, operation.Kind, payment.Amount!.Value with { Minor = operation.Amount }, payment.Method!, payment.Token!),
                CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            return;
        }

        if (mayCrash && random.Next(4) == 0)
        {
            Crashes++;
            return;
        }

        if (answer.Outcome != ProviderOutcome.Pending) Record(new RecordAnswer(id, operation.OperationId, answer.Outcome == ProviderOutcome.Succeeded));
    }

    /// <summary>Delivers a notice, any of those that are on their way; it may come again.</summary>
    public bool DeliverNotice()
    {
        while (Provider.Notices.TryRead(out var sent)) _notices.Add(sent.Notice);
        if (_notices.Count == 0) return false;
        var at = random.Next(_notices.Count);
        var notice = _notices[at];
        if (random.Next(3) > 0) _notices.RemoveAt(at);
        Record(new RecordAnswer(notice.PaymentId, notice.OperationId, notice.Succeeded));
        return true;
    }

    /// <summary>Time passes: payments that nobody answered are given up.</summary>
    public void Wait(TimeSpan time)
    {
        Now += time;
        foreach (var id in OrderIds)
        {
            if (OrderOf(id) is { Status: OrderStatus.Placed, IsConfirmed: false } order && order.Terms!.PayBefore <= Now)
                Command(new CancelOrder(id, "payment_unanswered"));
        }
    }

    /// <summary>Somebody counts, and finds something else than the books say.</summary>
    public void Count()
    {
        var (sku, location) = (Skus[random.Next(3)], Locations[random.Next(2)]);
        Append(Stock.StreamKey(sku, location), StockDecider.Decide(StockOf(sku, location), new CountStock(sku, location, random.Next(0, 12))).Events);
    }

    private void Record(RecordAnswer answer) => Settle(answer.PaymentId, settlement =>
    {
        var decision = PaymentDecider.Decide(settlement.Payment, answer);
        settlement.Add(decision.Events);
        return decision.Rejections;
    });

    private bool Settle(string id, Func<OrderSettlement, IReadOnlyList<Rejection>> begin)
    {
        var settlement = new OrderSettlement(id, OrderOf(id), PaymentOf(id), Now);
        if (begin(settlement).Count > 0) return false;
        while (settlement.Advance() is { } key)
        {
            settlement.Provide(key, key[..key.IndexOf('-', StringComparison.Ordinal)] switch
            {
                "stock" => Fold(key, Stock.Initial, Stock.Evolve),
                "legalentity" => Fold(key, LegalEntity.Initial, LegalEntity.Evolve),
                "checkout" => Fold(key, Checkout.Initial, Checkout.Evolve),
                _ => Fold(key, Cart.Initial, Cart.Evolve),
            });
        }

        if (settlement.Rejections.Count > 0) return false;
        foreach (var (key, events) in settlement.Streams) Append(key, events);
        return true;
    }

    private void Append(string key, IEnumerable<DomainEvent> events)
    {
        if (!_streams.TryGetValue(key, out var stream)) _streams[key] = stream = [];
        stream.AddRange(events);
    }

    private TState Fold<TState>(string key, TState initial, Func<TState, DomainEvent, TState> evolve) =>
        _streams.GetValueOrDefault(key, []).Aggregate(initial, evolve);
}
