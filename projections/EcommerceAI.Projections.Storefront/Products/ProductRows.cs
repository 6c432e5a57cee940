using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;

namespace EcommerceAI.Projections.Storefront.Products;

/// <summary>How a list of products is ordered. Each order ends with the SKU, so that it is total.</summary>
public enum ProductOrder
{
    /// <summary>By SKU.</summary>
    Sku,

    /// <summary>By title, in the order of its code points.</summary>
    Title,

    /// <summary>The latest created first.</summary>
    Newest,
}

/// <summary>Where a list of products goes on, whatever its order.</summary>
/// <param name="Sku">SKU of the last product.</param>
/// <param name="Title">Its title.</param>
/// <param name="Created">When it was created.</param>
public sealed record ProductKey(string Sku, string Title, DateTimeOffset Created);

/// <summary>A product in a list.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Title">What shoppers read.</param>
/// <param name="Category">Category name, or null.</param>
/// <param name="Price">List price of one unit, or null where none is known.</param>
/// <param name="Created">When it entered the catalogue.</param>
/// <param name="UnitsSold">Units sold for a price over all time, less those of cancelled orders; returns are not taken off.</param>
public sealed record ProductSummary(
    string Sku, string Title, string? Category, UnitPrice? Price, DateTimeOffset Created, long UnitsSold);

/// <summary>A product's page.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Title">What shoppers read.</param>
/// <param name="Description">Longer text, or null.</param>
/// <param name="Category">Category name, or null.</param>
/// <param name="Price">List price of one unit, or null where none is known.</param>
/// <param name="Created">When it entered the catalogue.</param>
/// <param name="Version">Version of the stream <c>product-{sku}</c> that the page shows.</param>
/// <param name="PriceHistory">The latest 100 list prices, newest first.</param>
/// <param name="Totals">Sales over all time, a row a currency.</param>
/// <param name="Months">Sales by month and currency, oldest first.</param>
/// <param name="BoughtTogether">What is bought with it, best first.</param>
public sealed record ProductPage(
    string Sku,
    string Title,
    string? Description,
    string? Category,
    UnitPrice? Price,
    DateTimeOffset Created,
    long Version,
    IReadOnlyList<PricePoint> PriceHistory,
    IReadOnlyList<ProductSales> Totals,
    IReadOnlyList<ProductMonth> Months,
    IReadOnlyList<ProductTogether> BoughtTogether)
{
    /// <summary>SKU of the product that it is a variant of, or null.</summary>
    public string? VariantOf { get; init; }

    /// <summary>The channels that it is sold in; null for all.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Categories, attributes, media, texts in other languages and the tax class.</summary>
    public ProductDetails Details { get; init; } = ProductDetails.None;

    /// <summary>What its variants differ in.</summary>
    public IReadOnlyList<ProductOption> Options { get; init; } = [];

    /// <summary>Its variants, in the order in which they were added.</summary>
    public IReadOnlyList<ProductVariant> Variants { get; init; } = [];

    /// <summary>
    /// The page in a language: title and description as that language has them, else its root language (<c>fr</c> for <c>fr-CA</c>), else as
    /// they are.
    /// </summary>
    /// <param name="locale">Language tag.</param>
    public ProductPage In(string locale)
    {
        var root = locale.Split('-')[0];
        var text = Details.Texts.FirstOrDefault(text => text.Locale.Equals(locale, StringComparison.OrdinalIgnoreCase))
            ?? Details.Texts.FirstOrDefault(text => text.Locale.Equals(root, StringComparison.OrdinalIgnoreCase));
        return text is null ? this : this with { Title = text.Title, Description = text.Description ?? Description };
    }
}

/// <summary>A list price from a moment on.</summary>
/// <param name="At">Since when.</param>
/// <param name="Price">Price of one unit.</param>
/// <param name="Version">Version of the product's stream that set it.</param>
public sealed record PricePoint(DateTimeOffset At, UnitPrice Price, long Version);

/// <summary>
/// Sales of a product in one currency. Values are exact sums of quantity times unit price in major units, before any rounding to
/// minor units; what came back stands apart from what was sold.
/// </summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Units">Units sold for a price.</param>
/// <param name="FreeUnits">Units that went out for nothing.</param>
/// <param name="Revenue">Exact value of what was sold.</param>
/// <param name="CancelledUnits">Units of cancelled orders, free ones included.</param>
/// <param name="CancelledRevenue">Exact value of cancelled orders.</param>
/// <param name="ReturnedUnits">Units that came back.</param>
/// <param name="Refunded">Exact value of what came back, positive.</param>
public sealed record ProductSales(
    string Currency,
    long Units,
    long FreeUnits,
    decimal Revenue,
    long CancelledUnits,
    decimal CancelledRevenue,
    long ReturnedUnits,
    decimal Refunded);

/// <summary>Sales of a product in a month; each event counts in the month in which it happened.</summary>
/// <param name="Month">First day of the month, UK time.</param>
/// <param name="Sales">The figures.</param>
public sealed record ProductMonth(DateOnly Month, ProductSales Sales);

/// <summary>A product of a list of best sellers.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Title">What shoppers read, or null for a SKU that was sold but is not in the catalogue.</param>
/// <param name="Sales">Its figures in the months asked for.</param>
public sealed record BestSeller(string Sku, string? Title, ProductSales Sales);

/// <summary>A product that is bought with another.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Title">What shoppers read, or null for a SKU that was sold but is not in the catalogue.</param>
/// <param name="Price">List price of one unit, or null where none is known.</param>
/// <param name="Baskets">Baskets that held both.</param>
/// <param name="Score">From 0 to 1: <see cref="ProductQueries.Togetherness"/>.</param>
public sealed record ProductTogether(string Sku, string? Title, UnitPrice? Price, int Baskets, double Score);
