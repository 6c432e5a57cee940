namespace EcommerceAI.Api.Tests.Model;

internal enum ModelCartStatus
{
    Open,
    Merged,
    Ordered,
}

internal sealed record ModelLine(string Sku, int Quantity, decimal Price)
{
    public long Amount => (long)(Quantity * Price * 100);
}

/// <summary>A cart as a shopper sees it: lines in the order they were added.</summary>
internal sealed class ModelCart
{
    public ModelCartStatus Status { get; set; }

    public string? Order { get; set; }

    public string? Customer { get; set; }

    public List<ModelLine> Lines { get; } = [];

    public List<ModelLine> Saved { get; } = [];

    /// <summary>Whose address was given: an address counts for whom the cart belonged to then.</summary>
    public string? AddressOf { get; set; }

    public bool HasDelivery { get; set; }

    public (string Method, string Token)? Payment { get; set; }

    public long Goods => Lines.Sum(line => line.Amount);

    public IEnumerable<(string Place, object? Value)> Standing() =>
        [("lines", Lines.Count), ("units", Lines.Sum(line => line.Quantity)), ("goods.minor", Goods)];

    /// <summary>What stands against any change; null where nothing does.</summary>
    public static Answer? Refuse(ModelShop shop, string id, out ModelCart cart)
    {
        if (!shop.Carts.TryGetValue(id, out cart!)) return Answer.No("unknown_cart");
        return cart.Status == ModelCartStatus.Open ? null : Answer.No("cart_closed");
    }

    public static ModelLine? Find(List<ModelLine> lines, string sku) => lines.Find(line => line.Sku == sku);

    /// <summary>Sets a line where it stands, or puts it behind the others.</summary>
    public static void Put(List<ModelLine> lines, ModelLine line)
    {
        var at = lines.FindIndex(other => other.Sku == line.Sku);
        if (at < 0) lines.Add(line);
        else lines[at] = line;
    }
}
