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
/// <param name="VariantOf">SKU of the product that it is a variant of, or null.</param>
public sealed record CreateProduct(
    string Sku, string Title, UnitPrice? Price = null, string? Description = null, string? Category = null, string? VariantOf = null)
    : ProductCommand(Sku);

/// <summary>Sets the list price; the price that already stands changes nothing.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Price">The list price of one unit from now on, 0 to 1,000,000 with at most four decimal places.</param>
public sealed record ChangePrice(string Sku, UnitPrice Price) : ProductCommand(Sku);

/// <summary>Says what a product is, in the place of all that was said; what already stands changes nothing.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Title">What shoppers read: 1 to 200 characters, no control characters; trimmed.</param>
/// <param name="Description">At most 10,000 characters, or null.</param>
/// <param name="Details">All the rest.</param>
public sealed record DescribeProduct(string Sku, string Title, string? Description, ProductDetails Details) : ProductCommand(Sku);

/// <summary>Says what variants of a product differ in. Variants that are there already must keep their choices.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Options">1 to 10 options.</param>
public sealed record DefineOptions(string Sku, IReadOnlyList<ProductOption> Options) : ProductCommand(Sku);

/// <summary>Adds a variant: a choice of each option that no other variant has. The same variant again changes nothing.</summary>
/// <param name="Sku">Stock keeping unit of the product in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="VariantSku">SKU of the variant, which is a product of its own.</param>
/// <param name="Choices">One of each option.</param>
public sealed record AddVariant(string Sku, string VariantSku, IReadOnlyList<OptionChoice> Choices) : ProductCommand(Sku);

/// <summary>Sells a product in these channels and no others.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Channels">1 to 50 channels, such as <c>web</c>.</param>
public sealed record PublishProduct(string Sku, IReadOnlyList<string> Channels) : ProductCommand(Sku);

/// <summary>Takes a product out of all channels; a second time changes nothing.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Reason">Why: at most 200 characters, or null.</param>
public sealed record WithdrawProduct(string Sku, string? Reason = null) : ProductCommand(Sku);

/// <summary>Brings a product to what a row of an import says, whether it is there or not. What already stands changes nothing.</summary>
/// <param name="Sku">Stock keeping unit in any spelling that <see cref="SkuFormat"/> takes.</param>
/// <param name="Title">What shoppers read: 1 to 200 characters, no control characters; trimmed.</param>
/// <param name="Price">List price of one unit; null leaves what stands.</param>
/// <param name="Description">At most 10,000 characters, or null.</param>
/// <param name="Details">All the rest.</param>
/// <param name="Channels">The channels that it is sold in; null leaves what stands.</param>
public sealed record ImportProduct(
    string Sku, string Title, UnitPrice? Price, string? Description, ProductDetails Details, IReadOnlyList<string>? Channels)
    : ProductCommand(Sku);
