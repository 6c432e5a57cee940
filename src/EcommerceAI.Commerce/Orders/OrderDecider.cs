using System.Diagnostics;
using System.Globalization;

namespace EcommerceAI.Commerce.Orders;

/// <summary>Decides what is asked of an order.</summary>
public static class OrderDecider
{
    /// <summary>
    /// What is wrong with the command's own fields, whatever the state; empty when nothing is. A host asks this before it
    /// derives a stream key from the command; <see cref="Decide"/> asks it again.
    /// </summary>
    /// <param name="command">The command.</param>
    public static IReadOnlyList<Rejection> Validate(OrderCommand command)
    {
        var fields = new CommandFields();
        fields.Id("orderId", command.OrderId);
        switch (command)
        {
            case PlaceOrder place:
                ValidatePlace(fields, place);
                break;
            case CancelOrder cancel:
                fields.OptionalText("reason", cancel.Reason, CommandFields.MaxNote);
                break;
            case ReturnOrder @return:
                fields.Id("returnId", @return.ReturnId);
                ValidateUnits(fields, @return.Lines);
                fields.OptionalText("reason", @return.Reason, CommandFields.MaxNote);
                fields.OptionalId("exchangeOrderId", @return.ExchangeOrderId);
                break;
            case CancelOrderLines cancel:
                fields.Id("changeId", cancel.ChangeId);
                ValidateUnits(fields, cancel.Lines);
                fields.OptionalText("reason", cancel.Reason, CommandFields.MaxNote);
                break;
            case PackShipment pack:
                fields.Id("shipmentId", pack.ShipmentId);
                fields.Location("location", pack.Location);
                if (pack.Lines is not null) ValidateUnits(fields, pack.Lines);
                break;
            case RefundOrder refund:
                fields.Id("refundId", refund.RefundId);
                if (refund.Amount <= 0) fields.Refuse("amount", "out_of_range", "amount must be 1 or more.");
                fields.RequiredText("reason", refund.Reason, CommandFields.MaxNote);
                break;
        }

        return fields.Rejections;
    }

    /// <summary>
    /// Answers a command: with one event, or with <c>order_exists</c>, <c>unknown_order</c>, <c>order_already_cancelled</c>,
    /// <c>order_has_returns</c>, <c>order_has_shipments</c>, <c>order_cancelled</c>, <c>return_exists</c>, <c>not_on_order</c>,
    /// <c>return_exceeds_order</c>, <c>exchange_exceeds_refund</c>, what <see cref="OrderFulfilment"/> says, or
    /// what <see cref="Validate"/> found. Whether the goods are on hand is the stock's to say: see <see cref="OrderStock"/>.
    /// </summary>
    /// <param name="state">The order as it stands.</param>
    /// <param name="command">What is asked.</param>
    public static Decision Decide(Order state, OrderCommand command)
    {
        if (Validate(command) is { Count: > 0 } rejections) return Decision.Reject(rejections);
        if (!state.Exists && command is not (PlaceOrder or PlacePricedOrder))
            return Decision.NotFound("unknown_order", $"There is no order {command.OrderId}.");
        return command switch
        {
            PlaceOrder place => Place(state, place),
            PlacePricedOrder place => Place(state, place),
            CancelOrderLines cancel => OrderFulfilment.CancelLines(state, cancel),
            PackShipment pack => OrderFulfilment.Pack(state, pack),
            RefundOrder refund => OrderFulfilment.Refund(state, refund),
            CancelOrder cancel => Cancel(state, cancel),
            ReturnOrder @return => Return(state, @return),
            _ => throw new UnreachableException($"No rule for {command.GetType().Name}."),
        };
    }

    private static void ValidatePlace(CommandFields fields, PlaceOrder place)
    {
        fields.OptionalId("customerId", place.CustomerId);
        fields.RequiredText("country", place.Country, CommandFields.MaxCountry);
        fields.Location("location", place.Location);
        fields.Currency("currency", place.Currency);
        var units = new Dictionary<string, long>(StringComparer.Ordinal);
        fields.Lines("lines", place.Lines, (path, line) =>
        {
            fields.Sku($"{path}.sku", line.Sku);
            fields.Quantity($"{path}.quantity", line.Quantity);
            fields.Amount($"{path}.unitPrice", line.UnitPrice);
            // The goods of one SKU leave the stock in one movement, which has the same bound as a line.
            if (line.Quantity is < 1 or > CommandFields.MaxQuantity || !SkuFormat.TryNormalize(line.Sku, out var sku)) return;
            if ((units[sku] = units.GetValueOrDefault(sku) + line.Quantity) > CommandFields.MaxQuantity)
                fields.RefuseWithNumbers(
                    $"{path}.quantity", "out_of_range",
                    $"{path}.quantity brings {sku} to {units[sku]} units; at most {CommandFields.MaxQuantity} are allowed in an order.");
        });
    }

    private static Decision Place(Order state, PlaceOrder command)
    {
        if (state.Exists) return Decision.Reject("order_exists", $"Order {command.OrderId} was already placed.", "orderId");
        UnpricedLine[] lines =
            [.. command.Lines.Select(line => new UnpricedLine(SkuFormat.Normalize(line.Sku), line.Quantity, line.UnitPrice))];
        return Decision.Accept(OrderPricing.PlacedOrder(
            command.OrderId, command.CustomerId, command.Country.Trim(), command.Location, command.Currency, lines, []));
    }

