namespace EcommerceAI.Commerce.Catalog;

/// <summary>What is said of a product beside its title, description and price.</summary>
public sealed record ProductDetails
{
    /// <summary>Nothing.</summary>
    public static ProductDetails None { get; } = new();

    /// <summary>Its categories, at most 20; the first is the one that lists show.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The category that lists show, or null.</summary>
    public string? MainCategory() => Categories is [var first, ..] ? first : null;

    /// <summary>Its attributes, at most 100, each name once.</summary>
    public IReadOnlyList<ProductAttribute> Attributes { get; init; } = [];

    /// <summary>Its pictures and documents, at most 50, the first before the others.</summary>
    public IReadOnlyList<MediaReference> Media { get; init; } = [];

    /// <summary>Title and description in other languages, at most 50, each language once.</summary>
    public IReadOnlyList<LocalizedText> Texts { get; init; } = [];

    /// <summary>The class that its taxes go by; null for the standard class.</summary>
    public string? TaxClass { get; init; }
}

/// <summary>An attribute of a product.</summary>
/// <param name="Name">Its name, 1 to 60 characters.</param>
/// <param name="Value">Its value, 1 to 500 characters.</param>
public sealed record ProductAttribute(string Name, string Value);

/// <summary>A picture or document of a product; the file itself lies elsewhere.</summary>
/// <param name="Url">An absolute http or https address, or a path that begins with one slash; at most 2,000 characters.</param>
/// <param name="ContentType">Its media type, such as <c>image/webp</c>.</param>
/// <param name="Alt">What it shows, for who cannot see it: at most 300 characters, or null for mere decoration.</param>
public sealed record MediaReference(string Url, string ContentType, string? Alt = null);

/// <summary>Title and description in a language.</summary>
/// <param name="Locale">Language tag (BCP 47) such as <c>de</c> or <c>fr-CA</c>.</param>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Description">At most 10,000 characters, or null.</param>
public sealed record LocalizedText(string Locale, string Title, string? Description = null);

/// <summary>Something that variants of a product differ in.</summary>
/// <param name="Name">Its name, such as Colour: 1 to 60 characters.</param>
/// <param name="Values">What can be chosen, 1 to 100 values of 1 to 60 characters, each once.</param>
public sealed record ProductOption(string Name, IReadOnlyList<string> Values);

/// <summary>What a variant is of an option.</summary>
/// <param name="Option">Name of the option.</param>
/// <param name="Value">One of its values.</param>
public sealed record OptionChoice(string Option, string Value);

/// <summary>A variant of a product: a product of its own, with price and stock, that stands for a choice of each option.</summary>
/// <param name="Sku">SKU of the variant, upper case.</param>
/// <param name="Choices">One of each option, in the order of the options.</param>
public sealed record ProductVariant(string Sku, IReadOnlyList<OptionChoice> Choices);
