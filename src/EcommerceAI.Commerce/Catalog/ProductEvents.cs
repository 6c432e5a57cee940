namespace EcommerceAI.Commerce.Catalog;

/// <summary>What happens to a product; stream <c>product-{sku}</c>.</summary>
public abstract record ProductEvent : DomainEvent
{
    /// <summary>Stock keeping unit, upper case.</summary>
    public abstract string Sku { get; init; }
}

/// <summary>A product entered the catalogue. Event <c>product_created</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Title">What shoppers read, 1 to 200 characters.</param>
/// <param name="Price">List price of one unit, or null where none is known yet.</param>
/// <param name="Description">Longer text, or null.</param>
/// <param name="Category">Category name, or null.</param>
/// <param name="VariantOf">SKU of the product that it is a variant of, or null.</param>
public sealed record ProductCreated(
    string Sku, string Title, UnitPrice? Price, string? Description = null, string? Category = null, string? VariantOf = null) : ProductEvent;

/// <summary>The list price changed. Event <c>product_price_changed</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Price">The list price of one unit from now on.</param>
public sealed record ProductPriceChanged(string Sku, UnitPrice Price) : ProductEvent;

/// <summary>Other things are said of a product. Event <c>product_described</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Title">What shoppers read from now on.</param>
/// <param name="Description">Longer text, or null.</param>
/// <param name="Details">All the rest.</param>
public sealed record ProductDescribed(string Sku, string Title, string? Description, ProductDetails Details) : ProductEvent;

/// <summary>Variants of a product differ in these options. Event <c>product_options_defined</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Options">The options, in the order in which they are shown.</param>
public sealed record ProductOptionsDefined(string Sku, IReadOnlyList<ProductOption> Options) : ProductEvent;

/// <summary>A product has another variant. Event <c>product_variant_added</c>.</summary>
/// <param name="Sku">Stock keeping unit of the product, upper case.</param>
/// <param name="Variant">The variant.</param>
public sealed record ProductVariantAdded(string Sku, ProductVariant Variant) : ProductEvent;

/// <summary>A product is sold in these channels and no others. Event <c>product_published</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Channels">The channels, one or more.</param>
public sealed record ProductPublished(string Sku, IReadOnlyList<string> Channels) : ProductEvent;

/// <summary>A product is sold in no channel. Event <c>product_withdrawn</c>.</summary>
/// <param name="Sku">Stock keeping unit, upper case.</param>
/// <param name="Reason">Why, or null.</param>
public sealed record ProductWithdrawn(string Sku, string? Reason) : ProductEvent;
