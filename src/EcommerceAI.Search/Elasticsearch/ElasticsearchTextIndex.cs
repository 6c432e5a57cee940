using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EcommerceAI.Search.Rest;
using EcommerceAI.Search.Text;

namespace EcommerceAI.Search.Elasticsearch;

/// <summary>
/// A text index in Elasticsearch (8.17 and later, basic licence), an index of its own for each instance: a new one is filled beside the
/// one in use, and <see cref="PublishAsync"/> puts it behind the alias.
/// </summary>
/// <remarks>
/// Versions are Elasticsearch's external ones, so it refuses what is older itself. A deleted document is kept as one that is not live, for
/// Elasticsearch forgets the version of a deletion after a minute.
/// </remarks>
public sealed class ElasticsearchTextIndex : ITextIndex, IDisposable
{
    /// <summary>Elasticsearch gives no more hits at once unless told to.</summary>
    private const int PageSize = 10_000;

    private const string KeepAlive = "1m";
    private static readonly IReadOnlyDictionary<string, SortOrder> ByScore = new Dictionary<string, SortOrder> { ["_score"] = new("desc") };
    private static readonly IReadOnlyDictionary<string, SortOrder> ById = new Dictionary<string, SortOrder> { ["id"] = new("asc") };

    private readonly ElasticsearchOptions _options;
    private readonly EngineClient _client;
    private readonly BulkWriter _bulk;
    private readonly SemaphoreSlim _creating = new(1, 1);
    private volatile bool _isCreated;

    /// <summary>Makes an index; it is created in Elasticsearch with the first request.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ElasticsearchTextIndex(ElasticsearchOptions options)
    {
        if (options.BatchSize is < 1 or > 10_000) throw new ArgumentException($"1 to 10,000 writes are sent at once, not {options.BatchSize}.", nameof(options));
        if (TextIndexOptions.WhatIsWrongWith(options.Text) is { } wrong) throw new ArgumentException(wrong, nameof(options));
        _options = options;
        Index = $"{options.Alias}-{Guid.CreateVersion7():N}";
        _client = new("Elasticsearch", options.Engine, headers => headers.Authorization = new("ApiKey", options.Engine.ApiKey));
        _bulk = new(_client, options, Index);
    }

    /// <summary>The index's name.</summary>
    public string Index { get; }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Elasticsearch cannot be reached or is overloaded; what was written already may be written again.</exception>
    public async ValueTask<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        return await _bulk.WriteAsync(writes, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Elasticsearch did not answer.</exception>
    public async ValueTask<TextMatches> SearchAsync(TextQuery query, CancellationToken cancellationToken = default)
    {
        var words = new WordQuery(query.Text, _options.Text);
        if (words.IsEmpty) return TextMatches.None;
        await EnsureCreatedAsync(cancellationToken);
        var body = new SearchBody(words.ToQuery(), Math.Min(query.Limit, PageSize), [ByScore, ById], true, false);
        if (query.Limit <= PageSize)
        {
            var hits = (await SearchAsync($"{Index}/_search", body, cancellationToken)).Hits;
            return new(hits.Total!.Value, [.. hits.All.Select(words.Read)]);
        }
        var (total, all) = (0L, new List<TextHit>());
        await foreach (var page in PagesAsync(body, cancellationToken))
        {
            total = page.Total?.Value ?? total;
            all.AddRange(page.All.Select(words.Read).Take(query.Limit - all.Count));
            if (all.Count == query.Limit) break;
        }
        return new(total, all);
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Elasticsearch did not answer.</exception>
    public async ValueTask<IReadOnlyList<SearchDocument>> FindAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        if (ids.Count == 0) return [];
        await EnsureCreatedAsync(cancellationToken);
        var reply = await _client.ReadAsync(HttpMethod.Post, $"{Index}/_mget", new MultiGet([.. ids.Distinct(StringComparer.Ordinal)]), cancellationToken);
        return [.. _client.Body<MultiGetReply>(reply).Docs.Where(got => got.Found && got.Source is { Live: true }).Select(got => got.Source!.ToDocument())];
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Elasticsearch did not answer.</exception>
    public async IAsyncEnumerable<SearchDocument> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        var body = new SearchBody(new(new BoolQuery([WordQuery.Live])), 1_000, [ById], false, true);
        await foreach (var page in PagesAsync(body, cancellationToken))
            foreach (var hit in page.All)
                yield return hit.Source!.ToDocument();
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Elasticsearch did not answer.</exception>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        var reply = await _client.ReadAsync(HttpMethod.Post, $"{Index}/_count", new CountBody(WordQuery.Live), cancellationToken);
        return _client.Body<CountReply>(reply).Count;
    }

    /// <summary>
    /// Puts this index behind the alias, in one step. What stood there before stays for the searches that are still under way, and is
    /// deleted by the next; what is older, or was left half filled, is deleted now. An alias therefore belongs to one host.
    /// </summary>
    /// <exception cref="EngineException">Elasticsearch did not do it; done again, it does no harm.</exception>
    public async ValueTask PublishAsync(CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        var indexes = _client.Body<Dictionary<string, IndexAliases>>(
            await _client.ReadAsync(HttpMethod.Get, $"{_options.Alias}-*/_alias", null, cancellationToken));
        var before = indexes.Where(index => index.Value.Aliases.ContainsKey(_options.Alias)).Select(index => index.Key).ToList();
        if (before.Contains(Index)) return;
        var actions = before.Select(index => new AliasAction(Remove: new(index, _options.Alias))).Append(new(Add: new(Index, _options.Alias)));
        await DoAsync(HttpMethod.Post, "_aliases", new UpdateAliases([.. actions]), cancellationToken);
        foreach (var index in indexes.Keys)
            if (Guid.TryParseExact(index[(_options.Alias.Length + 1)..], "N", out _) && index != Index && !before.Contains(index))
                await DoAsync(HttpMethod.Delete, index, null, cancellationToken);
    }

    /// <summary>Whether Elasticsearch can serve; null where it can, else why not.</summary>
    public async Task<string?> WhatAilsItAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var health = _client.Body<Health>(await _client.ReadAsync(HttpMethod.Get, "_cluster/health", null, cancellationToken));
            return health.Status == "red" ? "Elasticsearch's state is red: data are not available" : null;
        }
        catch (EngineException failure)
        {
            return failure.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _creating.Dispose();
    }

