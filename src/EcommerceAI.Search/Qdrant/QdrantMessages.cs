using System.Text.Json.Serialization;

namespace EcommerceAI.Search.Qdrant;

// What goes to Qdrant and what comes back, as far as it is used, under Qdrant's own names.

internal sealed record Reply<T>(T Result);

internal sealed record CreateCollection(IReadOnlyDictionary<string, VectorParams> Vectors);

internal sealed record VectorParams(int Size, string Distance);

internal sealed record CreateFieldIndex(string FieldName, string FieldSchema);

internal sealed record ChangeAliases(IReadOnlyList<AliasAction> Actions);

internal sealed record AliasAction(CreateAlias? CreateAlias = null, DeleteAlias? DeleteAlias = null);

internal sealed record CreateAlias(string CollectionName, string AliasName);

internal sealed record DeleteAlias(string AliasName);

internal sealed record Aliases([property: JsonPropertyName("aliases")] IReadOnlyList<AliasOf> All);

internal sealed record AliasOf(string AliasName, string CollectionName);

internal sealed record Collections([property: JsonPropertyName("collections")] IReadOnlyList<CollectionName> All);

internal sealed record CollectionName(string Name);

internal sealed record PointRequest(IReadOnlyList<Guid> Ids, IReadOnlyList<string> WithPayload, bool WithVector = false);

internal sealed record Point(Guid Id, Payload? Payload);

internal sealed record UpdateOperations(IReadOnlyList<UpdateOperation> Operations);

internal sealed record UpdateOperation(PointsList Upsert);

/// <param name="Points">Points that are written.</param>
/// <param name="UpdateFilter">Points there already are only overwritten where they match this.</param>
internal sealed record PointsList(IReadOnlyList<PointStruct> Points, Filter UpdateFilter);

internal sealed record PointStruct(Guid Id, IReadOnlyDictionary<string, ReadOnlyMemory<float>> Vector, Payload Payload);

/// <param name="Id">The document's id: Qdrant's own are UUIDs.</param>
/// <param name="Version">The version of the write.</param>
/// <param name="Live">False for a document that was deleted or has no vector; what is kept of it is the version.</param>
/// <param name="Keywords">Keywords by field.</param>
/// <param name="Numbers">Numbers by field.</param>
internal sealed record Payload(
    string? Id = null, long Version = 0, bool? Live = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? Keywords = null, IReadOnlyDictionary<string, double>? Numbers = null);

internal sealed record Query(
    ReadOnlyMemory<float> Vector, string Using, int Limit, IReadOnlyList<string> WithPayload, SearchParams Params,
    [property: JsonPropertyName("score_threshold")] float? ScoreThreshold = null, Filter? Filter = null)
{
    [JsonPropertyName("query")]
    public ReadOnlyMemory<float> Vector { get; init; } = Vector;
}

internal sealed record SearchParams(bool Exact);

internal sealed record Found(IReadOnlyList<ScoredPoint> Points);

internal sealed record ScoredPoint(float Score, Payload? Payload);

internal sealed record CountRequest(Filter Filter, bool Exact = true);

internal sealed record Counted(long Count);

internal sealed record Filter(IReadOnlyList<Condition>? Must = null, IReadOnlyList<Condition>? MustNot = null);

internal sealed record Condition(string? Key = null, Match? Match = null, NumberRange? Range = null, IReadOnlyList<Guid>? HasId = null);

internal sealed record Match(bool? Value = null, IReadOnlyList<string>? Any = null);

internal sealed record NumberRange(double? Gte = null, double? Lte = null);
