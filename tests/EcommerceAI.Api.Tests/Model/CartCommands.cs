namespace EcommerceAI.Api.Tests.Model;

internal sealed record NewCart(string? Customer) : ShopCommand(HttpMethod.Post, "/v1/carts", new { currency = "GBP", customerId = Customer })
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        var cart = new ModelCart { Customer = Customer };
        return Answer.Yes(() => shop.Carts[call.Shown("cartId")!] = cart, cart.Standing);
    }
}

internal sealed record AddLine(string Cart, string Sku, int Quantity)
    : ShopCommand(HttpMethod.Post, $"/v1/carts/{Cart}/lines", new { sku = Sku, quantity = Quantity }, Cart, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        var refused = ModelCart.Refuse(shop, Cart, out var cart);
        if (cart is not null && (!shop.Stocks.ContainsKey(Sku) || !shop.IsSold(Sku, call))) return Answer.No([.. refused?.Refusals ?? [], "invalid_fields"]);
        if (refused is not null) return refused;
        var quantity = Quantity + (ModelCart.Find(cart!.Lines, Sku)?.Quantity ?? 0);
        var others = cart.Lines.Where(line => line.Sku != Sku).Sum(line => line.Amount);
        var seen = shop.PricesSeen(Sku, call).Select(price => new ModelLine(Sku, quantity, price)).ToList();
        var line = seen.Find(line => $"{others + line.Amount}" == call.Shown("goods.minor")) ?? seen[0];
        return Answer.Yes(() => ModelCart.Put(cart.Lines, line), cart.Standing);
    }
}

internal sealed record ChangeLine(string Cart, string Sku, int Quantity)
    : ShopCommand(HttpMethod.Put, $"/v1/carts/{Cart}/lines/{Sku}", new { quantity = Quantity }, Cart, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        if (ModelCart.Find(cart.Lines, Sku) is not { } line) return Answer.No("not_in_cart");
        if (line.Quantity == Quantity) return Answer.Same(cart.Standing);
        return Quantity == 0
            ? Answer.Yes(() => cart.Lines.Remove(line), cart.Standing)
            : Answer.Yes(() => ModelCart.Put(cart.Lines, line with { Quantity = Quantity }), cart.Standing);
    }
}

internal sealed record SaveLine(string Cart, string Sku)
    : ShopCommand(HttpMethod.Put, $"/v1/carts/{Cart}/lines/{Sku}/saved", new { saved = true }, Cart, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        if (ModelCart.Find(cart.Lines, Sku) is not { } line) return Answer.No("not_in_cart");
        var quantity = line.Quantity + (ModelCart.Find(cart.Saved, Sku)?.Quantity ?? 0);
        return Answer.Yes(
            () =>
            {
                cart.Lines.Remove(line);
                ModelCart.Put(cart.Saved, line with { Quantity = quantity });
            },
            cart.Standing);
    }
}

internal sealed record RestoreLine(string Cart, string Sku)
    : ShopCommand(HttpMethod.Put, $"/v1/carts/{Cart}/lines/{Sku}/saved", new { saved = false }, Cart, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        if (ModelCart.Find(cart.Saved, Sku) is not { } saved) return Answer.No("not_in_cart");
        var quantity = saved.Quantity + (ModelCart.Find(cart.Lines, Sku)?.Quantity ?? 0);
        var others = cart.Lines.Where(line => line.Sku != Sku).Sum(line => line.Amount);
        // What is not sold any more comes back at the price it was put aside at; the order will refuse it.
        IEnumerable<decimal> prices = [.. shop.IsSold(Sku, call) ? shop.PricesSeen(Sku, call) : [], .. shop.IsWithdrawn(Sku, call) ? [saved.Price] : (decimal[])[]];
        var seen = prices.Select(price => new ModelLine(Sku, quantity, price)).ToList();
        var line = seen.Find(line => $"{others + line.Amount}" == call.Shown("goods.minor")) ?? seen[0];
        return Answer.Yes(
            () =>
            {
                cart.Saved.Remove(saved);
                ModelCart.Put(cart.Lines, line);
            },
            cart.Standing);
    }
}

