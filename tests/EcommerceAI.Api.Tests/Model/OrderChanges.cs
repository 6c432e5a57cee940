namespace EcommerceAI.Api.Tests.Model;

/// <summary>A command on an order that was placed.</summary>
internal abstract record OnOrder(string Order, string Verb, object Body) : ShopCommand(HttpMethod.Post, $"/v1/orders/{Order}/{Verb}", Body, Order)
{
    public override Answer Ask(ModelShop shop, ShopCall call) =>
        shop.Orders.TryGetValue(Order, out var order) ? Ask(shop, order, call) : Answer.No("unknown_order");

    protected abstract Answer Ask(ModelShop shop, ModelOrder order, ShopCall call);

    /// <summary>What stands against goods that have not left being moved.</summary>
    protected static List<string> RefuseUnconfirmed(ModelOrder order)
    {
        var no = new List<string>();
        if (order.IsCancelled) no.Add("order_cancelled");
        if (order.IsPaidElsewhere || !order.IsConfirmed) no.Add("order_not_confirmed");
        return no;
    }
}

internal sealed record Cancel(string Order) : OnOrder(Order, "cancellation", new { reason = "changed mind" })
{
    protected override Answer Ask(ModelShop shop, ModelOrder order, ShopCall call)
    {
        var no = new List<string>();
        if (order.IsCancelled) no.Add("order_already_cancelled");
        if (!order.IsPaidElsewhere && order.HasShipment) no.Add("order_has_shipments");
        if (order.HasReturns) no.Add("order_has_returns");
        return no.Count > 0 ? Answer.No(no) : Answer.Yes(() => order.Cancel(shop), () => [("orderId", Order)]);
    }
}

internal sealed record Pack(string Order, IReadOnlyList<(string Sku, int Quantity)>? Goods)
    : OnOrder(Order, "shipments", new { lines = Goods is null ? null : OrderLines.Body(Goods) })
{
    protected override Answer Ask(ModelShop shop, ModelOrder order, ShopCall call)
    {
        var no = RefuseUnconfirmed(order);
        if (order.HasParcel) no.Add("shipment_in_progress");
        var goods = Goods is null ? [.. order.Lines.Select(line => (Line: line, Units: line.Open))] : OrderLines.On(order, Goods, no);
        if (goods.Exists(part => part.Units > part.Line.Open)) no.Add("exceeds_open_units");
        if (goods.TrueForAll(part => part.Units == 0)) no.Add("nothing_to_ship");
        if (goods.Exists(part => part.Units > shop.Stocks[part.Line.Sku].OnHand)) no.Add("insufficient_stock");
        if (no.Count > 0) return Answer.No(no);
        var amount = order.AmountOf(goods);
        return Answer.Yes(() => order.Pack(shop, call.Shown("shipmentId")!, goods), () => [("amount.minor", amount)]);
    }
}

internal sealed record ChangeOrder(string Order, IReadOnlyList<(string Sku, int Quantity)> Goods)
    : OnOrder(Order, "changes", new { lines = OrderLines.Body(Goods), reason = "fewer" })
{
    protected override Answer Ask(ModelShop shop, ModelOrder order, ShopCall call)
    {
        var no = RefuseUnconfirmed(order);
        var goods = OrderLines.On(order, Goods, no);
        if (goods.Exists(part => part.Units > part.Line.Open)) no.Add("exceeds_open_units");
        if (no.Count > 0) return Answer.No(no);
        var isAll = !order.HasShipment && order.Lines.All(line => line.Open == goods.Where(part => part.Line == line).Sum(part => part.Units));
        var amount = isAll ? order.Total - order.TakenOff : goods.Sum(part => part.Line.Worth(part.Units));
        return Answer.Yes(
            () =>
            {
                if (isAll) order.Cancel(shop);
                else order.Less(shop, goods);
            },
            () => [("amount.minor", amount)]);
    }
}

internal sealed record Refund(string Order, long Amount) : OnOrder(Order, "refunds", new { amount = Amount, reason = "late" })
{
    protected override Answer Ask(ModelShop shop, ModelOrder order, ShopCall call)
    {
        if (order.IsPaidElsewhere) return Answer.No("order_not_confirmed");
        return Amount > order.Charged - order.Credited
            ? Answer.No("refund_exceeds_charge")
            : Answer.Yes(() => order.Credited += Amount, () => [("amount.minor", Amount)]);
    }
}

internal sealed record TakeBack(string Order, IReadOnlyList<(string Sku, int Quantity)> Goods, bool WriteOff)
    : OnOrder(Order, "returns", new { lines = OrderLines.Body(Goods), reason = "chipped", writeOff = WriteOff })
{
    protected override Answer Ask(ModelShop shop, ModelOrder order, ShopCall call)
    {
        var no = new List<string>();
        if (order.IsCancelled) no.Add("order_cancelled");
        var goods = OrderLines.On(order, Goods, no);
        if (goods.Exists(part => part.Units > part.Line.Shipped - part.Line.Returned)) no.Add("return_exceeds_order");
        if (no.Count > 0) return Answer.No(no);
        var worth = goods.Sum(part => part.Line.Worth(part.Units));
        // Nobody gets back more than was paid: a courtesy that was given before counts.
        var refund = order.IsPaidElsewhere ? worth : Math.Min(worth, order.Charged - order.Credited);
        return Answer.Yes(
            () =>
            {
                (order.Credited, order.CreditedForGoods) = (order.Credited + refund, order.CreditedForGoods + refund);
                foreach (var (line, units) in goods)
                {
                    line.Returned += units;
                    if (!WriteOff) shop.Stocks[line.Sku].OnHand += units;
                }
            },
            () => [("refund.minor", refund)]);
    }
}
