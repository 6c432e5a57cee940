namespace EcommerceAI.Commerce.Inventory;

/// <summary>The rules for the fields of stock commands, beyond SKU and location.</summary>
internal static class StockFields
{
    public static void Check(CommandFields fields, StockCommand command)
    {
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
            case HoldStock or ReleaseHold:
                CheckHold(fields, command);
                break;
            case AllocateStock or DeallocateStock or PickStock or ShipStock:
                CheckAllocation(fields, command);
                break;
            case SetStockTerms or SetStockAside or ExpectStock:
                CheckTerms(fields, command);
                break;
        }
    }

    private static void CheckHold(CommandFields fields, StockCommand command)
    {
        switch (command)
        {
            case HoldStock hold:
                fields.Id("holdId", hold.HoldId);
                fields.Quantity("quantity", hold.Quantity);
                fields.Moment("expiresAt", hold.ExpiresAt, hold.At, HoldStock.Longest);
                OptionalChannel(fields, hold.Channel);
                break;
            case ReleaseHold release:
                fields.Id("holdId", release.HoldId);
                fields.RequiredText("reason", release.Reason, CommandFields.MaxNote);
                break;
        }
    }

    private static void CheckAllocation(CommandFields fields, StockCommand command)
    {
        switch (command)
        {
            case AllocateStock allocate:
                fields.Id("orderId", allocate.OrderId);
                fields.Quantity("quantity", allocate.Quantity);
                fields.OptionalId("holdId", allocate.HoldId);
                OptionalChannel(fields, allocate.Channel);
                if (allocate is { Backorder: true, At: null }) fields.Refuse("at", "required", "at must be given where backorder is asked for.");
                break;
            case DeallocateStock deallocate:
                fields.Id("orderId", deallocate.OrderId);
                fields.RequiredText("reason", deallocate.Reason, CommandFields.MaxNote);
                break;
            case PickStock pick:
                fields.Id("orderId", pick.OrderId);
                fields.Quantity("quantity", pick.Quantity);
                fields.OptionalId("pickId", pick.PickId);
                break;
            case ShipStock ship:
                fields.Id("orderId", ship.OrderId);
                fields.Quantity("quantity", ship.Quantity);
                fields.OptionalId("shipmentId", ship.ShipmentId);
                break;
        }
    }

    private static void CheckTerms(CommandFields fields, StockCommand command)
    {
        switch (command)
        {
            case SetStockTerms set:
                fields.Quantity("safetyStock", set.SafetyStock, least: 0);
                if (!Enum.IsDefined(set.Policy)) fields.RefuseWithNumbers("policy", "malformed", $"policy is no known one ({(int)set.Policy}).");
                fields.Quantity("limit", set.Limit, least: 0, most: set.Policy == BackorderPolicy.None ? 0 : CommandFields.MaxQuantity);
                if (set is { Policy: BackorderPolicy.PreOrder, Date: null }) fields.Refuse("date", "required", "date must be given for a pre-order.");
                break;
            case SetStockAside aside:
                fields.Location("channel", aside.Channel);
                fields.Quantity("quantity", aside.Quantity, least: 0);
                break;
            case ExpectStock expect:
                fields.RequiredText("reference", expect.Reference, CommandFields.MaxNote);
                fields.Quantity("quantity", expect.Quantity, least: 0);
                break;
        }
    }

    private static void OptionalChannel(CommandFields fields, string? channel)
    {
        if (channel is not null) fields.Location("channel", channel);
    }
}
