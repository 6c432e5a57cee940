namespace EcommerceAI.Commerce.Orders;

/// <summary>What can be asked of an order. The family is closed: <see cref="OrderDecider"/> answers every member.</summary>
public abstract record OrderCommand
{
    private protected OrderCommand(string orderId) => OrderId = orderId;

    /// <summary>The order's id, as <see cref="IdFormat"/> has it.</summary>
    public string OrderId { get; init; }
}

/// <summary>Places an order at the prices that come with it.</summary>
/// <param name="OrderId">The order's id, as <see cref="IdFormat"/> has it.</param>
/// <param name="CustomerId">The customer, or null for a guest.</param>
/// <param name="Country">Where it goes, 1 to 60 characters.</param>
/// <param name="Location">Where its goods are taken from, as <see cref="LocationFormat"/> has it.</param>
/// <param name="Currency">ISO 4217 alphabetic code of all prices.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several, with up to 1,000,000 units in all.</param>
public sealed record PlaceOrder(
    string OrderId, string? CustomerId, string Country, string Location, string Currency, IReadOnlyList<PlaceOrderLine> Lines)
    : OrderCommand(OrderId);

/// <summary>A line of goods that somebody orders.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="UnitPrice">Price of one unit in major units, 0 to 1,000,000 with at most four decimal places.</param>
public sealed record PlaceOrderLine(string Sku, int Quantity, decimal UnitPrice);

/// <summary>Calls the whole order off; only before anything has come back.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record CancelOrder(string OrderId, string? Reason = null) : OrderCommand(OrderId);

/// <summary>Takes goods of the order back, at the price that was paid for them.</summary>
/// <param name="OrderId">The order's id.</param>
/// <param name="ReturnId">The return's own id, as <see cref="IdFormat"/> has it; the caller keeps it unique over all orders.</param>
/// <param name="Lines">1 to 1,000 lines; a SKU may stand on several.</param>
/// <param name="Reason">Why, at most 200 characters, or null.</param>
public sealed record ReturnOrder(string OrderId, string ReturnId, IReadOnlyList<ReturnOrderLine> Lines, string? Reason = null)
    : OrderCommand(OrderId);

/// <summary>Goods that somebody brings back.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
public sealed record ReturnOrderLine(string Sku, int Quantity);
