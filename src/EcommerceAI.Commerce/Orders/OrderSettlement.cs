using EcommerceAI.Commerce.Carts;
using EcommerceAI.Commerce.Inventory;
using EcommerceAI.Commerce.Invoicing;
using EcommerceAI.Commerce.Payments;
using EcommerceAI.Commerce.Pricing;

namespace EcommerceAI.Commerce.Orders;

/// <summary>
/// Everything that goes with a change of an order, as one append over all streams it touches: the stock, what the process makes of it
/// (<see cref="OrderProcess"/>), the invoice or credit note with its number, the cart that opens again. Pure: where it needs the state
/// of a further stream it says so and goes on once it has it. All of it becomes a fact, or nothing.
/// </summary>
public sealed class OrderSettlement
{
    private readonly Dictionary<string, object> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<DomainEvent>> _events = new(StringComparer.Ordinal);
    private readonly List<string> _touched = [];
    private readonly Queue<DomainEvent> _given = new();
    private readonly List<Rejection> _rejections = [];
    private readonly string _orderId;
    private readonly DateTimeOffset _at;

    /// <summary>Begins with an order and its payment as they stand.</summary>
    /// <param name="orderId">The order's id.</param>
    /// <param name="order">The order.</param>
    /// <param name="payment">Its payment.</param>
    /// <param name="at">Now.</param>
    public OrderSettlement(string orderId, Order order, Payment payment, DateTimeOffset at)
    {
        (_orderId, _at) = (orderId, at);
        (Order, Payment) = (order, payment);
    }

    /// <summary>The order after what is settled so far.</summary>
    public Order Order { get; private set; }

    /// <summary>The payment after what is settled so far.</summary>
    public Payment Payment { get; private set; }

    /// <summary>Why it cannot be; anything here and nothing may be appended.</summary>
    public IReadOnlyList<Rejection> Rejections => _rejections;

    /// <summary>What is to be appended, stream by stream.</summary>
    public IEnumerable<(string StreamKey, IReadOnlyList<DomainEvent> Events)> Streams =>
        _touched.Select(key => (key, (IReadOnlyList<DomainEvent>)_events[key]));

    /// <summary>Adds events of the order or the payment that were decided.</summary>
    /// <param name="events">Events of <see cref="Orders.Order"/> or <see cref="Payments.Payment"/>.</param>
    public void Add(IEnumerable<DomainEvent> events)
    {
        foreach (var @event in events) _given.Enqueue(@event);
    }

    /// <summary>Gives the state of a stream that <see cref="Advance"/> asked for.</summary>
    /// <param name="streamKey">The stream.</param>
    /// <param name="state">Its state: a <see cref="Stock"/>, <see cref="Promotion"/>, <see cref="LegalEntity"/>, <see cref="Checkout"/> or <see cref="Cart"/>.</param>
    public void Provide(string streamKey, object state) => _states[streamKey] = state;

    /// <summary>Settles as far as it can.</summary>
    /// <returns>The stream whose state it needs next, or null where all is settled or refused.</returns>
    public string? Advance()
    {
        while (_rejections.Count == 0 && (_given.TryPeek(out var given) ? given : OrderProcess.Next(Order, Payment)) is { } next)
        {
            if (next is PaymentEvent paid)
            {
                Payment = Payment.Evolve(Payment, paid);
                Append(Payment.StreamKey(_orderId), paid);
            }
            else if (Settle((OrderEvent)next) is { } missing)
            {
                return missing;
            }

            if (_given.Count > 0) _given.Dequeue();
        }

        return null;
    }

    private string? Settle(OrderEvent @event)
    {
        var commands = OrderStock.CommandsFor(Order, @event, _at);
        var checks = ChecksOf(@event);
        var needed = commands.Concat(checks).Select(command => Stock.StreamKey(command.Sku, command.Location)).Concat(DocumentStreams(@event)).Concat(CartOf(@event))
            .Concat(UsesOf(@event).Select(use => Promotion.StreamKey(use.PromotionId)));
        if (needed.FirstOrDefault(key => !_states.ContainsKey(key)) is { } missing) return missing;

        var moved = new Dictionary<string, Stock>(StringComparer.Ordinal);
        var movements = new List<(string Key, DomainEvent Event)>();
        var refused = Move(commands, moved, movements);
        refused.AddRange(Move(checks, [], []));
        refused.AddRange(Count(@event, movements));
        if (refused.Count > 0)
        {
            // A person is told; a parcel that the process wants to let go stays, and its money goes back.
            if (@event is OrderShipped shipped && _given.Count == 0)
                return Settle(new OrderShipmentDropped(shipped.OrderId, shipped.ShipmentId, refused[0].Code));
            _rejections.AddRange(refused);
            return null;
        }

        foreach (var (key, state) in moved) _states[key] = state;
        Append(Orders.Order.StreamKey(_orderId), @event);
        foreach (var (key, movement) in movements) Append(key, movement);
        Number(@event);
        Reopen(@event);
        Order = Orders.Order.Evolve(Order, @event);
        return null;
    }

