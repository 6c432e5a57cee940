using EcommerceAI.EventSourcing.Projections;
using EcommerceAI.Search;
using Npgsql;

namespace EcommerceAI.Projections.Search.Documents;

/// <summary>A product as search knows it.</summary>
/// <param name="Sku">Stock keeping unit; the document's id.</param>
/// <param name="Position">Position of the event that changed it last; the document's version.</param>
/// <param name="Title">What shoppers read.</param>
/// <param name="Description">Longer text, or null.</param>
/// <param name="Category">Category name, or null.</param>
/// <param name="Price">List price in major units, or null where none is known.</param>
/// <param name="Currency">Its ISO 4217 currency, or null.</param>
public sealed record ProductDocument(
    string Sku, long Position, string Title, string? Description, string? Category, decimal? Price, string? Currency)
{
    /// <summary>Text field: the title.</summary>
    public const string TitleField = "title";

    /// <summary>Text field: the description.</summary>
    public const string DescriptionField = "description";

    /// <summary>Text field and attribute: the category.</summary>
    public const string CategoryField = "category";

    /// <summary>Code: the SKU, matched as a whole.</summary>
    public const string SkuField = "sku";

    /// <summary>Number: the list price in major units of the catalogue's currency.</summary>
    public const string PriceField = "price";

    /// <summary>Documents changed after a position, oldest change first.</summary>
    /// <param name="models">The read models.</param>
    /// <param name="after">The last position that is already known; 0 for all documents.</param>
    /// <param name="cancellation">Gives up.</param>
    public static Task<ReadSnapshot<List<ProductDocument>>> ListChangedAsync(
        ReadModels models, long after, CancellationToken cancellation = default) =>
        models.ListAsync(
            SearchDocumentsProjection.ProjectionName,
            new ReadQuery(
                "select sku, position, title, description, category, price, currency from {schema}.documents where position > $1 order by position",
                after),
            Read,
            cancellation);

    /// <summary>The documents of some products, for showing hits; a product that is not there is left out.</summary>
    /// <param name="models">The read models.</param>
    /// <param name="skus">Stock keeping units.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ReadSnapshot<IReadOnlyDictionary<string, ProductDocument>>> FindAsync(
        ReadModels models, IReadOnlyCollection<string> skus, CancellationToken cancellation = default)
    {
        // One parameter that is an array, not a list of parameters.
        object wanted = skus.ToArray();
        var found = await models.ListAsync(
            SearchDocumentsProjection.ProjectionName,
            new ReadQuery(
                "select sku, position, title, description, category, price, currency from {schema}.documents where sku = any($1)", wanted),
            Read,
            cancellation);
        return new(found.Value.ToDictionary(document => document.Sku, StringComparer.Ordinal), found.Position);
    }

    /// <summary>The document in the form that the engines take.</summary>
    public SearchDocument ToSearchDocument()
    {
        var text = new Dictionary<string, string>(StringComparer.Ordinal) { [TitleField] = Title };
        if (Description is not null) text[DescriptionField] = Description;
        if (Category is not null) text[CategoryField] = Category;
        var keywords = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [SkuField] = [Sku] };
        if (Category is not null) keywords[CategoryField] = [Category];
        var numbers = new Dictionary<string, double>(StringComparer.Ordinal);
        if (Price is { } price) numbers[PriceField] = (double)price;
        return new SearchDocument { Id = Sku, Version = Position, Text = text, Keywords = keywords, Numbers = numbers };
    }

    private static ProductDocument Read(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetDecimal(5),
        reader.IsDBNull(6) ? null : reader.GetString(6));
}
