using EcommerceAI.Search.Elasticsearch;
using EcommerceAI.Search.Qdrant;
using Microsoft.Extensions.Configuration;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>Which engine the configuration chooses.</summary>
public sealed class SearchEnginesTests
{
    [Fact]
    public void Without_a_word_the_vectors_are_embedded()
    {
        SearchEngines.Vectors(null, [], [])(3).ShouldBeOfType<EmbeddedVectorIndex>().Dimensions.ShouldBe(3);
        Choose().ShouldBeOfType<EmbeddedVectorIndex>();
        SearchEngines.Text(null, new() { Fields = [new("title")] }).ShouldBeOfType<EmbeddedTextIndex>();
    }

    [Fact]
    public void Elasticsearch_is_chosen_by_name_with_its_address_and_alias()
    {
        var configuration = Configuration(("Search:TextEngine", "Elasticsearch"), ("Search:Elasticsearch:Url", "http://localhost:9200"), ("Search:Elasticsearch:Alias", "shop"));

        using var index = SearchEngines.Text(configuration, new() { Fields = [new("title")] }).ShouldBeOfType<ElasticsearchTextIndex>();

        index.Index.ShouldStartWith("shop-");
    }

    [Fact]
    public void Qdrant_is_chosen_by_name_with_its_address_and_alias()
    {
        using var index = Choose(("Search:VectorEngine", "qdrant"), ("Search:Qdrant:Url", "https://qdrant.example:6333"), ("Search:Qdrant:Alias", "shop"))
            .ShouldBeOfType<QdrantVectorIndex>();

        index.Collection.ShouldStartWith("shop-");
    }

    [Fact]
    public void What_is_missing_or_misspelt_is_named()
    {
        Should.Throw<InvalidOperationException>(() => Choose(("Search:VectorEngine", "Quadrant"))).Message.ShouldContain("not 'Quadrant'");
        Should.Throw<InvalidOperationException>(() => Choose(("Search:VectorEngine", "Qdrant"))).Message.ShouldContain("Search:Qdrant:Url");
        Should.Throw<InvalidOperationException>(() => Choose(("Search:VectorEngine", "Qdrant"), ("Search:Qdrant:Url", "ftp://here"))).Message.ShouldContain("http");
        Should.Throw<InvalidOperationException>(() => Choose(
            ("Search:VectorEngine", "Qdrant"), ("Search:Qdrant:Url", "https://here"), ("Search:Qdrant:CertificateAuthorities", "/nowhere.pem")))
            .Message.ShouldContain("/nowhere.pem");
    }

    [Fact]
    public async Task A_hybrid_search_over_Qdrant_finds_by_both_legs_and_goes_on_without_it()
    {
        using var qdrant = new DescribedQdrant();
        await using var server = await FaultyServer.StartAsync(qdrant.Answer);
        using var index = new HybridIndex(Documents.TitleIndex(), new()
        {
            EmbeddedFields = ["title"],
            CreateVectorIndex = dimensions => new QdrantVectorIndex(dimensions, VectorEngineTests.OptionsFor(server.Address)),
        });
        await index.WriteAsync([.. new[] { "lamp", "lamp shade", "garden spade" }.Select((title, i) => DocumentWrite.Upsert(Documents.Titled($"{i}", title)))]);
        await index.TrainAsync();
        var searcher = new HybridSearcher(index, Shop.Patient);

        var page = (await searcher.SearchAsync(new() { Text = "lamp" })).ShouldBeOfType<SearchPage>();
        page.Degraded.ShouldBeEmpty();
        page.Hits[0].Vector.ShouldNotBeNull().Rank.ShouldBe(1);
        qdrant.Violations.ShouldBeEmpty();
        qdrant.Behind("products").ShouldBe(((QdrantVectorIndex)index.Vectors!.Index).Collection);

        server.Fault = (_, _) => Task.FromResult<EngineResponse?>(new(503, null));
        page = (await searcher.SearchAsync(new() { Text = "lamp" })).ShouldBeOfType<SearchPage>();
        page.Hits.Select(hit => hit.Id).ShouldBe(["0", "1"]);
        page.Degraded.Single().Reason.ShouldContain("Qdrant replied 503");
    }

    private static IVectorIndex Choose(params (string Key, string Value)[] settings) => SearchEngines.Vectors(Configuration(settings), ["k"], ["n"])(3);

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))).Build();
}
