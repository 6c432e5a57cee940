using System.Net;
using System.Numerics.Tensors;
using EcommerceAI.Search.Rest;
using EcommerceAI.Search.Vectors;

namespace EcommerceAI.Search.Qdrant;

/// <summary>
/// A vector index in Qdrant (1.16 and later), a collection of its own for each instance: a new one is filled beside the one in use, and
/// <see cref="PublishAsync"/> puts it behind the alias and removes what stood there.
/// </summary>
/// <remarks>
/// A version is kept with each point, of a deleted one too, and each write carries the condition that what it overwrites is no newer: two
/// writers cannot put an old document over a new one.
/// </remarks>
public sealed class QdrantVectorIndex : IVectorIndex, IDisposable
{
    private const string VectorName = "embedding";
    private static readonly string[] IdOnly = ["id"];
    private static readonly string[] VersionOnly = ["version"];

    private readonly QdrantOptions _options;
    private readonly EngineClient _client;
    private readonly SemaphoreSlim _creating = new(1, 1);
    private volatile bool _isCreated;

    /// <summary>Makes an index; its collection is created with the first request.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public QdrantVectorIndex(int dimensions, QdrantOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 65_535);
        if (options.BatchSize is < 1 or > 10_000) throw new ArgumentException($"1 to 10,000 writes are sent at once, not {options.BatchSize}.", nameof(options));
        (Dimensions, _options) = (dimensions, options);
        Collection = $"{options.Alias}-{Guid.CreateVersion7():N}";
        _client = new("Qdrant", options.Engine, headers => headers.Add("api-key", options.Engine.ApiKey));
    }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <summary>The collection's name.</summary>
    public string Collection { get; }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Qdrant cannot be reached or is overloaded; what was written already may be written again.</exception>
    public async ValueTask<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<VectorWrite> writes, CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        var results = new WriteResult[writes.Count];
        for (var i = 0; i < results.Length; i++) results[i] = WhatIsWrongWith(writes[i]);
        int[] good = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Status == WriteStatus.Applied)];
        foreach (var batch in good.Chunk(_options.BatchSize))
        {
            await LeaveOutStaleAsync(batch, writes, results, cancellationToken);
            await UpsertAsync([.. batch.Where(i => results[i].Status == WriteStatus.Applied)], writes, results, cancellationToken);
        }
        return results;
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Qdrant did not answer.</exception>
    public async ValueTask<IReadOnlyList<VectorHit>> SearchAsync(VectorQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Vector.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Vector.Length} dimensions, the index {Dimensions}.", nameof(query));
        if (query.Limit < 0) throw new ArgumentException($"At least 0 hits are asked for, not {query.Limit}.", nameof(query));
        var length = TensorPrimitives.Norm(query.Vector.Span);
        if (query.Limit == 0 || !(length > 0 && float.IsFinite(length)) || QdrantFilters.Of(query.Filter) is not { } filter) return [];
        await EnsureCreatedAsync(cancellationToken);
        var reply = await _client.ReadAsync(
            HttpMethod.Post, $"collections/{Collection}/points/query",
            new Query(query.Vector, VectorName, query.Limit, IdOnly, new(query.Exact), query.MinimumSimilarity > -1 ? query.MinimumSimilarity : null, filter),
            cancellationToken);
        var hits = _client.Body<Reply<Found>>(reply).Result.Points
            .Select(point => new VectorHit(point.Payload?.Id ?? throw new EngineException("Qdrant replied with a point without an id."), Math.Clamp(point.Score, -1, 1)));
        return [.. hits.OrderByDescending(hit => hit.Similarity).ThenBy(hit => hit.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    /// <exception cref="EngineException">Qdrant did not answer.</exception>
    public async ValueTask<long> CountAsync(CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        var reply = await _client.ReadAsync(
            HttpMethod.Post, $"collections/{Collection}/points/count", new CountRequest(new([QdrantFilters.Live])), cancellationToken);
        return _client.Body<Reply<Counted>>(reply).Result.Count;
    }

    /// <summary>
    /// Puts this index behind the alias, in one step. What stood there before stays for the searches that are still under way, and is
    /// deleted by the next; what is older, or was left half filled, is deleted now. An alias therefore belongs to one host.
    /// </summary>
    /// <exception cref="EngineException">Qdrant did not do it; done again, it does no harm.</exception>
    public async ValueTask PublishAsync(CancellationToken cancellationToken = default)
    {
        await EnsureCreatedAsync(cancellationToken);
        var aliases = _client.Body<Reply<Aliases>>(await _client.ReadAsync(HttpMethod.Get, "aliases", null, cancellationToken)).Result.All;
        var before = aliases.FirstOrDefault(alias => alias.AliasName == _options.Alias)?.CollectionName;
        if (before == Collection) return;
        var actions = new List<AliasAction>();
        if (before is not null) actions.Add(new(DeleteAlias: new(_options.Alias)));
        actions.Add(new(new CreateAlias(Collection, _options.Alias)));
        await DoAsync(HttpMethod.Post, "collections/aliases", new ChangeAliases(actions), cancellationToken);
        var reply = await _client.ReadAsync(HttpMethod.Get, "collections", null, cancellationToken);
        foreach (var name in _client.Body<Reply<Collections>>(reply).Result.All.Select(collection => collection.Name))
            if (IsOurs(name) && name != Collection && name != before)
                await DoAsync(HttpMethod.Delete, $"collections/{name}", null, cancellationToken);
    }

    /// <summary>Whether Qdrant is ready to take requests; null where it is, else why not.</summary>
    public async Task<string?> WhatAilsItAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var reply = await _client.ReadAsync(HttpMethod.Get, "readyz", null, cancellationToken);
            return reply.Status == HttpStatusCode.OK ? null : _client.Failure(reply).Message;
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

    private bool IsOurs(string collection) =>
        collection.StartsWith(_options.Alias + "-", StringComparison.Ordinal) && Guid.TryParseExact(collection[(_options.Alias.Length + 1)..], "N", out _);

    private WriteResult WhatIsWrongWith(VectorWrite write)
    {
        if (string.IsNullOrEmpty(write.Id)) return WriteResult.Failed("A vector has no id.");
        if (write.Vector is not { } vector) return WriteResult.Applied;
        if (vector.Length != Dimensions)
            return WriteResult.Failed($"The vector of '{write.Id}' has {vector.Length} dimensions, the index {Dimensions}.");
        return float.IsFinite(TensorPrimitives.Norm(vector.Span)) ? WriteResult.Applied
            : WriteResult.Failed($"The vector of '{write.Id}' has a number that is not finite.");
    }

    /// <summary>Reads the versions there are; within the batch too, what is older than what came before it is stale.</summary>
    private async Task LeaveOutStaleAsync(int[] batch, IReadOnlyList<VectorWrite> writes, WriteResult[] results, CancellationToken cancellationToken)
    {
        if (batch.Length == 0) return;
        var ids = batch.Select(i => PointIds.Of(writes[i].Id)).Distinct().ToArray();
        var reply = await _client.WriteAsync(
            HttpMethod.Post, $"collections/{Collection}/points", new PointRequest(ids, VersionOnly), cancellationToken);
        var newest = _client.Body<Reply<IReadOnlyList<Point>>>(reply).Result.ToDictionary(point => point.Id, point => point.Payload?.Version ?? 0);
        foreach (var i in batch)
        {
            var id = PointIds.Of(writes[i].Id);
            if (newest.TryGetValue(id, out var version) && writes[i].Version < version) results[i] = WriteResult.Stale;
            else newest[id] = writes[i].Version;
        }
    }

    private async Task UpsertAsync(int[] batch, IReadOnlyList<VectorWrite> writes, WriteResult[] results, CancellationToken cancellationToken)
    {
        if (batch.Length == 0) return;
        var operations = batch.Select(i => new UpdateOperation(new(
            [Point(writes[i])],
            new Filter([new Condition("version", Range: new(Lte: writes[i].Version))]))));
        var reply = await _client.WriteAsync(
            HttpMethod.Post, $"collections/{Collection}/points/batch?wait=true", new UpdateOperations([.. operations]), cancellationToken);
        if ((int)reply.Status is >= 200 and < 300) return;
        var failure = _client.Failure(reply);
        if (!failure.IsRefusal || reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound) throw failure;
        // Qdrant refuses a batch as a whole: halves find the one it is about.
        if (batch.Length == 1)
        {
            results[batch[0]] = WriteResult.Failed(failure.Message);
            return;
        }
        await UpsertAsync(batch[..(batch.Length / 2)], writes, results, cancellationToken);
        await UpsertAsync(batch[(batch.Length / 2)..], writes, results, cancellationToken);
    }

    private static PointStruct Point(VectorWrite write)
    {
        var vectors = new Dictionary<string, ReadOnlyMemory<float>>(StringComparer.Ordinal);
        if (write.Vector is { } vector && TensorPrimitives.Norm(vector.Span) > 0) vectors[VectorName] = vector;
        var isLive = vectors.Count > 0;
        return new(
            PointIds.Of(write.Id), vectors,
            new(write.Id, write.Version, isLive, isLive ? write.Document?.Keywords : null, isLive ? write.Document?.Numbers : null));
    }

    private async Task EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        if (_isCreated) return;
        await _creating.WaitAsync(cancellationToken);
        try
        {
            if (_isCreated) return;
            var vectors = new Dictionary<string, VectorParams>(StringComparer.Ordinal) { [VectorName] = new(Dimensions, "Cosine") };
            var reply = await _client.WriteAsync(HttpMethod.Put, $"collections/{Collection}", new CreateCollection(vectors), cancellationToken);
            // A retry may meet what the attempt before it has done; nobody else knows the name.
            if (reply.Status != HttpStatusCode.Conflict) _client.Body<Reply<bool>>(reply);
            await IndexFieldAsync("live", "bool", cancellationToken);
            foreach (var field in _options.KeywordFields) await IndexFieldAsync(QdrantFilters.Key("keywords", field), "keyword", cancellationToken);
            foreach (var field in _options.NumberFields) await IndexFieldAsync(QdrantFilters.Key("numbers", field), "float", cancellationToken);
            _isCreated = true;
        }
        finally
        {
            _creating.Release();
        }
    }

    private Task IndexFieldAsync(string field, string schema, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Put, $"collections/{Collection}/index?wait=true", new CreateFieldIndex(field, schema), cancellationToken);

    private async Task DoAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var reply = await _client.WriteAsync(method, path, body, cancellationToken);
        if ((int)reply.Status is < 200 or >= 300 && !(method == HttpMethod.Delete && reply.Status == HttpStatusCode.NotFound)) throw _client.Failure(reply);
    }
}