    private async Task<SearchReply> SearchAsync(string path, SearchBody body, CancellationToken cancellationToken) =>
        _client.Body<SearchReply>(await _client.ReadAsync(HttpMethod.Post, path, body, cancellationToken));

    /// <summary>All pages as of one moment.</summary>
    private async IAsyncEnumerable<Hits> PagesAsync(SearchBody body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var moment = _client.Body<PointInTime>(
            await _client.ReadAsync(HttpMethod.Post, $"{Index}/_pit?keep_alive={KeepAlive}", null, cancellationToken)).Id;
        try
        {
            IReadOnlyList<JsonElement>? after = null;
            while (true)
            {
                var reply = await SearchAsync("_search", body with { Pit = new(moment, KeepAlive), SearchAfter = after }, cancellationToken);
                moment = reply.PitId ?? moment;
                yield return reply.Hits;
                if (reply.Hits.All.Count < body.Size) break;
                after = reply.Hits.All[^1].Sort ?? throw new EngineException("Elasticsearch replied with a hit without its sort values.");
            }
        }
        finally
        {
            await LetGoAsync(moment);
        }
    }

    private async Task LetGoAsync(string moment)
    {
        try
        {
            await _client.ReadAsync(HttpMethod.Delete, "_pit", new ClosePointInTime(moment), CancellationToken.None);
        }
        catch (EngineException)
        {
            // It ends by itself after a minute.
        }
    }

    private async Task EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        if (_isCreated) return;
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (_isCreated) return;
            var reply = await _client.WriteAsync(HttpMethod.Put, Index, Mappings(), cancellationToken);
            // A retry may meet what the attempt before it has done; nobody else knows the name.
            var isThere = reply.Status == HttpStatusCode.BadRequest && reply.Body.AsSpan().IndexOf("resource_already_exists_exception"u8) >= 0;
            if (!isThere && (int)reply.Status is < 200 or >= 300) throw _client.Failure(reply);
            _isCreated = true;
        }
        finally
        {
            _creating.Release();
        }
    }

    private CreateIndex Mappings()
    {
        static Dictionary<string, DynamicTemplate> Template(string path, FieldMapping mapping) => new() { [path] = new(path + ".*", mapping) };
        var searched = _options.Text.Fields.ToDictionary(field => field.Name, _ => new FieldMapping("text", "words"), StringComparer.Ordinal);
        return new(
            new(new(
                new Dictionary<string, StemmerFilter> { ["stems"] = new("stemmer", "english") },
                new Dictionary<string, CustomAnalyzer> { ["words"] = new("custom", "standard", ["lowercase", "asciifolding", "stems"]) })),
            new(
                [Template("text", new("text", Index: false)), Template("keywords", new("keyword")), Template("numbers", new("double"))],
                new Dictionary<string, FieldMapping>
                {
                    ["id"] = new("keyword"),
                    ["version"] = new("long"),
                    ["live"] = new("boolean"),
                    ["text"] = new(Properties: searched),
                }));
    }

    private async Task DoAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var reply = await _client.WriteAsync(method, path, body, cancellationToken);
        if ((int)reply.Status is < 200 or >= 300 && !(method == HttpMethod.Delete && reply.Status == HttpStatusCode.NotFound)) throw _client.Failure(reply);
    }
}
