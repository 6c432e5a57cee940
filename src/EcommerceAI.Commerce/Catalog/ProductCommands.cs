namespace EcommerceAI.Commerce.Catalog;

/// <summary>What can be asked of a product. The family is closed: <see cref="ProductDecider"/> answers every member.</summary>
public abstract record ProductCommand
{
    private protected ProductCommand(string sku) => Sku = sku;

    /// <summary>Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</summary>
    public string Sku { get; init; }
}

/// <summary>Enters a product into the catalogue.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Title">What shoppers read: 1 to 200 characters, no control characters; trimmed.</param>
/// <param name="Price">List price of one unit, 0 to 1,000,000 with at most four decimal places, or null where none is known yet.</param>
/// <param name="Description">At most 10,000 characters, or null.</param>
/// <param name="Category">Category name of at most 100 characters, or null.</param>
public sealed record CreateProduct(
    string Sku, string Title, UnitPrice? Price = null, string? Description = null, string? Category = null) : ProductCommand(Sku);

/// <summary>Sets the list price; the price that already stands changes nothing.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Price">The list price of one unit from now on, 0 to 1,000,000 with at most four decimal places.</param>
public sealed record ChangePrice(string Sku, UnitPrice Price) : ProductCommand(Sku);
