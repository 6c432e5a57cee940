using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>The fold of a stock: its sums by the events' own numbers, and the holds and orders that they are made of.</summary>
internal static class StockFold
{
    public static Stock Evolve(Stock state, StockEvent @event) => @event switch
    {
        StockCounted counted => state with { OnHand = counted.Quantity },
        StockReceived received => Received(state, received),
        StockAdjusted adjusted => state with { OnHand = state.OnHand + adjusted.Quantity },
        StockIssued issued => state with { OnHand = state.OnHand - issued.Quantity },
        StockReturned returned => state with { OnHand = state.OnHand + returned.Quantity },
        StockHeld held => Held(state, held),
        StockHoldExtended extended => Extended(state, extended),
        StockHoldReleased released => WithoutHold(WithShare(state, released.Channel, released.ToShare), released.HoldId, released.Quantity),
        StockAllocated allocated => Allocated(state, allocated),
        StockDeallocated deallocated => Deallocated(state, deallocated),
        StockPicked picked => Moved(state, picked.OrderId, Movement("pick", picked.PickId), picked: picked.Quantity),
        StockShipped shipped => Shipped(state, shipped),
        StockTermsSet set => state with { Terms = new StockTerms(set.SafetyStock, set.Policy, set.Limit, set.Date) },
        StockSetAside aside => state with { Shares = Set(state.Shares, aside.Channel, aside.Quantity), SetAside = state.SetAside + aside.Change },
        StockExpected expected => state with
        {
            Deliveries = Set(state.Deliveries, expected.Reference, expected.Quantity),
            Incoming = state.Incoming + expected.Change,
        },
        _ => state,
    };

    /// <summary>The name under which a pick or shipment is remembered, or null for one without an id.</summary>
    public static string? Movement(string kind, string? id) => id is null ? null : $"{kind} {id}";

    private static Stock Received(Stock state, StockReceived received)
    {
        var after = state with { OnHand = state.OnHand + received.Quantity };
        if (received.OfExpected == 0 || received.Reference is not { } reference) return after;
        return after with
        {
            Incoming = state.Incoming - received.OfExpected,
            Deliveries = Set(state.Deliveries, reference, state.Deliveries.GetValueOrDefault(reference) - received.OfExpected),
        };
    }

    private static Stock Held(Stock state, StockHeld held)
    {
        var without = state.Holds.TryGetValue(held.HoldId, out var before) ? Expiring(state.Expiries, before.ExpiresAt, -1) : state.Expiries;
        return WithShare(state, held.Channel, -held.FromShare) with
        {
            Held = state.Held + held.Quantity,
            Holds = state.Holds.SetItem(held.HoldId, new StockHold(held.Quantity, held.ExpiresAt, held.Channel, held.FromShare)),
            Expiries = Expiring(without, held.ExpiresAt, 1),
        };
    }

    private static Stock Extended(Stock state, StockHoldExtended extended) => state.Holds.TryGetValue(extended.HoldId, out var hold)
        ? state with
        {
            Holds = state.Holds.SetItem(extended.HoldId, hold with { ExpiresAt = extended.ExpiresAt }),
            Expiries = Expiring(Expiring(state.Expiries, hold.ExpiresAt, -1), extended.ExpiresAt, 1),
        }
        : state;

    private static Stock WithoutHold(Stock state, string holdId, long quantity)
    {
        var after = state with { Held = state.Held - quantity, EndedHolds = state.EndedHolds.With(holdId) };
        return state.Holds.TryGetValue(holdId, out var hold)
            ? after with { Holds = state.Holds.Remove(holdId), Expiries = Expiring(state.Expiries, hold.ExpiresAt, -1) }
            : after;
    }

    private static ImmutableSortedDictionary<DateTimeOffset, int> Expiring(ImmutableSortedDictionary<DateTimeOffset, int> expiries, DateTimeOffset at, int holds) =>
        expiries.GetValueOrDefault(at) + holds is var count && count == 0 ? expiries.Remove(at) : expiries.SetItem(at, count);

    private static Stock Allocated(Stock state, StockAllocated allocated)
    {
        var after = allocated.HoldId is { } holdId ? WithoutHold(state, holdId, allocated.FromHold) : state;
        return WithShare(after, allocated.Channel, -allocated.FromShare) with
        {
            Allocated = state.Allocated + allocated.Quantity,
            Backordered = state.Backordered + allocated.Backordered,
            Allocations = state.Allocations.SetItem(
                allocated.OrderId,
                new StockAllocation(
                    allocated.Quantity, 0, 0, allocated.Channel, allocated.ShareTaken, allocated.Backordered,
                    ImmutableSortedSet.Create<string>(StringComparer.Ordinal))),
        };
    }

    private static Stock Deallocated(Stock state, StockDeallocated deallocated) => WithShare(state, deallocated.Channel, deallocated.ToShare) with
    {
        Allocated = state.Allocated - deallocated.Quantity,
        Backordered = state.Backordered - deallocated.Backordered,
        Allocations = state.Allocations.Remove(deallocated.OrderId),
        EndedOrders = state.EndedOrders.With(deallocated.OrderId),
    };

    private static Stock Shipped(Stock state, StockShipped shipped) =>
        Moved(
            state with
            {
                OnHand = state.OnHand - shipped.Quantity,
                Allocated = state.Allocated - shipped.Quantity,
                Backordered = state.Backordered - shipped.Backordered,
            },
            shipped.OrderId, Movement("ship", shipped.ShipmentId), shipped: shipped.Quantity, backordered: shipped.Backordered);

    private static Stock Moved(Stock state, string orderId, string? movement, int picked = 0, int shipped = 0, int backordered = 0)
    {
        if (!state.Allocations.TryGetValue(orderId, out var order)) return state;
        var after = order with
        {
            Shipped = unchecked(order.Shipped + shipped),
            Picked = Math.Max(unchecked(order.Picked + picked), unchecked(order.Shipped + shipped)),
            Backordered = unchecked(order.Backordered - backordered),
            Movements = movement is null ? order.Movements : order.Movements.Add(movement),
        };
        return after.Open > 0
            ? state with { Allocations = state.Allocations.SetItem(orderId, after) }
            : state with
            {
                Allocations = state.Allocations.Remove(orderId),
                EndedOrders = state.EndedOrders.With(orderId),
                EndedMovements = after.Movements.Aggregate(state.EndedMovements, (ended, done) => ended.With($"{orderId} {done}")),
            };
    }

    private static Stock WithShare(Stock state, string? channel, int change) => channel is null || change == 0
        ? state
        : state with
        {
            Shares = Set(state.Shares, channel, unchecked(state.Shares.GetValueOrDefault(channel) + change)),
            SetAside = state.SetAside + change,
        };

    private static ImmutableSortedDictionary<string, int> Set(ImmutableSortedDictionary<string, int> values, string key, int value) =>
        value == 0 ? values.Remove(key) : values.SetItem(key, value);
}
