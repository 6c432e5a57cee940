namespace EcommerceAI.Api.Tests.Model;

/// <summary>A command on the stock of a product.</summary>
internal abstract record OnStock(string Sku, string Verb, object Body, bool Puts = false)
    : ShopCommand(Puts ? HttpMethod.Put : HttpMethod.Post, $"/v1/stock/{Sku}/{Verb}", Body, Sku)
{
    protected const string Location = "warehouse";

    public override Answer Ask(ModelShop shop, ShopCall call) =>
        shop.Stocks.TryGetValue(Sku, out var stock) ? Ask(stock) : Answer.No("unknown_product");

    protected abstract Answer Ask(ModelStock stock);

    protected static Answer Done(ModelStock stock, Action effect) => Answer.Yes(effect, stock.Standing);
}

internal sealed record Receive(string Sku, int Quantity) : OnStock(Sku, "receipts", new { location = Location, quantity = Quantity })
{
    protected override Answer Ask(ModelStock stock) => Done(stock, () => stock.OnHand += Quantity);
}

internal sealed record Adjust(string Sku, int Difference) : OnStock(Sku, "adjustments", new { location = Location, quantity = Difference, reason = "found" })
{
    protected override Answer Ask(ModelStock stock) =>
        stock.OnHand + Difference < 0 ? Answer.No("insufficient_stock") : Done(stock, () => stock.OnHand += Difference);
}

internal sealed record Count(string Sku, int Found) : OnStock(Sku, "counts", new { location = Location, quantity = Found })
{
    protected override Answer Ask(ModelStock stock) => Done(stock, () => stock.OnHand = Found);
}

internal sealed record Hold(string Sku, string Id, int Quantity, DateTimeOffset Until)
    : OnStock(Sku, "holds", new { location = Location, holdId = Id, quantity = Quantity, expiresAt = Until })
{
    protected override Answer Ask(ModelStock stock)
    {
        if (stock.Holds.TryGetValue(Id, out var there)) return there == Quantity ? Answer.Same(stock.Standing) : Answer.No("hold_exists");
        if (stock.Ended.Contains(Id)) return Answer.No("hold_ended");
        return stock.Available < Quantity ? Answer.No("insufficient_stock") : Done(stock, () => stock.Holds[Id] = Quantity);
    }
}

internal sealed record Release(string Sku, string Id) : OnStock(Sku, $"holds/{Id}/release", new { location = Location, reason = "given up" })
{
    protected override Answer Ask(ModelStock stock) => !stock.Holds.ContainsKey(Id)
        ? Answer.Same(stock.Standing)
        : Done(stock, () =>
        {
            stock.Holds.Remove(Id);
            stock.Ended.Add(Id);
        });
}

internal sealed record Allocate(string Sku, string Order, int Quantity, string? Hold)
    : OnStock(Sku, "allocations", new { location = Location, orderId = Order, quantity = Quantity, holdId = Hold })
{
    protected override Answer Ask(ModelStock stock)
    {
        if (stock.Promises.TryGetValue(Order, out var there)) return there.Units == Quantity ? Answer.Same(stock.Standing) : Answer.No("allocation_exists");
        if (stock.Ended.Contains(Order)) return Answer.No("allocation_ended");
        var kept = Hold is null ? 0 : stock.Holds.GetValueOrDefault(Hold);
        return stock.Available < Math.Max(0, Quantity - kept) ? Answer.No("insufficient_stock") : Done(stock, () =>
        {
            if (Hold is not null && stock.Holds.Remove(Hold)) stock.Ended.Add(Hold);
            stock.Promises[Order] = new ModelStock.Promise(Quantity);
        });
    }
}

internal sealed record Deallocate(string Sku, string Order) : OnStock(Sku, $"allocations/{Order}/release", new { location = Location, reason = "given up" })
{
    /// <summary>Where nothing is promised it is noted all the same: a promise that is still on its way comes too late then.</summary>
    protected override Answer Ask(ModelStock stock) => stock.Ended.Contains(Order) ? Answer.Same(stock.Standing) : Done(stock, () => stock.Free(Order));
}

internal sealed record Pick(string Sku, string Order, int Quantity) : OnStock(Sku, $"allocations/{Order}/picks", new { location = Location, quantity = Quantity })
{
    protected override Answer Ask(ModelStock stock)
    {
        if (!stock.Promises.TryGetValue(Order, out var promise)) return Answer.No("not_allocated");
        if (Quantity > promise.Units - promise.Picked) return Answer.No("exceeds_allocation");
        return Quantity > stock.OnHand ? Answer.No("insufficient_stock") : Done(stock, () => promise.Picked += Quantity);
    }
}

internal sealed record Ship(string Sku, string Order, int Quantity) : OnStock(Sku, $"allocations/{Order}/shipments", new { location = Location, quantity = Quantity })
{
    protected override Answer Ask(ModelStock stock)
    {
        if (!stock.Promises.TryGetValue(Order, out var promise)) return Answer.No("not_allocated");
        if (Quantity > promise.Open) return Answer.No("exceeds_allocation");
        return Quantity > stock.OnHand ? Answer.No("insufficient_stock") : Done(stock, () => stock.Leave(Order, Quantity));
    }
}
