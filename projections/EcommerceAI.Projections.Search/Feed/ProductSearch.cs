using EcommerceAI.Projections.Search.Documents;
using EcommerceAI.Search.Queries;
using EcommerceAI.Search.Text;
using EcommerceAI.Search.Understanding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace EcommerceAI.Projections.Search.Feed;

/// <summary>Search over the catalogue as a host runs it: the engines, the searcher and the feed.</summary>
public static class ProductSearch
{
    /// <summary>
    /// How much a word counts by where it stands: a title says what the product is, a category what kind it is, a description also
    /// mentions other things. Lengths of titles vary for no reason that matters, so they are normalised less.
    /// </summary>
    public static TextIndexOptions TextOptions { get; } = new()
    {
        Fields =
        [
            new WeightedField(ProductDocument.TitleField, 3),
            new WeightedField(ProductDocument.CategoryField, 1.5),
            new WeightedField(ProductDocument.DescriptionField),
        ],
        CodeFields = [ProductDocument.SkuField],
    };

    /// <summary>
    /// An empty index over the engines that the configuration names (embedded where it names none), as every host has it: queries are
    /// understood with the thesaurus of this machine, where it has one, and otherwise by what the catalogue teaches alone.
    /// </summary>
    /// <param name="configuration">The host's configuration, or null for the default.</param>
    public static HybridIndex CreateIndex(IConfiguration? configuration = null) => new(
        SearchEngines.Text(configuration, TextOptions),
        new HybridIndexOptions
        {
            EmbeddedFields = [ProductDocument.TitleField, ProductDocument.CategoryField],
            CreateVectorIndex = SearchEngines.Vectors(configuration, [ProductDocument.CategoryField], [ProductDocument.PriceField]),
            Thesaurus = WordNet.Find,
        });

    /// <summary>Adds the engines, the searcher and the feed.</summary>
    /// <param name="services">The host's services; read models and log watch must be among them.</param>
    public static IServiceCollection AddProductSearch(this IServiceCollection services)
    {
        services.AddSingleton(provider => CreateIndex(provider.GetService<IConfiguration>()));
        services.AddSingleton(provider => new HybridSearcher(provider.GetRequiredService<HybridIndex>()));
        services.AddSingleton<SearchFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<SearchFeed>());
        return services;
    }
}
