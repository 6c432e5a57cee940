namespace EcommerceAI.Commerce.Catalog;

/// <summary>What happens to a product; stream <c>product-{sku}</c>.</summary>
public abstract record ProductEvent : DomainEvent;

/// <summary>A product entered the catalogue. Event <c>product_created</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Title">What shoppers read, 1 to 200 characters.</param>
/// <param name="Price">List price of one unit, or null where none is known yet.</param>
/// <param name="Description">Longer text, or null.</param>
/// <param name="Category">Category name, or null.</param>
public sealed record ProductCreated(
    string Sku, string Title, UnitPrice? Price, string? Description = null, string? Category = null) : ProductEvent;

/// <summary>The list price changed. Event <c>product_price_changed</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Price">The list price of one unit from now on.</param>
public sealed record ProductPriceChanged(string Sku, UnitPrice Price) : ProductEvent;
