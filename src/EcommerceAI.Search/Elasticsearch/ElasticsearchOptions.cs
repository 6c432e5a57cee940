using EcommerceAI.Search.Rest;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Elasticsearch;

/// <summary>How documents are kept in Elasticsearch.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>Where Elasticsearch is; its key is sent as <c>Authorization: ApiKey</c>.</summary>
    public required EngineOptions Engine { get; init; }

    /// <summary>What is searched and how it is weighed. Saturation and length normalisation are Elasticsearch's own (1.2 and 0.75).</summary>
    public required TextIndexOptions Text { get; init; }

    /// <summary>The alias under which the present index is found by others, in lower case; indexes are named after it.</summary>
    public string Alias { get; init; } = "documents";

    /// <summary>Writes sent at once, 1 to 10,000.</summary>
    public int BatchSize { get; init; } = 1_000;
}
