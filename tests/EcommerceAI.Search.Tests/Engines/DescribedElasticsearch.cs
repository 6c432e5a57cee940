using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcommerceAI.Search.Tests.Engines;

/// <summary>
/// As much of Elasticsearch as the engine asks for, in memory: every request is checked closed against the descriptions of the oldest and
/// the newest version served, every reply too. A word's score is its share of the searched text: enough to order by.
/// </summary>
internal sealed class DescribedElasticsearch
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Dictionary<string, JsonNode>> _indexes = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly Dictionary<string, List<JsonNode>> _moments = [];

    /// <summary>What was wrong with requests or replies.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>The status with which the item of a bulk is turned away, by the document's id; null takes it.</summary>
    public Func<string, int?> TurnAway { get; set; } = _ => null;

    /// <summary>The cluster's state: green, yellow or red.</summary>
    public string Status { get; set; } = "green";

    public IReadOnlyCollection<string> Indexes => _indexes.Keys;

    public int OpenMoments => _moments.Count;

    public string? Behind(string alias) => _aliases.GetValueOrDefault(alias);

    public EngineResponse Answer(EngineRequest request)
    {
        lock (_gate)
        {
            var errors = ElasticsearchDescriptions.All.SelectMany(c => c.CheckRequest(request)).ToList();
            if (errors.Count > 0)
            {
                Violations.AddRange(errors.Select(e => $"{request.Method} {request.Path}: {e}"));
                return Error(400, "illegal_argument_exception", string.Join("; ", errors));
            }
            var reply = Do(request);
            if (reply.Status != 200 || reply.Body is null) return reply;
            using var given = JsonSerializer.SerializeToDocument(reply.Body);
            Violations.AddRange(ElasticsearchDescriptions.All.SelectMany(c => c.CheckReply(request, given.RootElement)).Select(e => $"{request.Path}, {e}"));
            return reply;
        }
    }

    private static EngineResponse Ok(JsonObject reply) => new(200, reply);

    private static EngineResponse Error(int status, string type, string reason) =>
        new(status, new JsonObject { ["error"] = new JsonObject { ["type"] = type, ["reason"] = reason }, ["status"] = status });

    private static JsonObject Shards() => new() { ["total"] = 1, ["successful"] = 1, ["skipped"] = 0, ["failed"] = 0 };

    private EngineResponse Do(EngineRequest request)
    {
        var path = request.Path.Trim('/').Split('/');
        JsonNode? Body() => request.Body.Length > 0 ? JsonNode.Parse(request.Body) : null;
        switch (request.Method, path)
        {
            case ("PUT", [var name]):
                return _indexes.TryAdd(name, []) ? Ok(new() { ["acknowledged"] = true, ["shards_acknowledged"] = true, ["index"] = name })
                    : Error(400, "resource_already_exists_exception", $"index [{name}] already exists");
            case ("DELETE", ["_pit"]):
                return Ok(new() { ["succeeded"] = _moments.Remove((string)Body()!["id"]!), ["num_freed"] = 1 });
            case ("DELETE", [var name]):
                return _indexes.Remove(name) ? Ok(new() { ["acknowledged"] = true, ["_shards"] = Shards() }) : Error(404, "index_not_found_exception", name);
            case ("POST", ["_aliases"]):
                return ChangeAliases(Body()!["actions"]!.AsArray());
            case ("GET", [var pattern, "_alias"]):
                return Ok(new(_indexes.Keys.Where(i => i.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal)).Select(i => KeyValuePair.Create<string, JsonNode?>(
                    i, new JsonObject { ["aliases"] = new JsonObject(_aliases.Where(a => a.Value == i).Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, new JsonObject()))) }))));
            case ("POST", ["_search"]):
                var pit = (string)Body()!["pit"]!["id"]!;
                return Search(Body()!, _moments[pit], pit);
            case ("GET", ["_cluster", "health"]):
                return Ok(new(new[] { "active_primary_shards", "active_shards", "delayed_unassigned_shards", "initializing_shards", "number_of_data_nodes",
                    "number_of_in_flight_fetch", "number_of_nodes", "number_of_pending_tasks", "relocating_shards", "task_max_waiting_in_queue_millis",
                    "unassigned_primary_shards", "unassigned_shards" }.Select(n => KeyValuePair.Create<string, JsonNode?>(n, 0)))
                {
                    ["active_shards_percent_as_number"] = 100,
                    ["cluster_name"] = "c",
                    ["status"] = Status,
                    ["timed_out"] = false,
                });
        }
        if (!_indexes.TryGetValue(path[0], out var documents)) return Error(404, "index_not_found_exception", $"no such index [{path[0]}]");
        switch (path[1])
        {
            case "_bulk":
                return Bulk(Encoding(request.Body), documents, path[0]);
            case "_search":
                return Search(Body()!, [.. documents.Values], null);
            case "_count":
                return Ok(new() { ["count"] = documents.Values.Count(d => Matches(Body()!["query"]!, d)), ["_shards"] = Shards() });
            case "_mget":
                return Ok(new() { ["docs"] = new JsonArray([.. Body()!["ids"]!.AsArray().Select(id => Got((string)id!, documents, path[0]))]) });
            case "_pit":
                _moments[$"moment{_moments.Count}-{Guid.NewGuid():N}"] = [.. documents.Values];
                return Ok(new() { ["id"] = _moments.Keys.Last(), ["_shards"] = Shards() });
        }
        return Error(404, "not_here", request.Path);
    }

    private static string[] Encoding(byte[] body) => System.Text.Encoding.UTF8.GetString(body).Split('\n');

    private static JsonObject Got(string id, Dictionary<string, JsonNode> documents, string index) =>
        documents.TryGetValue(id, out var document)
            ? new() { ["_index"] = index, ["_id"] = id, ["found"] = true, ["_source"] = document.DeepClone() }
            : new() { ["_index"] = index, ["_id"] = id, ["found"] = false };

    private EngineResponse ChangeAliases(JsonArray actions)
    {
        foreach (var action in actions)
            if (action!["remove"] is { } removed) _aliases.Remove((string)removed["alias"]!);
            else _aliases[(string)action["add"]!["alias"]!] = (string)action["add"]!["index"]!;
        return Ok(new() { ["acknowledged"] = true });
    }

    private EngineResponse Bulk(string[] lines, Dictionary<string, JsonNode> documents, string index)
    {
        var items = new JsonArray();
        for (var i = 0; i + 1 < lines.Length; i += 2)
        {
            var action = JsonNode.Parse(lines[i])!["index"]!;
            var (id, version) = ((string)action["_id"]!, (long)action["version"]!);
            var status = TurnAway(id) ?? (documents.TryGetValue(id, out var there) && (long)there["version"]! > version ? 409 : 200);
            var item = new JsonObject { ["_index"] = index, ["_id"] = id, ["status"] = status };
            if (status == 200) documents[id] = JsonNode.Parse(lines[i + 1])!;
            else item["error"] = new JsonObject { ["type"] = status == 409 ? "version_conflict_engine_exception" : "es_rejected_execution_exception", ["reason"] = $"[{id}]: turned away" };
            items.Add(new JsonObject { ["index"] = item });
        }
        return Ok(new() { ["took"] = 1, ["errors"] = items.Any(item => (int)item!["index"]!["status"]! != 200), ["items"] = items });
    }

    private static EngineResponse Search(JsonNode body, List<JsonNode> documents, string? pit)
    {
        var byScore = body["sort"]![0]!["_score"] is not null;
        var found = documents.Select(d => (Document: d, Match: Score(body["query"]!, d))).Where(d => d.Match is not null)
            .OrderByDescending(d => byScore ? d.Match!.Value.Score : 0).ThenBy(d => (string)d.Document["id"]!, StringComparer.Ordinal).ToList();
        var rest = body["search_after"] is JsonArray after ? found.SkipWhile(d => !IsAfter(d.Document, d.Match!.Value.Score, byScore, after)) : found;
        var hits = rest.Take((int)body["size"]!).Select(d =>
        {
            var hit = new JsonObject { ["_index"] = "i", ["_id"] = (string)d.Document["id"]! };
            hit["_score"] = byScore ? d.Match!.Value.Score : null;
            hit["sort"] = byScore ? new JsonArray(d.Match!.Value.Score, (string)d.Document["id"]!) : new JsonArray((string)d.Document["id"]!);
            if ((bool)body["_source"]!) hit["_source"] = d.Document.DeepClone();
            if (d.Match!.Value.Names.Count > 0) hit["matched_queries"] = new JsonArray([.. d.Match.Value.Names.Select(name => JsonValue.Create(name))]);
            return hit;
        });
        var inner = new JsonObject { ["hits"] = new JsonArray([.. hits]), ["max_score"] = null };
        if ((bool)body["track_total_hits"]!) inner["total"] = new JsonObject { ["value"] = found.Count, ["relation"] = "eq" };
        var reply = new JsonObject { ["took"] = 1, ["timed_out"] = false, ["_shards"] = Shards(), ["hits"] = inner };
        if (pit is not null) reply["pit_id"] = pit;
        return Ok(reply);
    }

    private static bool IsAfter(JsonNode document, double score, bool byScore, JsonArray after)
    {
        var byId = string.CompareOrdinal((string)document["id"]!, (string)after[^1]!) > 0;
        return byScore && score.CompareTo((double)after[0]!) is not 0 and var order ? order < 0 : byId;
    }

    private static bool Matches(JsonNode query, JsonNode document) => Score(query, document) is not null;

    private static (double Score, List<string> Names)? Score(JsonNode query, JsonNode document)
    {
        if (query["term"] is JsonObject term) return Term(term, document) ? (1, []) : null;
        if (query["constant_score"] is { } constant)
            return Matches(constant["filter"]!, document) ? ((double)constant["boost"]!, [(string)constant["_name"]!]) : null;
        if (query["combined_fields"] is { } words) return Words(words, document);
        var parts = query["bool"]!;
        if (!(parts["filter"]?.AsArray() ?? []).All(f => Matches(f!, document))) return null;
        if (parts["should"] is not JsonArray should) return (0, []);
        var met = should.Select(s => Score(s!, document)).OfType<(double Score, List<string> Names)>().ToList();
        return met.Count >= (int)parts["minimum_should_match"]! ? (met.Sum(m => m.Score), [.. met.SelectMany(m => m.Names)]) : null;
    }

    private static bool Term(JsonObject term, JsonNode document)
    {
        var (field, wanted) = term.Single();
        var held = Field(document, field);
        if (wanted!["value"]!.GetValueKind() != JsonValueKind.String) return held is not null && JsonNode.DeepEquals(held, wanted["value"]);
        var comparison = (bool?)wanted["case_insensitive"] == true ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return held is JsonArray all && all.Any(v => string.Equals((string)v!, (string)wanted["value"]!, comparison));
    }

    private static (double Score, List<string> Names)? Words(JsonNode query, JsonNode document)
    {
        var stem = TextAnalyzer.English.Stem((string)query["query"]!);
        var score = 0.0;
        foreach (var weighted in query["fields"]!.AsArray().Select(f => ((string)f!).Split('^')))
        {
            var words = TextAnalyzer.English.Words((string?)Field(document, weighted[0]) ?? "").Select(TextAnalyzer.English.Stem).ToList();
            if (words.Count > 0) score += double.Parse(weighted[1], CultureInfo.InvariantCulture) * words.Count(w => w == stem) / words.Count;
        }
        return score > 0 ? (score, [(string)query["_name"]!]) : null;
    }

    private static JsonNode? Field(JsonNode document, string path) => path.Split('.', 2).Aggregate((JsonNode?)document, (at, part) => at?[part]);
}
