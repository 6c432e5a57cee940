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
            ["product_described"] = typeof(ProductDescribed),
            ["product_options_defined"] = typeof(ProductOptionsDefined),
            ["product_variant_added"] = typeof(ProductVariantAdded),
            ["product_published"] = typeof(ProductPublished),
            ["product_withdrawn"] = typeof(ProductWithdrawn),
        },
        new Dictionary<string, StateFold>(StringComparer.Ordinal)
        {
            ["product"] = StateFold.Of(Product.Initial, Product.Evolve),
        });
}
