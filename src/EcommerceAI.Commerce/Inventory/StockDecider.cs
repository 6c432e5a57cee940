using System.Diagnostics;
using System.Globalization;

namespace EcommerceAI.Commerce.Inventory;

/// <summary>Decides what is asked of a stock. No command takes the units on hand below zero or beyond an int.</summary>
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
        switch (command)
        {
            case ReceiveStock receive:
                fields.Quantity("quantity", receive.Quantity);
                fields.OptionalText("reference", receive.Reference, CommandFields.MaxNote);
                break;
            case AdjustStock adjust:
                fields.Difference("quantity", adjust.Quantity);
                fields.RequiredText("reason", adjust.Reason, CommandFields.MaxNote);
                fields.OptionalText("reference", adjust.Reference, CommandFields.MaxNote);
                break;
            case CountStock count:
                fields.Quantity("quantity", count.Quantity, least: 0, most: int.MaxValue);
                break;
            case IssueStock issue:
                fields.Quantity("quantity", issue.Quantity);
                fields.Id("orderId", issue.OrderId);
                break;
            case ReturnStock @return:
                fields.Quantity("quantity", @return.Quantity);
                fields.RequiredText("reference", @return.Reference, CommandFields.MaxNote);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with one event, or with <c>insufficient_stock</c>, <c>stock_limit_exceeded</c> or what
    /// <see cref="Validate"/> found.
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
            ReceiveStock receive => Change(state, receive.Quantity,
                new StockReceived(sku, location, receive.Quantity, CommandFields.Clean(receive.Reference))),
            AdjustStock adjust => Change(state, adjust.Quantity,
                new StockAdjusted(sku, location, adjust.Quantity, adjust.Reason.Trim(), CommandFields.Clean(adjust.Reference))),
            // A count that finds what the books say is still a fact: somebody looked.
            CountStock count => Decision.Accept(new StockCounted(sku, location, count.Quantity)),
            IssueStock issue => Change(state, -issue.Quantity, new StockIssued(sku, location, issue.Quantity, issue.OrderId)),
            ReturnStock @return => Change(state, @return.Quantity,
                new StockReturned(sku, location, @return.Quantity, @return.Reference.Trim())),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
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
