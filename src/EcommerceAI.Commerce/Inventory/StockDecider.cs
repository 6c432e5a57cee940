using System.Diagnostics;
using System.Globalization;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>
/// Decides what is asked of a stock. No command takes the units on hand below zero or beyond an int, and none promises a unit that is
/// not there, but for what the terms of the stock allow as backorder. What is found on the shelf is a fact, also where it is less than
/// what is promised: <see cref="Stock.Shortfall"/> then says by how much.
/// </summary>
public static class StockDecider
{
    /// <summary>
    /// What is wrong with the command's own fields, whatever the state; empty when nothing is. A host asks this before it
    /// derives a stream key from the command; <see cref="Decide"/> asks it again.
    /// </summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(StockCommand command)
    {
        var fields = new CommandFields();
        fields.Sku("sku", command.Sku);
        fields.Location("location", command.Location);
        StockFields.Check(fields, command);
        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with its events, none where it changes nothing, or with <c>insufficient_stock</c>, <c>stock_limit_exceeded</c>,
    /// <c>hold_exists</c>, <c>hold_ended</c>, <c>allocation_exists</c>, <c>allocation_ended</c>, <c>not_allocated</c>,
    /// <c>exceeds_allocation</c>, <c>not_released</c>, or what <see cref="Validate"/> found.
    /// </summary>
    /// <param name="state">The stock as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Stock state, StockCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        var sku = SkuFormat.Normalize(command.Sku);
        var location = command.Location;
        return command switch
        {
            ReceiveStock receive => Receive(state, sku, receive),
            AdjustStock adjust => Change(state, adjust.Quantity,
                new StockAdjusted(sku, location, adjust.Quantity, adjust.Reason.Trim(), CommandFields.Clean(adjust.Reference))),
            // A count that finds what the books say is still a fact: somebody looked.
            CountStock count => Decision.Accept(new StockCounted(sku, location, count.Quantity)),
            IssueStock issue => Issue(state, sku, issue),
            ReturnStock @return => Change(state, @return.Quantity,
                new StockReturned(sku, location, @return.Quantity, @return.Reference.Trim())),
            HoldStock hold => HoldDecider.Hold(state, sku, hold),
            ReleaseHold release => HoldDecider.Release(state, sku, release),
            ReleaseExpiredHolds expired => Decision.Accept(HoldDecider.Expired(state, sku, location, expired.At)),
            AllocateStock allocate => AllocationDecider.Allocate(state, sku, allocate),
            DeallocateStock deallocate => AllocationDecider.Deallocate(state, sku, deallocate),
            PickStock pick => AllocationDecider.Pick(state, sku, pick),
            ShipStock ship => AllocationDecider.Ship(state, sku, ship),
            SetStockTerms set => TermsDecider.Set(state, sku, set),
            SetStockAside aside => TermsDecider.SetAside(state, sku, aside),
            ExpectStock expect => TermsDecider.Expect(state, sku, expect),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static Decision Receive(Stock state, string sku, ReceiveStock command)
    {
        var reference = CommandFields.Clean(command.Reference);
        var expected = reference is null ? 0 : Math.Clamp(state.Deliveries.GetValueOrDefault(reference), 0, command.Quantity);
        return Change(state, command.Quantity, new StockReceived(sku, command.Location, command.Quantity, reference, expected));
    }

    /// <summary>What stands on the shelf may leave over the counter, but not what was promised to somebody else.</summary>
    private static Decision Issue(Stock state, string sku, IssueStock command)
    {
        var promised = state.Held + state.Allocated;
        if (promised > 0 && state.OnHand - promised < command.Quantity && state.OnHand >= command.Quantity)
            return Decision.Reject(
                "insufficient_stock",
                string.Create(CultureInfo.InvariantCulture,
                    $"{state.OnHand} of {sku} on hand at {command.Location}, {promised} of them promised; {command.Quantity} asked for."),
                "quantity");
        return Change(state, -command.Quantity, new StockIssued(sku, command.Location, command.Quantity, command.OrderId));
    }

    private static Decision Change(Stock state, int difference, StockEvent @event)
    {
        var after = state.OnHand + difference;
        // What comes in is welcome even where a history left less than nothing on hand.
        if (difference < 0 && after < 0)
            return Decision.Reject(
                "insufficient_stock",
                string.Create(CultureInfo.InvariantCulture,
                    $"{state.OnHand} of {@event.Sku} on hand at {@event.Location}; {-(long)difference} asked for."),
                "quantity");
        if (after > int.MaxValue)
            return Decision.Reject(
                "stock_limit_exceeded",
                string.Create(CultureInfo.InvariantCulture,
                    $"{@event.Sku} at {@event.Location} would hold {after} units; at most {int.MaxValue} can be on hand."),
                "quantity");
        return Decision.Accept(@event);
    }
}