internal sealed record Claim(string Cart, string Customer)
    : ShopCommand(HttpMethod.Put, $"/v1/carts/{Cart}/customer", new { customerId = Customer }, Cart)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        return cart.Customer == Customer ? Answer.Same(cart.Standing) : Answer.Yes(() => cart.Customer = Customer, cart.Standing);
    }
}

internal sealed record Merge(string Into, string From)
    : ShopCommand(HttpMethod.Post, $"/v1/carts/{Into}/merges", new { fromCartId = From }, Into, From)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Into, out var into) is { } refused) return refused;
        if (!shop.Carts.TryGetValue(From, out var from)) return Answer.No("unknown_cart");
        var no = new List<string>();
        if (Into == From) no.Add("same_cart");
        if (from.Status != ModelCartStatus.Open) no.Add("cart_closed");
        if (from.Customer is not null && from.Customer != into.Customer) no.Add("cart_of_another");
        if (no.Count > 0) return Answer.No(no);
        return Answer.Yes(
            () =>
            {
                Lay(into.Lines, from.Lines);
                Lay(into.Saved, from.Saved);
                from.Status = ModelCartStatus.Merged;
            },
            into.Standing);
    }

    /// <summary>Units add up, at the price that the cart which stays has; what is new comes behind, in order of the SKUs.</summary>
    private static void Lay(List<ModelLine> into, List<ModelLine> from)
    {
        foreach (var line in from.OrderBy(line => line.Sku, StringComparer.Ordinal))
            ModelCart.Put(into, ModelCart.Find(into, line.Sku) is { } there ? there with { Quantity = there.Quantity + line.Quantity } : line);
    }
}

internal sealed record Wish(string Customer, string Sku, bool Wished)
    : ShopCommand(HttpMethod.Put, $"/v1/customers/{Customer}/wishes/{Sku}", new { wished = Wished }, Customer)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (!shop.Stocks.ContainsKey(Sku)) return Answer.No("unknown_product");
        var list = shop.Wishes[Customer];
        IEnumerable<(string, object?)> Standing() => [("wishes", list.Count)];
        if (list.Contains(Sku) == Wished) return Answer.Same(Standing);
        return Wished ? Answer.Yes(() => list.Add(Sku), Standing) : Answer.Yes(() => list.Remove(Sku), Standing);
    }
}

internal sealed record GiveAddress(string Cart) : ShopCommand(
    HttpMethod.Put, $"/v1/carts/{Cart}/address", new { name = "Ada", email = "ada@example.org", address = "1 High St\nLeeds", country = "GB" }, Cart)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        var buyer = cart.Customer ?? Cart;
        return cart.AddressOf == buyer ? Answer.Same() : Answer.Yes(() => cart.AddressOf = buyer, () => [("hasAddress", "true")]);
    }
}

internal sealed record ChooseDelivery(string Cart) : ShopCommand(HttpMethod.Put, $"/v1/carts/{Cart}/delivery", new { optionId = "standard" }, Cart)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        return cart.HasDelivery ? Answer.Same() : Answer.Yes(() => cart.HasDelivery = true, () => [("deliveryOption", "standard")]);
    }
}

internal sealed record ChoosePayment(string Cart, string Means, string Token)
    : ShopCommand(HttpMethod.Put, $"/v1/carts/{Cart}/payment", new { method = Means, token = Token }, Cart)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (ModelCart.Refuse(shop, Cart, out var cart) is { } refused) return refused;
        return cart.Payment == (Means, Token) ? Answer.Same() : Answer.Yes(() => cart.Payment = (Means, Token), () => [("paymentMethod", Means)]);
    }
}
