using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>
/// As much of Qdrant as the engine asks for, in memory: every request is checked closed against the descriptions of the oldest and the
/// newest version served, every reply against them too.
/// </summary>
internal sealed class DescribedQdrant : IDisposable
{
    private static readonly string Descriptions = Path.Combine(RealData.Folder, "..", "..", "specs", "qdrant");

    private readonly OpenApiContract[] _contracts = [.. new[] { "openapi-1.16.json", "openapi-1.19.json" }.Select(f => new OpenApiContract(Path.Combine(Descriptions, f)))];
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, JsonObject>> _collections = [];
    private readonly Dictionary<string, string> _aliases = [];

    /// <summary>What was wrong with requests or replies.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Documents whose points are refused, and the batches they are in with them.</summary>
    public HashSet<string> Refused { get; } = [];

    public IReadOnlyCollection<string> Collections => _collections.Keys;

    public string? Behind(string alias) => _aliases.GetValueOrDefault(alias);

    public EngineResponse Answer(EngineRequest request)
    {
        lock (_gate)
        {
            using var body = request.Body.Length > 0 ? JsonDocument.Parse(request.Body) : null;
            var errors = _contracts.SelectMany(c => c.CheckRequest(request.Method, request.Path, request.Parameters, body?.RootElement)).ToList();
            if (errors.Count > 0)
            {
                Violations.AddRange(errors.Select(e => $"{request.Method} {request.Path}: {e}"));
                return Error(400, string.Join("; ", errors));
            }
            var reply = Do(request, request.Body.Length > 0 ? JsonNode.Parse(request.Body)! : null);
            if (reply.Status != 200 || reply.Body is null) return reply;
            using var given = JsonSerializer.SerializeToDocument(reply.Body);
            Violations.AddRange(_contracts.SelectMany(c => c.CheckReply(request.Method, request.Path, given.RootElement)));
            return reply;
        }
    }

    public void Dispose()
    {
        foreach (var contract in _contracts) contract.Dispose();
    }

    private static EngineResponse Ok(JsonNode result) => new(200, new JsonObject { ["result"] = result, ["status"] = "ok", ["time"] = 0.001 });

    private static EngineResponse Error(int status, string error) =>
        new(status, new JsonObject { ["status"] = new JsonObject { ["error"] = error }, ["time"] = 0.001 });

    private EngineResponse Do(EngineRequest request, JsonNode? body)
    {
        var path = request.Path.Trim('/').Split('/');
        if (path is ["readyz"]) return new(200, null);
        if (path is ["collections"]) return Ok(new JsonObject { ["collections"] = new JsonArray([.. _collections.Keys.Select(name => new JsonObject { ["name"] = name })]) });
        if (path is ["aliases"]) return Ok(new JsonObject { ["aliases"] = new JsonArray([.. _aliases.Select(a => new JsonObject { ["alias_name"] = a.Key, ["collection_name"] = a.Value })]) });
        if (path is ["collections", "aliases"]) return ChangeAliases(body!["actions"]!.AsArray());
        if (path.Length == 2 && request.Method == "PUT")
            return _collections.TryAdd(path[1], []) ? Ok(true) : Error(409, "the collection is there already");
        if (!_collections.TryGetValue(path[1], out var points)) return Error(404, $"no collection '{path[1]}'");
        if (path.Length == 2) return Ok(_collections.Remove(path[1]));
        return path[2..] switch
        {
            ["index"] => Done(),
            ["points"] => Ok(new JsonArray([.. body!["ids"]!.AsArray().Select(id => points.GetValueOrDefault((string)id!)).OfType<JsonObject>()
                .Select(p => new JsonObject { ["id"] = (string)p["id"]!, ["payload"] = Picked(p, body["with_payload"]!.AsArray()) })])),
            ["points", "batch"] => Write(body!["operations"]!.AsArray(), points),
            ["points", "count"] => Ok(new JsonObject { ["count"] = points.Values.Count(p => Matches(p, body!["filter"])) }),
            ["points", "query"] => Ok(new JsonObject { ["points"] = Query(body!, points) }),
            _ => Error(404, "not here"),
        };
    }

