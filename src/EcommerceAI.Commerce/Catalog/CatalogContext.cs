namespace EcommerceAI.Commerce.Catalog;

/// <summary>The products that the retailer lists.</summary>
public static class CatalogContext
{
    /// <summary>The context's plain data.</summary>
    public static BoundedContext Context { get; } = new(
        "Catalog",
        new Dictionary<string, Type>(StringComparer.Ordinal)
        {
            ["product_created"] = typeof(ProductCreated),
            ["product_price_changed"] = typeof(ProductPriceChanged),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["product"] = StateFold.Of(Product.Initial, Product.Evolve),
        });
}
