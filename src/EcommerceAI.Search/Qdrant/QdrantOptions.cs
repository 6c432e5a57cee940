using EcommerceAI.Search.Rest;

namespace EcommerceAI.Search.Qdrant;

/// <summary>How vectors are kept in Qdrant.</summary>
public sealed class QdrantOptions
{
    /// <summary>Where Qdrant is; its key is sent as <c>api-key</c>.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>The alias under which the present collection is found by others; collections are named after it.</summary>
    public string Alias { get; init; } = "documents";

    /// <summary>Keyword fields that filters name: each gets an index.</summary>
    public IReadOnlyList<string> KeywordFields { get; init; } = [];

    /// <summary>Number fields that filters name: each gets an index.</summary>
    public IReadOnlyList<string> NumberFields { get; init; } = [];

    /// <summary>Writes sent at once, 1 to 10,000.</summary>
    public int BatchSize { get; init; } = 500;
}
