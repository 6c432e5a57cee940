namespace EcommerceAI.Commerce.Inventory;

/// <summary>Sets the terms that a stock is sold on.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="SafetyStock">Units that are not promised to anybody, 0 to 1,000,000.</param>
/// <param name="Policy">Whether units are sold that are not there.</param>
/// <param name="Limit">The most units that may be promised beyond what is there, 0 to 1,000,000; 0 where only what is there is sold.</param>
/// <param name="Date">See <see cref="StockTerms.Date"/>; a pre-order needs one.</param>
public sealed record SetStockTerms(
    string Sku, string Location, int SafetyStock, BackorderPolicy Policy = BackorderPolicy.None, int Limit = 0, DateOnly? Date = null)
    : StockCommand(Sku, Location);

/// <summary>Sets units apart for a channel or shop; nobody else gets them.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Channel">The channel or shop, a slug.</param>
/// <param name="Quantity">Units that are left to it from now on, 0 to 1,000,000.</param>
public sealed record SetStockAside(string Sku, string Location, string Channel, int Quantity) : StockCommand(Sku, Location);

/// <summary>Says what is to come with a delivery; a receipt with the same reference takes it off again.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where it will come in.</param>
/// <param name="Reference">The purchase order or transfer, 1 to 200 characters.</param>
/// <param name="Quantity">Units still to come with it, 0 to 1,000,000; 0 where it was called off.</param>
/// <param name="ExpectedOn">When, or null where nobody knows.</param>
public sealed record ExpectStock(string Sku, string Location, string Reference, int Quantity, DateOnly? ExpectedOn = null)
    : StockCommand(Sku, Location);