    /// <summary>What the stock must be able to do once it comes to that: nobody's money is taken for a parcel whose goods are not there.</summary>
    private IReadOnlyList<StockCommand> ChecksOf(OrderEvent @event) => @event is OrderShipmentPacked packed
        ? OrderStock.CommandsFor(Orders.Order.Evolve(Order, packed), new OrderShipped(packed.OrderId, packed.ShipmentId), _at)
        : [];

    private List<Rejection> Move(IReadOnlyList<StockCommand> commands, Dictionary<string, Stock> moved, List<(string Key, DomainEvent Event)> movements)
    {
        var refused = new List<Rejection>();
        foreach (var command in commands)
        {
            var key = Stock.StreamKey(command.Sku, command.Location);
            var stock = moved.GetValueOrDefault(key) ?? (Stock)_states[key];
            var decision = StockDecider.Decide(stock, command);
            refused.AddRange(decision.Rejections.Select(rejection => rejection with { Field = SkuFormat.Normalize(command.Sku) }));
            movements.AddRange(decision.Events.Select(movement => (key, movement)));
            moved[key] = decision.Events.Aggregate(stock, Stock.Evolve);
        }

        return refused;
    }

    private IEnumerable<PromotionCommand> UsesOf(OrderEvent @event) => @event switch
    {
        OrderPlaced { Terms: { } terms } placed => terms.Promotions.Select(id => new RedeemPromotion(id, placed.OrderId, placed.CustomerId)),
        OrderCancelled cancelled => (Order.Terms?.Promotions ?? []).Select(id => new ReleaseRedemption(id, cancelled.OrderId, cancelled.Reason)),
        _ => [],
    };

    /// <summary>Counts the uses of promotions, or gives them back.</summary>
    private List<Rejection> Count(OrderEvent @event, List<(string Key, DomainEvent Event)> movements)
    {
        var refused = new List<Rejection>();
        foreach (var use in UsesOf(@event))
        {
            var key = Promotion.StreamKey(use.PromotionId);
            var decision = PromotionDecider.Decide((Promotion)_states[key], use);
            refused.AddRange(decision.Rejections);
            movements.AddRange(decision.Events.Select(counted => (key, counted)));
            _states[key] = decision.Events.Aggregate((Promotion)_states[key], Promotion.Evolve);
        }

        return refused;
    }

    private IEnumerable<string> DocumentStreams(OrderEvent @event) => Order.Terms is { } terms && OrderDocuments.KindOf(@event) is not null
        ? [Checkout.StreamKey(terms.CartId), LegalEntity.StreamKey(terms.LegalEntity)]
        : [];

    /// <summary>Gives the document that goes with an event its number, and issues it.</summary>
    private void Number(OrderEvent @event)
    {
        if (Order.Terms is not { } terms || OrderDocuments.KindOf(@event) is not { } kind) return;
        var key = LegalEntity.StreamKey(terms.LegalEntity);
        var entity = (LegalEntity)_states[key];
        var numbered = entity.Number(terms.LegalEntity, kind, _orderId);
        _states[key] = LegalEntity.Evolve(entity, numbered);
        Append(key, numbered);
        var document = OrderDocuments.Of(Order, @event, numbered, (Checkout)_states[Checkout.StreamKey(terms.CartId)]);
        Append(TaxDocument.StreamKey(kind, numbered.DocumentId), document);
    }

    /// <summary>The cart of an order that nobody has paid for and nobody will: it can be ordered again.</summary>
    private IEnumerable<string> CartOf(OrderEvent @event) =>
        @event is OrderCancelled && Order is { Terms: { } terms } && (!Order.IsConfirmed || HasFailed) ? [Cart.StreamKey(terms.CartId)] : [];

    private bool HasFailed => Payment.StatusOf(OrderProcess.CaptureId(null)) == PaymentOperationStatus.Failed;

    private void Reopen(OrderEvent @event)
    {
        foreach (var key in CartOf(@event))
        {
            var cart = (Cart)_states[key];
            foreach (var reopened in CartDecider.Decide(cart, new ReopenCart(Order.Terms!.CartId, _orderId)).Events) Append(key, reopened);
        }
    }

    private void Append(string key, DomainEvent @event)
    {
        if (!_events.TryGetValue(key, out var events))
        {
            _events[key] = events = [];
            _touched.Add(key);
        }

        events.Add(@event);
    }
}
