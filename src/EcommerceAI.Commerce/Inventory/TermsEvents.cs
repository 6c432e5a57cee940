namespace EcommerceAI.Commerce.Inventory;

/// <summary>The terms that a stock is sold on are now these. Event <c>stock_terms_set</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="SafetyStock">Units that are not promised to anybody, 0 or more.</param>
/// <param name="Policy">Whether units are sold that are not there.</param>
/// <param name="Limit">The most units that may be promised beyond what is there.</param>
/// <param name="Date">See <see cref="StockTerms.Date"/>.</param>
public sealed record StockTermsSet(
    string Sku, string Location, int SafetyStock, BackorderPolicy Policy, int Limit, DateOnly? Date = null) : StockEvent(Sku, Location);

/// <summary>So many units are now set apart for a channel or shop. Event <c>stock_set_aside</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where.</param>
/// <param name="Channel">The channel or shop.</param>
/// <param name="Quantity">Units that are left to it, 0 or more.</param>
/// <param name="Change">What that changes, signed.</param>
public sealed record StockSetAside(string Sku, string Location, string Channel, int Quantity, int Change) : StockEvent(Sku, Location);

/// <summary>So many units are now expected with a delivery. Event <c>stock_expected</c>.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Location">Where they will come in.</param>
/// <param name="Reference">The purchase order or transfer.</param>
/// <param name="Quantity">Units still to come with it, 0 where it was called off.</param>
/// <param name="Change">What that changes, signed.</param>
/// <param name="ExpectedOn">When, or null where nobody knows.</param>
public sealed record StockExpected(
    string Sku, string Location, string Reference, int Quantity, int Change, DateOnly? ExpectedOn = null) : StockEvent(Sku, Location);
