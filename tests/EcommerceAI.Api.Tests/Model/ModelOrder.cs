namespace EcommerceAI.Api.Tests.Model;

internal sealed class ModelOrderLine(string sku, int quantity, decimal price)
{
    public string Sku { get; } = sku;

    public int Quantity { get; } = quantity;

    public decimal Price { get; } = price;

    public int Shipped { get; set; }

    public int Packed { get; set; }

    public int TakenOff { get; set; }

    public int Returned { get; set; }

    public int Open => Quantity - Shipped - Packed - TakenOff;

    public long Worth(int units) => (long)(units * Price * 100);
}

/// <summary>
/// An order. Prices are whole pence and nothing is taxed or discounted here, so every amount is units times price; how parts of a line
/// are rounded is held elsewhere.
/// </summary>
internal sealed class ModelOrder(string id, IReadOnlyList<ModelOrderLine> lines, string? cart, string means, string token)
{
    private string? _parcel;

    public IReadOnlyList<ModelOrderLine> Lines { get; } = lines;

    /// <summary>Whether it was paid elsewhere: its goods left as it was placed, and no money moves here.</summary>
    public bool IsPaidElsewhere => cart is null;

    public string Token => token;

    public bool IsWallet => means == "wallet";

    public long Delivery => IsPaidElsewhere ? 0 : 495;

    public long Total => Lines.Sum(line => line.Worth(line.Quantity)) + Delivery;

    public bool IsCancelled { get; private set; }

    public bool IsConfirmed { get; private set; }

    public bool IsCaptured { get; private set; }

    /// <summary>What left comes to, with its delivery.</summary>
    public long Charged { get; private set; }

    /// <summary>What was credited, for goods that came back and without.</summary>
    public long Credited { get; set; }

    /// <summary>What was credited for goods that came back.</summary>
    public long CreditedForGoods { get; set; }

    public long TakenOff { get; set; }

    public bool HasReturns => Lines.Any(line => line.Returned > 0);

    public bool HasParcel => _parcel is not null;

    public bool HasShipment => HasParcel || Lines.Any(line => line.Shipped > 0);

    public string State => IsCancelled ? "cancelled"
        : !HasReturns ? "placed"
        : Lines.All(line => line.Returned == line.Quantity) ? "returned" : "partlyReturned";

    /// <summary>What must be with the shop once the provider has answered everything.</summary>
    public long NetPaid => IsPaidElsewhere || IsCancelled ? 0
        : IsWallet ? (IsCaptured ? Total - TakenOff - Credited : 0)
        : Charged - Credited;

    /// <summary>Calls it off: what has not left is free again, and a cart that nobody paid for can be ordered again.</summary>
    public void Cancel(ModelShop shop, bool isUnpaid = false)
    {
        IsCancelled = true;
        _parcel = null;
        foreach (var line in Lines)
        {
            var stock = shop.Stocks[line.Sku];
            if (IsPaidElsewhere) stock.OnHand += line.Quantity;
            else stock.Free(id);
        }

        if (IsPaidElsewhere || (IsConfirmed && !isUnpaid)) return;
        shop.Carts[cart!].Status = ModelCartStatus.Open;
        shop.Carts[cart!].Order = null;
    }

    /// <summary>Packs a parcel; it leaves once it is paid.</summary>
    public void Pack(ModelShop shop, string shipment, IEnumerable<(ModelOrderLine Line, int Units)> goods)
    {
        foreach (var (line, units) in goods) line.Packed = units;
        _parcel = shipment;
        if (IsWallet && IsCaptured) LetGo(shop);
    }

    /// <summary>What the parcel that is packed, or these goods, come to.</summary>
    public long AmountOf(IEnumerable<(ModelOrderLine Line, int Units)> goods) =>
        goods.Sum(part => part.Line.Worth(part.Units)) + (Lines.Any(line => line.Shipped > 0) ? 0 : Delivery);

    /// <summary>Takes units off before they leave.</summary>
    public void Less(ModelShop shop, IEnumerable<(ModelOrderLine Line, int Units)> goods)
    {
        foreach (var (line, units) in goods)
        {
            line.TakenOff += units;
            TakenOff += line.Worth(units);
            var stock = shop.Stocks[line.Sku];
            stock.Promises[id].Units -= units;
            if (stock.Promises[id].Open == 0) stock.Free(id);
        }
    }

    /// <summary>What the provider said, and what follows from it.</summary>
    public void Told(ModelShop shop, string type, string? operation)
    {
        switch (type)
        {
            case "payment_authorised" when !IsCancelled:
                IsConfirmed = true;
                break;
            case "payment_declined" when !IsCancelled:
                Cancel(shop);
                break;
            case "payment_captured" when operation == "capture":
                IsCaptured = true;
                if (HasParcel) LetGo(shop);
                break;
            case "payment_captured" when operation == $"capture-{_parcel}":
                LetGo(shop);
                break;
            case "payment_capture_failed" when operation == "capture" && !IsCancelled:
                Cancel(shop, isUnpaid: true);
                break;
            case "payment_capture_failed" when operation == $"capture-{_parcel}":
                Keep();
                break;
        }
    }

    /// <summary>A paid parcel leaves, where its goods are there; or it stays.</summary>
    private void LetGo(ModelShop shop)
    {
        var goods = Lines.Where(line => line.Packed > 0).ToList();
        if (goods.Exists(line => shop.Stocks[line.Sku].OnHand < line.Packed))
        {
            Keep();
            return;
        }

        Charged += AmountOf(goods.Select(line => (line, line.Packed)));
        foreach (var line in goods)
        {
            shop.Stocks[line.Sku].Leave(id, line.Packed);
            line.Shipped += line.Packed;
        }

        Keep();
    }

    private void Keep()
    {
        foreach (var line in Lines) line.Packed = 0;
        _parcel = null;
    }
}
