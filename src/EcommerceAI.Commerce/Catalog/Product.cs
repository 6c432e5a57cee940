using System.Collections.Immutable;

namespace EcommerceAI.Commerce.Catalog;

/// <summary>A product as its stream tells it.</summary>
/// <param name="Sku">Stock keeping unit, or null before the product exists.</param>
/// <param name="Title">What shoppers read.</param>
/// <param name="Price">List price of one unit, or null where none is known.</param>
/// <param name="Description">Longer text, or null.</param>
/// <param name="Category">The first of its categories, or null.</param>
public sealed record Product(string? Sku, string? Title, UnitPrice? Price, string? Description, string? Category)
{
    /// <summary>The state before the first event.</summary>
    public static Product Initial { get; } = new(null, null, null, null, null);

    /// <summary>What else is said of it; null where only a category was ever said.</summary>
    public ProductDetails? Details { get; init; }

    /// <summary>SKU of the product that it is a variant of, or null.</summary>
    public string? VariantOf { get; init; }

    /// <summary>What its variants differ in.</summary>
    public IReadOnlyList<ProductOption> Options { get; init; } = [];

    /// <summary>Its variants.</summary>
    public ImmutableList<ProductVariant> Variants { get; init; } = [];

    /// <summary>The channels that it is sold in; null for all, as it is created.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>Whether it is sold in a channel.</summary>
    /// <param name="channel">The channel; null asks whether it is sold anywhere.</param>
    public bool IsSoldIn(string? channel) => Channels is null || (channel is null ? Channels.Count > 0 : Channels.Contains(channel, StringComparer.Ordinal));

    /// <summary>Whether the product has been created.</summary>
    public bool Exists => Sku is not null;

    /// <summary>The key of a product's stream, <c>product-{sku}</c>.</summary>
    /// <param name="sku">A SKU in any spelling.</param>
    /// <exception cref="ArgumentException"><paramref name="sku"/> is no SKU.</exception>
    public static string StreamKey(string sku) => $"product-{SkuFormat.Normalize(sku)}";

    /// <summary>Folds one event into the state; takes any history, also one that no command would have made.</summary>
    /// <param name="state">The state so far.</param>
    /// <param name="event">What happened next.</param>
    public static Product Evolve(Product state, DomainEvent @event) => @event switch
    {
        ProductCreated created => new Product(created.Sku, created.Title, created.Price, created.Description, created.Category)
        {
            VariantOf = created.VariantOf,
        },
        ProductPriceChanged changed => state with { Price = changed.Price },
        ProductDescribed described => state with
        {
            Title = described.Title,
            Description = described.Description,
            Category = described.Details.MainCategory(),
            Details = described.Details,
        },
        ProductOptionsDefined defined => state with { Options = defined.Options },
        ProductVariantAdded added => state with { Variants = state.Variants.Add(added.Variant) },
        ProductPublished published => state with { Channels = published.Channels },
        ProductWithdrawn => state with { Channels = [] },
        _ => state,
    };
}
