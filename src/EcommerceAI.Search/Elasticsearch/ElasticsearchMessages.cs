using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcommerceAI.Search.Elasticsearch;

// What goes to Elasticsearch and what comes back, as far as it is used, under Elasticsearch's own names.

internal sealed record CreateIndex(IndexSettings Settings, TypeMapping Mappings);

internal sealed record IndexSettings(Analysis Analysis);

internal sealed record Analysis(IReadOnlyDictionary<string, StemmerFilter> Filter, IReadOnlyDictionary<string, CustomAnalyzer> Analyzer);

internal sealed record StemmerFilter(string Type, string Language);

internal sealed record CustomAnalyzer(string Type, string Tokenizer, IReadOnlyList<string> Filter);

internal sealed record TypeMapping(
    IReadOnlyList<IReadOnlyDictionary<string, DynamicTemplate>> DynamicTemplates, IReadOnlyDictionary<string, FieldMapping> Properties);

internal sealed record DynamicTemplate(string PathMatch, FieldMapping Mapping);

internal sealed record FieldMapping(
    string? Type = null, string? Analyzer = null, bool? Index = null, IReadOnlyDictionary<string, FieldMapping>? Properties = null);

/// <param name="Id">The document's id once more: the index sorts by it.</param>
/// <param name="Version">The version of the write.</param>
/// <param name="Live">False for a document that was deleted, of which the version is kept.</param>
/// <param name="Text">Text by field.</param>
/// <param name="Keywords">Keywords by field.</param>
/// <param name="Numbers">Numbers by field.</param>
internal sealed record StoredDocument(
    string Id, long Version, bool Live, IReadOnlyDictionary<string, string>? Text = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Keywords = null, IReadOnlyDictionary<string, double>? Numbers = null)
{
    public SearchDocument ToDocument() => new()
    {
        Id = Id,
        Version = Version,
        Text = Text ?? new Dictionary<string, string>(),
        Keywords = Keywords ?? new Dictionary<string, IReadOnlyList<string>>(),
        Numbers = Numbers ?? new Dictionary<string, double>(),
    };
}

internal sealed record BulkAction(BulkIndex Index);

internal sealed record BulkIndex([property: JsonPropertyName("_id")] string Id, long Version, string VersionType = "external_gte");

internal sealed record BulkReply(IReadOnlyList<BulkItem> Items);

internal sealed record BulkItem(BulkOutcome Index);

internal sealed record BulkOutcome(int Status, ErrorCause? Error = null);

internal sealed record ErrorCause(string Type, string? Reason = null);

internal sealed record SearchBody(
    Query Query, int Size, IReadOnlyList<IReadOnlyDictionary<string, SortOrder>> Sort, bool TrackTotalHits,
    [property: JsonPropertyName("_source")] bool Source, PointInTime? Pit = null, IReadOnlyList<JsonElement>? SearchAfter = null);

internal sealed record SortOrder(string Order);

internal sealed record PointInTime(string Id, string? KeepAlive = null);

internal sealed record ClosePointInTime(string Id);

internal sealed record SearchReply(Hits Hits, string? PitId = null);

internal sealed record Hits(IReadOnlyList<Hit> All, Total? Total = null)
{
    [JsonPropertyName("hits")]
    public IReadOnlyList<Hit> All { get; init; } = All;
}

internal sealed record Total(long Value);

internal sealed record Hit(
    [property: JsonPropertyName("_id")] string Id, [property: JsonPropertyName("_score")] double? Score = null,
    [property: JsonPropertyName("_source")] StoredDocument? Source = null, IReadOnlyList<string>? MatchedQueries = null,
    IReadOnlyList<JsonElement>? Sort = null);

internal sealed record CountBody(Query Query);

internal sealed record CountReply(long Count);

internal sealed record MultiGet(IReadOnlyList<string> Ids);

internal sealed record MultiGetReply(IReadOnlyList<GotDocument> Docs);

internal sealed record GotDocument(bool Found = false, [property: JsonPropertyName("_source")] StoredDocument? Source = null);

internal sealed record IndexAliases(IReadOnlyDictionary<string, JsonElement> Aliases);

internal sealed record UpdateAliases(IReadOnlyList<AliasAction> Actions);

internal sealed record AliasAction(AliasOfIndex? Add = null, AliasOfIndex? Remove = null);

internal sealed record AliasOfIndex(string Index, string Alias);

internal sealed record Health(string Status);

internal sealed record Query(
    BoolQuery? Bool = null, IReadOnlyDictionary<string, TermQuery>? Term = null, CombinedFields? CombinedFields = null,
    ConstantScore? ConstantScore = null);

internal sealed record BoolQuery(IReadOnlyList<Query>? Filter = null, IReadOnlyList<Query>? Should = null, int? MinimumShouldMatch = null);

internal sealed record TermQuery(object Value, bool? CaseInsensitive = null);

internal sealed record CombinedFields(
    [property: JsonPropertyName("query")] string Text, IReadOnlyList<string> Fields, [property: JsonPropertyName("_name")] string Name);

internal sealed record ConstantScore(Query Filter, float Boost, [property: JsonPropertyName("_name")] string Name);
