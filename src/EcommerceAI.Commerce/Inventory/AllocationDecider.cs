using System.Globalization;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>Decides what is promised to orders and how it leaves.</summary>
internal static class AllocationDecider
{
    public static Decision Allocate(Stock state, string sku, AllocateStock command)
    {
        if (state.Allocations.TryGetValue(command.OrderId, out var there))
            return there.Quantity == command.Quantity
                ? Decision.Accept()
                : Refuse("allocation_exists", "orderId", $"{there.Quantity} of {sku} are promised to order {command.OrderId} already; {command.Quantity} asked for.");
        if (state.EndedOrders.Contains(command.OrderId))
            return Refuse("allocation_ended", "orderId", $"Order {command.OrderId} is over and done with at {command.Location}.");

        var (hold, channel) = HoldOf(state, command);
        StockEvent[] expired = [];
        var after = state;
        if (command.At is { } now && Missing(state, command, hold, channel) > 0)
        {
            // Those whose time is over make room, also where the timer that clears them away is late; the order's own still counts.
            expired = [.. HoldDecider.Expired(state, sku, command.Location, now).Where(ended => ended.HoldId != command.HoldId)];
            after = expired.Aggregate(state, Stock.Evolve);
        }

        var missing = Missing(after, command, hold, channel);
        var backordered = missing > 0 && MayBackorder(after, command, missing) ? missing : 0;
        if (missing > backordered && !command.Keeps)
            return Decision.Reject(
                "insufficient_stock",
                HoldDecider.Shortage(sku, command.Location, (hold?.Quantity ?? 0) + after.AvailableTo(channel), command.Quantity), "quantity");
        return Decision.Accept([.. expired, Allocated(after, sku, command, hold, channel, missing) with { Backordered = backordered, ExpectedOn = backordered > 0 ? after.Terms.Date : null }]);
    }

    public static Decision Deallocate(Stock state, string sku, DeallocateStock command)
    {
        if (state.EndedOrders.Contains(command.OrderId)) return Decision.Accept();
        var reason = command.Reason.Trim();
        if (!state.Allocations.TryGetValue(command.OrderId, out var order))
            return Decision.Accept(new StockDeallocated(sku, command.Location, command.OrderId, 0, reason));
        // What has left came out of the share first, so that what goes back there is never more than what is left.
        var toShare = Math.Max(0, order.FromShare - order.Shipped);
        return Decision.Accept(new StockDeallocated(
            sku, command.Location, command.OrderId, order.Open, reason, toShare == 0 ? null : order.Channel, toShare, order.Backordered));
    }

    public static Decision Pick(Stock state, string sku, PickStock command)
    {
        if (!state.Allocations.TryGetValue(command.OrderId, out var order))
            return Gone(state, sku, command.OrderId, "pick", command.PickId);
        if (IsKnown(order, "pick", command.PickId)) return Decision.Accept();
        return Leaving(state, sku, command, command.Quantity, order.Quantity - order.Picked, command.At)
            ?? Decision.Accept(new StockPicked(sku, command.Location, command.OrderId, command.Quantity, command.PickId));
    }

    public static Decision Ship(Stock state, string sku, ShipStock command)
    {
        if (!state.Allocations.TryGetValue(command.OrderId, out var order))
            return Gone(state, sku, command.OrderId, "ship", command.ShipmentId);
        if (IsKnown(order, "ship", command.ShipmentId)) return Decision.Accept();
        var backordered = Math.Max(0, command.Quantity - (order.Open - order.Backordered));
        return Leaving(state, sku, command, command.Quantity, order.Open, command.At)
            ?? Decision.Accept(new StockShipped(sku, command.Location, command.OrderId, command.Quantity, command.ShipmentId, backordered));
    }

    private static (StockHold? Hold, string? Channel) HoldOf(Stock state, AllocateStock command)
    {
        var hold = command.HoldId is { } holdId ? state.Holds.GetValueOrDefault(holdId) : null;
        return (hold, hold?.Channel ?? command.Channel);
    }

    /// <summary>Units beyond the hold that are not there for the order.</summary>
    private static int Missing(Stock state, AllocateStock command, StockHold? hold, string? channel) =>
        (int)Math.Max(0, Further(command, hold) - state.AvailableTo(channel));

    private static int Further(AllocateStock command, StockHold? hold) => Math.Max(0, command.Quantity - (hold?.Quantity ?? 0));

    private static StockAllocated Allocated(Stock state, string sku, AllocateStock command, StockHold? hold, string? channel, int missing)
    {
        var heldShare = hold?.FromShare ?? 0;
        var share = Math.Min(heldShare, command.Quantity) + (int)Math.Min(Further(command, hold) - missing, state.ShareOf(channel));
        return new StockAllocated(
            sku, command.Location, command.OrderId, command.Quantity, hold is null ? null : command.HoldId, hold?.Quantity ?? 0,
            share == 0 && heldShare == 0 ? null : channel, share - heldShare, share, missing, missing > 0 ? state.Terms.Date : null);
    }

    private static bool MayBackorder(Stock state, AllocateStock command, int missing) =>
        command is { Backorder: true, At: { } at }
        && state.Uncovered + missing <= state.Terms.LimitOn(DateOnly.FromDateTime(at.UtcDateTime));

    private static bool IsKnown(StockAllocation order, string kind, string? id) =>
        StockFold.Movement(kind, id) is { } movement && order.Movements.Contains(movement);

    /// <summary>What stands against goods being taken from the shelf, or null.</summary>
    private static Decision? Leaving(Stock state, string sku, StockCommand command, int quantity, int open, DateTimeOffset? at)
    {
        if (quantity > open)
            return Refuse("exceeds_allocation", "quantity", $"{open} of {sku} can still be taken for the order; {quantity} asked for.");
        if (at is { } now && !state.Terms.IsReleasedOn(DateOnly.FromDateTime(now.UtcDateTime)))
            return Refuse("not_released", null, $"{sku} is on pre-order and may leave from {state.Terms.Date:yyyy-MM-dd} on.");
        return quantity > state.OnHand
            ? Refuse("insufficient_stock", "quantity", $"{state.OnHand} of {sku} on hand at {command.Location}; {quantity} asked for.")
            : null;
    }

    /// <summary>The answer for an order that nothing is promised to any more: a movement that was done counts as done.</summary>
    private static Decision Gone(Stock state, string sku, string orderId, string kind, string? id) =>
        StockFold.Movement(kind, id) is { } movement && state.EndedMovements.Contains($"{orderId} {movement}")
            ? Decision.Accept()
            : Refuse("not_allocated", "orderId", $"Nothing of {sku} is promised to order {orderId} here.");

    private static Decision Refuse(string code, string? field, FormattableString message) =>
        Decision.Reject(code, message.ToString(CultureInfo.InvariantCulture), field);
}