    /// <summary>An order whose sums do not agree is a fault of the program that priced it, and no answer to a buyer.</summary>
    private static Decision Place(Order state, PlacePricedOrder command)
    {
        var placed = command.Priced;
        if (state.Exists) return Decision.Reject("order_exists", $"Order {command.OrderId} was already placed.", "orderId");
        var charged = placed.Lines.Sum(line => line.Amount) + placed.Charges.Sum(charge => charge.Amount);
        var paid = placed.Terms is { } terms ? terms.Lines.Sum(line => line.Paid) + terms.Delivery : charged;
        if (charged != placed.Total.Minor || paid != charged || (placed.Terms?.Lines.Count ?? placed.Lines.Count) != placed.Lines.Count)
            throw new ArgumentException($"The sums of order {placed.OrderId} do not agree: {charged}, {paid}, {placed.Total}.", nameof(command));
        return Decision.Accept(placed);
    }

    private static Decision Cancel(Order state, CancelOrder command)
    {
        if (state.Status == OrderStatus.Cancelled)
            return Decision.Reject("order_already_cancelled", $"Order {command.OrderId} was already cancelled.");
        if (state.Terms is not null && state.HasShipment)
            return Decision.Reject(
                "order_has_shipments", $"Goods of order {command.OrderId} have left; take off what is open and return the rest.");
        if (state.ReturnIds.Count > 0)
            return Decision.Reject(
                "order_has_returns", $"Goods of order {command.OrderId} have come back; return the rest instead of cancelling.");
        return Decision.Accept(new OrderCancelled(command.OrderId, CommandFields.Clean(command.Reason)));
    }

    private static Decision Return(Order state, ReturnOrder command)
    {
        if (state.Status == OrderStatus.Cancelled)
            return Decision.Reject("order_cancelled", $"Order {command.OrderId} was cancelled; nothing of it can be returned.");
        if (state.ReturnIds.Contains(command.ReturnId, StringComparer.Ordinal))
            return Decision.Reject(
                "return_exists", $"Return {command.ReturnId} of order {command.OrderId} was already taken.", "returnId");

        var wanted = new Dictionary<string, long>(StringComparer.Ordinal);
        if (RefuseReturn(state, command, wanted) is { Count: > 0 } rejections) return Decision.Reject(rejections);

        var taken = SoldLine.Spread(state.Lines, wanted, line => line.Returnable);
        OrderLine[] lines =
        [
            .. state.Lines.Zip(taken)
                .Where(part => part.Second > 0)
                .Select(part => new OrderLine(part.First.Sku, part.Second, part.First.UnitPrice, part.First.RefundFor(part.Second))),
        ];
        // A courtesy that was given before is part of what was paid back: nobody gets back more than was paid.
        var refund = Math.Min(lines.Sum(line => line.Amount), LeftToRefund(state));
        if (command.ExchangeOrderId is not null && command.ExchangeTotal > refund)
            return Decision.Reject(
                "exchange_exceeds_refund",
                string.Create(CultureInfo.InvariantCulture, $"The exchange comes to {command.ExchangeTotal}; what came back is worth {refund}."));
        return Decision.Accept(new OrderReturned(
            command.OrderId, command.ReturnId, lines, new Money(refund, state.Total!.Value.Currency), CommandFields.Clean(command.Reason),
            command.WriteOff, command.ExchangeOrderId, command.ExchangeOrderId is null ? 0 : command.ExchangeTotal));
    }

    /// <summary>What was charged and not credited yet. An order without terms can hold discounts that no line carries, so there the lines alone count.</summary>
    private static long LeftToRefund(Order state) => state.Terms is null ? long.MaxValue : state.Charged - state.Refunded;

    private static void ValidateUnits(CommandFields fields, IReadOnlyList<ReturnOrderLine> lines) => fields.Lines("lines", lines, (path, line) =>
    {
        fields.Sku($"{path}.sku", line.Sku);
        fields.Quantity($"{path}.quantity", line.Quantity);
    });

    /// <summary>What the order says against a return, and in <paramref name="wanted"/> the units of each SKU asked back.</summary>
    private static List<Rejection> RefuseReturn(Order state, ReturnOrder command, Dictionary<string, long> wanted)
    {
        var open = Order.UnitsBySku(state.Lines, line => line.Sku, line => line.Returnable);
        var rejections = new List<Rejection>();
        for (var i = 0; i < command.Lines.Count; i++)
        {
            var sku = SkuFormat.Normalize(command.Lines[i].Sku);
            if (!open.TryGetValue(sku, out var returnable))
            {
                rejections.Add(new Rejection("not_on_order", $"{sku} is not on order {command.OrderId}.", $"lines[{i}].sku"));
                continue;
            }

            wanted[sku] = wanted.GetValueOrDefault(sku) + command.Lines[i].Quantity;
            if (wanted[sku] > returnable)
                rejections.Add(new Rejection(
                    "return_exceeds_order",
                    string.Create(CultureInfo.InvariantCulture, $"{wanted[sku]} of {sku} asked back; {returnable} can still be returned."),
                    $"lines[{i}].quantity"));
        }

        return rejections;
    }
}
