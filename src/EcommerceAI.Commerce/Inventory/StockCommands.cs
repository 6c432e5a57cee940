namespace EcommerceAI.Commerce.Inventory;

/// <summary>
/// What can be asked of the stock of one SKU at one location. The family is closed: <see cref="StockDecider"/> answers every member.
/// </summary>
public abstract record StockCommand
{
    private protected StockCommand(string sku, string location) => (Sku, Location) = (sku, location);

    /// <summary>Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</summary>
    public string Sku { get; init; }

    /// <summary>Warehouse or shop, as <see cref="LocationFormat"/> has it.</summary>
    public string Location { get; init; }
}

/// <summary>Books goods in.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="Reference">Delivery note or purchase order of at most 200 characters, or null.</param>
public sealed record ReceiveStock(string Sku, string Location, int Quantity, string? Reference = null) : StockCommand(Sku, Location);

/// <summary>Corrects the stock by a difference.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Signed difference in units, -1,000,000 to 1,000,000, not 0.</param>
/// <param name="Reason">Why, 1 to 200 characters: a person who changes a number says why.</param>
/// <param name="Reference">The document that says so, of at most 200 characters, or null.</param>
public sealed record AdjustStock(string Sku, string Location, int Quantity, string Reason, string? Reference = null)
    : StockCommand(Sku, Location);

/// <summary>Sets the stock to what somebody counted.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units on hand, 0 or more.</param>
public sealed record CountStock(string Sku, string Location, int Quantity) : StockCommand(Sku, Location);

/// <summary>Lets goods leave at once with an order that nothing was promised to before, as over a counter.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="OrderId">The order they leave with.</param>
public sealed record IssueStock(string Sku, string Location, int Quantity, string OrderId) : StockCommand(Sku, Location);

/// <summary>Takes goods back from a shopper.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Quantity">Units, 1 to 1,000,000.</param>
/// <param name="Reference">The order or return they come back with, 1 to 200 characters.</param>
public sealed record ReturnStock(string Sku, string Location, int Quantity, string Reference) : StockCommand(Sku, Location);
