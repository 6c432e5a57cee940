using System.Text.Json;
using EcommerceAI.Search.Rest;

namespace EcommerceAI.Search.Elasticsearch;

/// <summary>
/// Writes batches by <c>_bulk</c>, with the version of each document judged by Elasticsearch itself; items that an overloaded node
/// turns away are sent again, the others are not.
/// </summary>
internal sealed class BulkWriter(EngineClient client, ElasticsearchOptions options, string index)
{
    /// <summary>Elasticsearch takes ids of no more bytes.</summary>
    private const int LongestId = 512;

    public async Task<WriteResult[]> WriteAsync(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        var results = new WriteResult[writes.Count];
        for (var i = 0; i < results.Length; i++) results[i] = WhatIsWrongWith(writes[i]);
        int[] good = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Status == WriteStatus.Applied)];
        foreach (var batch in good.Chunk(options.BatchSize)) await WriteBatchAsync(batch, writes, results, cancellationToken);
        return results;
    }

    private static WriteResult WhatIsWrongWith(DocumentWrite write) =>
        string.IsNullOrEmpty(write.Id) ? WriteResult.Failed("A document has no id.")
        : System.Text.Encoding.UTF8.GetByteCount(write.Id) > LongestId ? WriteResult.Failed($"The id '{write.Id[..40]}...' has more than {LongestId} bytes.")
        : write.Version < 0 ? WriteResult.Failed($"The version of '{write.Id}' is {write.Version}, below 0.")
        : WriteResult.Applied;

    private async Task WriteBatchAsync(int[] batch, IReadOnlyList<DocumentWrite> writes, WriteResult[] results, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var reply = await client.WriteAsync(
                HttpMethod.Post, $"{index}/_bulk?refresh=true", Body(batch.Select(i => writes[i])), "application/x-ndjson", cancellationToken);
            var items = client.Body<BulkReply>(reply).Items;
            if (items.Count != batch.Length) throw new EngineException($"Elasticsearch replied to {items.Count} of {batch.Length} writes.", reply.Status);
            var turnedAway = new List<int>();
            for (var i = 0; i < batch.Length; i++)
                if (items[i].Index.Status is 429 or 503) turnedAway.Add(batch[i]);
                else results[batch[i]] = Result(items[i].Index);
            if (turnedAway.Count == 0) return;
            if (attempt == options.Engine.WriteRetries)
                throw new EngineException($"Elasticsearch turned {turnedAway.Count} of {batch.Length} writes away {attempt + 1} times: it is overloaded.", reply.Status);
            batch = [.. turnedAway];
            await Task.Delay(options.Engine.RetryDelay * (1 << attempt), cancellationToken);
        }
    }

    private static WriteResult Result(BulkOutcome outcome) =>
        outcome.Status is >= 200 and < 300 ? WriteResult.Applied
        : outcome.Status == 409 ? WriteResult.Stale
        : WriteResult.Failed($"Elasticsearch replied {outcome.Status}: {outcome.Error?.Type}: {outcome.Error?.Reason}");

    private static byte[] Body(IEnumerable<DocumentWrite> writes)
    {
        using var lines = new MemoryStream();
        foreach (var write in writes)
        {
            JsonSerializer.Serialize(lines, new BulkAction(new(write.Id, write.Version)), EngineClient.Json);
            lines.WriteByte((byte)'\n');
            JsonSerializer.Serialize(
                lines,
                write.Document is { } document
                    ? new StoredDocument(write.Id, write.Version, true, document.Text, document.Keywords, document.Numbers)
                    : new StoredDocument(write.Id, write.Version, false),
                EngineClient.Json);
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }
}
