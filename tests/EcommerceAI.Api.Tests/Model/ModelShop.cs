namespace EcommerceAI.Api.Tests.Model;

/// <summary>
/// The shop as plain dictionaries: the simplest thing that says what a shop must do. It is written from what the API promises and shares
/// nothing with the code that it is held against.
/// </summary>
internal sealed class ModelShop
{
    /// <summary>How much of the log has been followed.</summary>
    public int Step { get; set; }

    public Dictionary<string, ModelStock> Stocks { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelCart> Carts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ModelOrder> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>What each customer wishes for, the latest wish last.</summary>
    public Dictionary<string, List<string>> Wishes { get; } = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<(int Since, decimal Price)>> _prices = new(StringComparer.Ordinal);

    private readonly Dictionary<string, List<(int Since, string? Channel)>> _channels = new(StringComparer.Ordinal);

    public decimal PriceOf(string sku) => _prices[sku][^1].Price;

    public void SetPrice(string sku, decimal price)
    {
        if (!_prices.TryGetValue(sku, out var prices)) _prices[sku] = prices = [];
        prices.Add((Step, price));
    }

    /// <summary>The prices that a call may have seen: any that stood between when it was sent and when it took effect, the latest first.</summary>
    public IEnumerable<decimal> PricesSeen(string sku, ShopCall call)
    {
        var prices = _prices[sku];
        for (var i = prices.Count - 1; i >= 0; i--)
        {
            yield return prices[i].Price;
            if (prices[i].Since <= call.SawAtLeast) yield break;
        }
    }

    /// <summary>Where a product is sold: nothing for everywhere, or the name of a channel, which may be none.</summary>
    public string? ChannelOf(string sku) => _channels.TryGetValue(sku, out var channels) ? channels[^1].Channel : null;

    public void SetChannel(string sku, string channel)
    {
        if (!_channels.TryGetValue(sku, out var channels)) _channels[sku] = channels = [(0, null)];
        channels.Add((Step, channel));
    }

    /// <summary>Whether a call may have seen a product for sale: what was carried out may have seen what stood a moment before.</summary>
    public bool IsSold(string sku, ShopCall call) => ChannelsSeen(sku, call).Any(channel => channel != "");

    /// <summary>Whether a call may have seen a product that is not for sale.</summary>
    public bool IsWithdrawn(string sku, ShopCall call) => ChannelsSeen(sku, call).Any(channel => channel == "");

    private IEnumerable<string?> ChannelsSeen(string sku, ShopCall call)
    {
        if (!call.IsAccepted || !_channels.TryGetValue(sku, out var channels)) return [ChannelOf(sku)];
        return channels.Skip(channels.FindLastIndex(channel => channel.Since <= call.SawAtLeast)).Select(channel => channel.Channel);
    }

    /// <summary>What the provider said of a payment, and what follows from it.</summary>
    public void Told(string type, string order, string? operation)
    {
        if (Orders.TryGetValue(order, out var found)) found.Told(this, type, operation);
    }
}

internal sealed record SetPrice(string Sku, decimal Price)
    : ShopCommand(HttpMethod.Put, $"/v1/products/{Sku}/price", new { amount = Price, currency = "GBP" }, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (!shop.Stocks.ContainsKey(Sku)) return Answer.No("unknown_product");
        return shop.PriceOf(Sku) == Price ? Answer.Same() : Answer.Yes(() => shop.SetPrice(Sku, Price));
    }
}

internal sealed record CreateProduct(string Sku, decimal Price)
    : ShopCommand(HttpMethod.Post, "/v1/products", new { sku = Sku, title = Sku, price = new { amount = Price, currency = "GBP" } }, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call) => shop.Stocks.ContainsKey(Sku)
        ? Answer.No("product_exists")
        : Answer.Yes(() =>
        {
            shop.SetPrice(Sku, Price);
            shop.Stocks[Sku] = new ModelStock();
        });
}

internal sealed record Withdraw(string Sku) : ShopCommand(HttpMethod.Post, $"/v1/products/{Sku}/withdrawal", new { reason = "recalled" }, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (!shop.Stocks.ContainsKey(Sku)) return Answer.No("unknown_product");
        return shop.ChannelOf(Sku) == "" ? Answer.Same() : Answer.Yes(() => shop.SetChannel(Sku, ""));
    }
}

internal sealed record Publish(string Sku) : ShopCommand(HttpMethod.Put, $"/v1/products/{Sku}/channels", new { channels = new[] { "web" } }, Sku)
{
    public override Answer Ask(ModelShop shop, ShopCall call)
    {
        if (!shop.Stocks.ContainsKey(Sku)) return Answer.No("unknown_product");
        return shop.ChannelOf(Sku) == "web" ? Answer.Same() : Answer.Yes(() => shop.SetChannel(Sku, "web"));
    }
}
