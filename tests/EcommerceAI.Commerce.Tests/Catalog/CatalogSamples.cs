using EcommerceAI.Commerce.Catalog;

namespace EcommerceAI.Commerce.Tests.Catalog;

/// <summary>Products with something in every field, and events of every record.</summary>
internal static class CatalogSamples
{
    public static ProductDetails Details { get; } = new()
    {
        Categories = ["Hearts", "Gifts"],
        Attributes = [new("Material", "Wood")],
        Media = [new("https://cdn.example.org/heart.webp", "image/webp", "A white heart"), new("/media/sheet.pdf", "application/pdf")],
        Texts = [new("de", "Herz", "Hängt."), new("fr-CA", "Cœur")],
        TaxClass = "reduced",
    };

    public static ProductOption[] Options { get; } = [new("Colour", ["red", "white"]), new("Size", ["S", "L"])];

    public static ProductVariant Variant { get; } = new("85123A", [new("Colour", "white"), new("Size", "S")]);

    public static IReadOnlyList<DomainEvent> Events { get; } =
    [
        new ProductCreated("A-1", "T", null, null, null, "A"),
        new ProductDescribed("A", "Heart", null, Details),
        new ProductOptionsDefined("A", Options),
        new ProductVariantAdded("A", Variant),
        new ProductPublished("A", ["web"]),
        new ProductWithdrawn("A", null),
    ];
}
