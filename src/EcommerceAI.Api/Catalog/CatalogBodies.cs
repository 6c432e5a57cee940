using EcommerceAI.Commerce;
using EcommerceAI.Commerce.Catalog;

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

/// <summary>What a product is, in the place of all that was said.</summary>
/// <param name="Title">What shoppers read, 1 to 200 characters.</param>
/// <param name="Description">Longer text of at most 10,000 characters, or null.</param>
/// <param name="Categories">At most 20 categories; the first is the one that lists show.</param>
/// <param name="Attributes">At most 100 attributes, each name once.</param>
/// <param name="Media">At most 50 pictures and documents.</param>
/// <param name="Texts">Title and description in other languages, each language once.</param>
/// <param name="TaxClass">The class that its taxes go by: a slug; standard where none is given.</param>
public sealed record ProductDescription(
    string Title, string? Description = null, IReadOnlyList<string>? Categories = null, IReadOnlyList<ProductAttribute>? Attributes = null,
    IReadOnlyList<MediaReference>? Media = null, IReadOnlyList<LocalizedText>? Texts = null, string? TaxClass = null)
{
    internal ProductDetails ToDetails() => new()
    {
        Categories = Categories ?? [],
        Attributes = Attributes ?? [],
        Media = Media ?? [],
        Texts = Texts ?? [],
        TaxClass = TaxClass,
    };
}

/// <summary>What variants of a product differ in.</summary>
/// <param name="Options">1 to 10 options.</param>
public sealed record OptionsToDefine(IReadOnlyList<ProductOption> Options);

/// <summary>A variant to add: a product of its own.</summary>
/// <param name="Sku">SKU of the variant.</param>
/// <param name="Choices">One value of each option of the product.</param>
/// <param name="Price">List price of one unit; that of the product where none is given.</param>
public sealed record NewVariant(string Sku, IReadOnlyList<OptionChoice> Choices, NewPrice? Price = null);

/// <summary>Where a product is sold.</summary>
/// <param name="Channels">1 to 50 channels, such as web; it is sold in no others.</param>
public sealed record Publication(IReadOnlyList<string> Channels);

/// <summary>Why a product is sold no more.</summary>
/// <param name="Reason">At most 200 characters, or null.</param>
public sealed record Withdrawal(string? Reason = null);

/// <summary>A row of an import.</summary>
/// <param name="Sku">Stock keeping unit; a product that is there is brought to what the row says.</param>
/// <param name="Title">What shoppers read, 1 to 200 characters.</param>
/// <param name="Price">List price of one unit; none leaves what stands.</param>
/// <param name="Description">Longer text of at most 10,000 characters, or null.</param>
/// <param name="Categories">At most 20 categories.</param>
/// <param name="Attributes">At most 100 attributes.</param>
/// <param name="Media">At most 50 pictures and documents.</param>
/// <param name="Texts">Title and description in other languages.</param>
/// <param name="TaxClass">The class that its taxes go by.</param>
/// <param name="Channels">The channels that it is sold in; none leaves what stands.</param>
public sealed record ImportRow(
    string Sku, string Title, NewPrice? Price = null, string? Description = null, IReadOnlyList<string>? Categories = null,
    IReadOnlyList<ProductAttribute>? Attributes = null, IReadOnlyList<MediaReference>? Media = null, IReadOnlyList<LocalizedText>? Texts = null,
    string? TaxClass = null, IReadOnlyList<string>? Channels = null)
{
    internal ImportProduct ToCommand() => new(
        Sku, Title, Price?.ToUnitPrice(), Description,
        new ProductDescription(Title, Description, Categories, Attributes, Media, Texts, TaxClass).ToDetails(), Channels);
}

/// <summary>What became of an import.</summary>
/// <param name="Rows">Rows that were read; blank lines are none.</param>
/// <param name="Changed">Rows that created or changed a product.</param>
/// <param name="Unchanged">Rows that said what already stood.</param>
/// <param name="Failed">Rows that were refused; the others landed.</param>
/// <param name="Errors">Everything that is wrong, in the order of the rows.</param>
public sealed record ImportReport(int Rows, int Changed, int Unchanged, int Failed, IReadOnlyList<ImportError> Errors);

/// <summary>What is wrong with a row.</summary>
/// <param name="Row">Number of its line, from 1, blank lines counted.</param>
/// <param name="Field">The field's path; empty for the row as a whole.</param>
/// <param name="Code">Stable machine-readable reason in snake_case.</param>
/// <param name="Message">One sentence for a person.</param>
public sealed record ImportError(int Row, string Field, string Code, string Message);
