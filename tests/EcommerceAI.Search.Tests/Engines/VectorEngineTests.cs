using EcommerceAI.Search.Qdrant;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>One suite for every vector engine.</summary>
public sealed class VectorEngineTests
{
    public static TheoryData<string> Behaviours => VectorBehaviours.Names;

    [Theory]
    [MemberData(nameof(Behaviours))]
    public Task The_embedded_index(string behaviour) => VectorBehaviours.RunAsync(behaviour, new EmbeddedVectorIndex(2));

    [Theory]
    [MemberData(nameof(Behaviours))]
    public Task The_embedded_index_with_a_graph_from_the_first_vectors_on(string behaviour) =>
        VectorBehaviours.RunAsync(behaviour, new EmbeddedVectorIndex(2, new() { ScanUpTo = 1 }));

    [Theory]
    [MemberData(nameof(Behaviours))]
    public async Task Qdrant_as_it_is_described(string behaviour)
    {
        using var qdrant = new DescribedQdrant();
        await using var server = await FaultyServer.StartAsync(qdrant.Answer);
        using var index = new QdrantVectorIndex(2, OptionsFor(server.Address));

        await VectorBehaviours.RunAsync(behaviour, index);
        await index.PublishAsync();

        qdrant.Violations.ShouldBeEmpty();
        qdrant.Behind("products").ShouldBe(index.Collection);
    }

    [ServerTheory("QDRANT_URL")]
    [MemberData(nameof(Behaviours))]
    public async Task Qdrant_as_it_is(string behaviour)
    {
        using var index = new QdrantVectorIndex(2, OptionsFor(new(Environment.GetEnvironmentVariable("QDRANT_URL")!)));

        await VectorBehaviours.RunAsync(behaviour, index);
        // Deletes what the behaviour before this one has left.
        await index.PublishAsync();
    }

    internal static QdrantOptions OptionsFor(Uri address, Func<Uri, Rest.EngineOptions>? engine = null) => new()
    {
        Engine = engine?.Invoke(address) ?? new() { Endpoint = address, ApiKey = Environment.GetEnvironmentVariable("QDRANT_API_KEY") },
        Alias = "products",
        KeywordFields = ["k"],
        NumberFields = ["n"],
    };
}
