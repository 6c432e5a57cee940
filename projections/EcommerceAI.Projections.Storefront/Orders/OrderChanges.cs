using EcommerceAI.Commerce.Orders;
using EcommerceAI.EventSourcing.Store;

namespace EcommerceAI.Projections.Storefront.Orders;

/// <summary>An event with the moment and the stream version at which it happened.</summary>
internal readonly record struct Recorded<TEvent>(TEvent Data, DateTime At, long Version)
{
    public Recorded(TEvent data, RecordedEvent recorded)
        : this(data, recorded.Timestamp.UtcDateTime, recorded.Version)
    {
    }
}

/// <summary>What happened to an order after it was placed, within a batch.</summary>
internal sealed record OrderChange(
    string OrderId, long ReturnedUnits, long Refunded, DateTime? CancelledAt, string? Reason, long Version);

/// <summary>A batch of events, sorted by the table that they go to.</summary>
internal sealed class OrderChanges
{
    public OrderChanges(IReadOnlyList<RecordedEvent> events)
    {
        foreach (var recorded in events) Add(recorded);
    }

    public List<Recorded<OrderPlaced>> Placed { get; } = [];

    public Dictionary<string, OrderChange> Later { get; } = new(StringComparer.Ordinal);

    public List<Recorded<OrderReturned>> Returned { get; } = [];

    public List<Recorded<ReturnReceived>> Received { get; } = [];

    public List<Recorded<LedgerEntryBooked>> Booked { get; } = [];

    public List<KeyedLines> OrderLines { get; } = [];

    public List<KeyedLines> ReturnLines { get; } = [];

    public List<DocumentCharges> Charges { get; } = [];

    private void Add(RecordedEvent recorded)
    {
        switch (recorded.Data)
        {
            case OrderPlaced placed:
                Placed.Add(new(placed, recorded));
                OrderLines.Add(new([placed.OrderId], placed.Lines));
                Charges.Add(new("order", placed.OrderId, placed.Charges));
                break;
            case OrderCancelled cancelled:
                Change(cancelled.OrderId, recorded, change => change with
                {
                    CancelledAt = recorded.Timestamp.UtcDateTime,
                    Reason = cancelled.Reason,
                });
                break;
            case OrderReturned returned:
                Returned.Add(new(returned, recorded));
                ReturnLines.Add(new([returned.OrderId, returned.ReturnId], returned.Lines));
                Change(returned.OrderId, recorded, change => change with
                {
                    ReturnedUnits = change.ReturnedUnits + returned.Lines.Sum(line => (long)line.Quantity),
                    Refunded = change.Refunded + returned.Refund.Minor,
                });
                break;
            case ReturnReceived received:
                Received.Add(new(received, recorded));
                ReturnLines.Add(new(["", received.ReturnId], received.Lines));
                Charges.Add(new("return", received.ReturnId, received.Charges));
                break;
            case LedgerEntryBooked booked:
                Booked.Add(new(booked, recorded));
                Charges.Add(new("ledger", booked.EntryId, booked.Lines));
                break;
        }
    }

    private void Change(string orderId, RecordedEvent recorded, Func<OrderChange, OrderChange> change)
    {
        var before = Later.GetValueOrDefault(orderId) ?? new OrderChange(orderId, 0, 0, null, null, 0);
        Later[orderId] = change(before) with { Version = recorded.Version };
    }
}