    private static EngineResponse Done() => Ok(new JsonObject { ["operation_id"] = 1, ["status"] = "completed" });

    private EngineResponse ChangeAliases(JsonArray actions)
    {
        foreach (var action in actions)
        {
            if (action!["delete_alias"] is { } deleted) _aliases.Remove((string)deleted["alias_name"]!);
            if (action["create_alias"] is { } created) _aliases[(string)created["alias_name"]!] = (string)created["collection_name"]!;
        }
        return Ok(true);
    }

    private EngineResponse Write(JsonArray operations, Dictionary<string, JsonObject> points)
    {
        var written = operations.Select(o => (Filter: o!["upsert"]!["update_filter"], Points: o["upsert"]!["points"]!.AsArray())).ToList();
        if (written.SelectMany(o => o.Points).FirstOrDefault(p => Refused.Contains((string)p!["payload"]!["id"]!)) is { } refused)
            return Error(422, $"cannot take the point of '{refused["payload"]!["id"]}'");
        foreach (var (filter, list) in written)
            foreach (var point in list)
                if (!points.TryGetValue((string)point!["id"]!, out var there) || Matches(there, filter))
                    points[(string)point["id"]!] = point.DeepClone().AsObject();
        return Ok(new JsonArray([.. written.Select(_ => new JsonObject { ["operation_id"] = 1, ["status"] = "completed" })]));
    }

    private static JsonArray Query(JsonNode query, Dictionary<string, JsonObject> points)
    {
        float[] sought = [.. query["query"]!.AsArray().Select(n => (float)n!)];
        var (name, least) = ((string)query["using"]!, (float?)query["score_threshold"] ?? float.NegativeInfinity);
        var scored = points.Values.Where(p => p["vector"]![name] is not null && Matches(p, query["filter"]))
            .Select(p => (Point: p, Score: TensorPrimitives.CosineSimilarity(sought, [.. p["vector"]![name]!.AsArray().Select(n => (float)n!)])))
            .Where(p => p.Score >= least).OrderByDescending(p => p.Score).Take((int)query["limit"]!);
        return new JsonArray([.. scored.Select(p => new JsonObject
        {
            ["id"] = (string)p.Point["id"]!, ["version"] = 1, ["score"] = p.Score, ["payload"] = Picked(p.Point, query["with_payload"]!.AsArray()),
        })]);
    }

    private static JsonObject Picked(JsonObject point, JsonArray fields) =>
        new(fields.Select(f => KeyValuePair.Create((string)f!, point["payload"]![(string)f!]?.DeepClone())));

    private static bool Matches(JsonObject point, JsonNode? filter) =>
        filter is null
        || ((filter["must"]?.AsArray() ?? []).All(c => Meets(point, c!)) && !(filter["must_not"]?.AsArray() ?? []).Any(c => Meets(point, c!)));

    private static bool Meets(JsonObject point, JsonNode condition)
    {
        if (condition["has_id"] is { } ids) return ids.AsArray().Any(id => (string)id! == (string)point["id"]!);
        JsonNode? at = point["payload"];
        foreach (var part in ((string)condition["key"]!).Split('.', 2)) at = at?[part.Trim('"')];
        if (at is null) return false;
        if (condition["match"]?["value"] is { } value) return JsonNode.DeepEquals(value, at);
        if (condition["match"]?["any"] is { } any) return at.AsArray().Any(held => any.AsArray().Any(wanted => JsonNode.DeepEquals(wanted, held)));
        var number = (double)at;
        return number >= ((double?)condition["range"]!["gte"] ?? double.MinValue) && number <= ((double?)condition["range"]!["lte"] ?? double.MaxValue);
    }
}
