using EcommerceAI.Commerce;

namespace EcommerceAI.Api.Catalog;

/// <summary>A product to enter.</summary>
/// <param name="Sku">Stock keeping unit: 1 to 40 of A-Z 0-9 . _ - and single spaces inside; folded to upper case.</param>
/// <param name="Title">What shoppers read, 1 to 200 characters.</param>
/// <param name="Price">List price of one unit.</param>
/// <param name="Description">Longer text of at most 10,000 characters, or null.</param>
/// <param name="Category">Category name of at most 100 characters, or null.</param>
public sealed record NewProduct(string Sku, string Title, NewPrice Price, string? Description = null, string? Category = null);

/// <summary>The price of one unit.</summary>
/// <param name="Amount">Major units (pounds, euros), 0 to 1,000,000 with at most four decimal places.</param>
/// <param name="Currency">ISO 4217 alphabetic code, upper case.</param>
public sealed record NewPrice(decimal Amount, string Currency)
{
    internal UnitPrice ToUnitPrice() => new(Amount, Currency);
}

/// <summary>A product is in the catalogue.</summary>
/// <param name="Sku">Its SKU, upper case.</param>
public sealed record ProductEntered(string Sku);

/// <summary>A list price stands.</summary>
/// <param name="Sku">The product's SKU, upper case.</param>
/// <param name="Price">List price of one unit.</param>
public sealed record PriceSet(string Sku, UnitPrice Price);
