using System.Globalization;

namespace EcommerceAI.Api.Tests.Model;

internal sealed record OrderCart(string Cart, long? Expected) : ShopCommand(HttpMethod.Post, $"/v1/carts/{Cart}/order", new { expectedTotal = Expected }, Cart)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        var no = new List<string>();
        if (cart.Lines.Count == 0) no.Add("cart_empty");
        if (cart.AddressOf is null || !cart.HasDelivery || cart.Payment is not { } payment) return Answer.No([.. no, "checkout_incomplete"]);
        var lines = cart.Lines.OrderBy(line => line.Sku, StringComparer.Ordinal)
            .Select((line, place) => new ModelOrderLine(line.Sku, line.Quantity, OrderLines.PriceSeen(shop, line.Sku, place, call))).ToList();
        var order = new ModelOrder(call.Shown("orderId") ?? "", lines, Cart, payment.Method, payment.Token);
        if (lines.Exists(line => !shop.IsSold(line.Sku, call))) no.Add("not_for_sale");
        if (Expected is { } expected && expected != order.Total) no.Add("total_changed");
        if (lines.Exists(line => shop.Stocks[line.Sku].Available < line.Quantity)) no.Add("insufficient_stock");
        if (no.Count > 0) return Answer.No(no);
        return Answer.Yes(
            () =>
            {
                var id = call.Shown("orderId")!;
                shop.Orders[id] = order;
                (cart.Status, cart.Order) = (ModelCartStatus.Ordered, id);
                foreach (var line in lines) shop.Stocks[line.Sku].Promises[id] = new ModelStock.Promise(line.Quantity);
            },
            () => OrderLines.Shown(order));
    }
}

internal sealed record PlaceOrder(IReadOnlyList<(string Sku, int Quantity)> Goods) : ShopCommand(
    HttpMethod.Post, "/v1/orders", new { country = "GB", lines = OrderLines.Body(Goods) },
    [.. Goods.Select(line => line.Sku)])
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        var lines = Goods.Select((line, place) => new ModelOrderLine(line.Sku, line.Quantity, OrderLines.PriceSeen(shop, line.Sku, place, call))).ToList();
        if (lines.Exists(line => !shop.IsSold(line.Sku, call))) return Answer.No("invalid_fields");
        if (lines.Exists(line => shop.Stocks[line.Sku].Available < line.Quantity)) return Answer.No("insufficient_stock");
        var order = new ModelOrder(call.Shown("orderId") ?? "", lines, null, "", "");
        return Answer.Yes(
            () =>
            {
                shop.Orders[call.Shown("orderId")!] = order;
                foreach (var line in lines)
                {
                    line.Shipped = line.Quantity;
                    shop.Stocks[line.Sku].OnHand -= line.Quantity;
                }
            },
            () => OrderLines.Shown(order));
    }
}

/// <summary>The lines of an order in requests and replies.</summary>
internal static class OrderLines
{
    /// <summary>The price that the reply shows, where it is one that the call may have seen.</summary>
    public static decimal PriceSeen(ModelShop shop, string sku, int place, ShopCall call)
    {
        var seen = shop.PricesSeen(sku, call).ToList();
        var shown = call.Shown(string.Create(CultureInfo.InvariantCulture, $"lines.{place}.unitPrice"));
        return shown is not null && decimal.Parse(shown, CultureInfo.InvariantCulture) is var price && seen.Contains(price) ? price : seen[0];
    }

    /// <summary>What a reply shows of an order.</summary>
    public static IEnumerable<(string Place, object? Value)> Shown(ModelOrder order) =>
    [
        ("total.minor", order.Total),
        .. order.Lines.SelectMany((line, place) => new (string, object?)[]
        {
            (string.Create(CultureInfo.InvariantCulture, $"lines.{place}.sku"), line.Sku),
            (string.Create(CultureInfo.InvariantCulture, $"lines.{place}.quantity"), line.Quantity),
            (string.Create(CultureInfo.InvariantCulture, $"lines.{place}.amount"), line.Worth(line.Quantity)),
        }),
    ];

    public static object[] Body(IEnumerable<(string Sku, int Quantity)> goods) => [.. goods.Select(line => new { sku = line.Sku, quantity = line.Quantity })];

    /// <summary>The goods that are on the order; what is not is noted among what stands against it.</summary>
    public static List<(ModelOrderLine Line, int Units)> On(ModelOrder order, IReadOnlyList<(string Sku, int Quantity)> goods, List<string> no)
    {
        List<(ModelOrderLine, int)> there = [.. goods.Join(order.Lines, part => part.Sku, line => line.Sku, (part, line) => (line, part.Quantity), StringComparer.Ordinal)];
        if (there.Count < goods.Count) no.Add("not_on_order");
        return there;
    }
}
