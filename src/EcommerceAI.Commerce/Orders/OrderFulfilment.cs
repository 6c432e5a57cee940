using System.Globalization;

namespace EcommerceAI.Commerce.Orders;

/// <summary>
/// Decides what becomes of a confirmed order: parcels, changes before they leave, and money given back without goods. Answers
/// <c>order_cancelled</c>, <c>order_not_confirmed</c>, <c>shipment_in_progress</c>, <c>shipment_exists</c>, <c>change_exists</c>,
/// <c>not_on_order</c>, <c>exceeds_open_units</c>, <c>nothing_to_ship</c> or <c>refund_exceeds_charge</c>.
/// </summary>
internal static class OrderFulfilment
{
    public static Decision Pack(Order state, PackShipment command)
    {
        if (RefuseUnconfirmed(state) is { } refused) return Decision.Reject([refused]);
        if (state.ShipmentIds.Contains(command.ShipmentId, StringComparer.Ordinal))
            return Decision.Reject("shipment_exists", $"Shipment {command.ShipmentId} was already packed.", "shipmentId");
        if (state.Parcel is { } parcel)
            return Decision.Reject("shipment_in_progress", $"Shipment {parcel.ShipmentId} of this order waits for its money; pack the next one after it.");

        bool IsHere(SoldLine line) => line.Location == command.Location;
        var (taken, rejections) = command.Lines is { } asked
            ? Take(state, asked, IsHere)
            : ([.. state.Lines.Select(line => IsHere(line) ? line.Open : 0)], []);
        if (rejections.Count > 0) return Decision.Reject(rejections);
        if (taken.All(units => units == 0))
            return Decision.Reject("nothing_to_ship", $"Nothing of order {command.OrderId} is open at {command.Location}.");

        LineUnits[] lines = [.. Units(state, taken, (line, units) => (line.Shipped, line.Shipped + units))];
        var delivery = state.Lines.Any(line => line.Shipped > 0) ? 0 : state.Terms!.Delivery;
        var amount = new Money(lines.Sum(line => line.Amount) + delivery, state.Total!.Value.Currency);
        return Decision.Accept(new OrderShipmentPacked(command.OrderId, command.ShipmentId, command.Location, lines, delivery, amount));
    }

    public static Decision CancelLines(Order state, CancelOrderLines command)
    {
        if (RefuseUnconfirmed(state) is { } refused) return Decision.Reject([refused]);
        if (RefuseTaken(state, command.ChangeId, "changeId") is { } known) return Decision.Reject([known]);
        var (taken, rejections) = Take(state, command.Lines, _ => true);
        if (rejections.Count > 0) return Decision.Reject(rejections);
        if (!state.HasShipment && state.Lines.Zip(taken).All(part => part.First.Open == part.Second))
            return Decision.Accept(new OrderCancelled(command.OrderId, CommandFields.Clean(command.Reason)));

        // From the back, so that the units before them keep their places and with them their shares.
        LineUnits[] lines = [.. Units(state, taken, (line, units) =>
            (line.Quantity - line.Cancelled - units, line.Quantity - line.Cancelled))];
        var amount = new Money(lines.Sum(line => line.Amount), state.Total!.Value.Currency);
        return Decision.Accept(new OrderLinesCancelled(command.OrderId, command.ChangeId, lines, amount, CommandFields.Clean(command.Reason)));
    }

    public static Decision Refund(Order state, RefundOrder command)
    {
        if (RefuseTaken(state, command.RefundId, "refundId") is { } known) return Decision.Reject([known]);
        if (state.Terms is null)
            return Decision.Reject("order_not_confirmed", $"Order {command.OrderId} was paid elsewhere; its money cannot be given back from here.");
        var left = state.Charged - state.Refunded;
        return command.Amount > left
            ? Decision.Reject(
                "refund_exceeds_charge", string.Create(CultureInfo.InvariantCulture, $"{command.Amount} to be given back; {left} of what was charged is left."),
                "amount")
            : Decision.Accept(new OrderRefunded(
                command.OrderId, command.RefundId, new Money(command.Amount, state.Total!.Value.Currency), command.Reason.Trim()));
    }

    private static Rejection? RefuseUnconfirmed(Order state) =>
        state.Status == OrderStatus.Cancelled ? new Rejection("order_cancelled", $"Order {state.OrderId} was cancelled.")
        : state is { Terms: not null, IsConfirmed: true } ? null
        : new Rejection("order_not_confirmed", $"Order {state.OrderId} is not confirmed: its money is not held, or its goods left as it was placed.");

    private static Rejection? RefuseTaken(Order state, string id, string field) =>
        state.ChangeIds.Contains(id, StringComparer.Ordinal) || state.ReturnIds.Contains(id, StringComparer.Ordinal)
            ? new Rejection("change_exists", $"{id} was already carried out on order {state.OrderId}.", field)
            : null;

    /// <summary>The open units of each line that a request means, first line first.</summary>
    private static (int[] Taken, List<Rejection> Rejections) Take(Order state, IReadOnlyList<ReturnOrderLine> asked, Func<SoldLine, bool> counts)
    {
        int RoomOf(SoldLine line) => counts(line) ? line.Open : 0;
        var open = Order.UnitsBySku(state.Lines.Where(counts), line => line.Sku, line => line.Open);
        var wanted = new Dictionary<string, long>(StringComparer.Ordinal);
        var rejections = new List<Rejection>();
        for (var i = 0; i < asked.Count; i++)
        {
            var sku = SkuFormat.Normalize(asked[i].Sku);
            wanted[sku] = wanted.GetValueOrDefault(sku) + asked[i].Quantity;
            if (!open.TryGetValue(sku, out var there))
                rejections.Add(new Rejection("not_on_order", $"{sku} is not on order {state.OrderId} here.", $"lines[{i}].sku"));
            else if (wanted[sku] > there)
                rejections.Add(new Rejection(
                    "exceeds_open_units", string.Create(CultureInfo.InvariantCulture, $"{wanted[sku]} of {sku} asked for; {there} are open."),
                    $"lines[{i}].quantity"));
        }

        return (rejections.Count > 0 ? [] : SoldLine.Spread(state.Lines, wanted, RoomOf), rejections);
    }

    private static IEnumerable<LineUnits> Units(Order state, int[] taken, Func<SoldLine, int, (int From, int To)> places)
    {
        for (var i = 0; i < taken.Length; i++)
        {
            if (taken[i] == 0) continue;
            var line = state.Lines[i];
            var (from, to) = places(line, taken[i]);
            yield return new LineUnits(i, line.Sku, taken[i], line.PaidBetween(from, to), line.TaxBetween(from, to), line.TaxRate);
        }
    }
}
