using EcommerceAI.Search.Text;
using EcommerceAI.Search.Understanding;
using EcommerceAI.Search.Vectors;

namespace EcommerceAI.Search.Queries;

/// <summary>An embedder and the index of the vectors that it made: they are only ever exchanged together.</summary>
/// <param name="Embedder">Makes the vectors of documents and queries.</param>
/// <param name="Index">Holds the documents' vectors.</param>
public sealed record VectorLeg(LatentSemanticEmbedder Embedder, IVectorIndex Index);

/// <summary>What a hybrid index puts into its vectors.</summary>
public sealed class HybridIndexOptions
{
    /// <summary>The text fields that are embedded, in this order. Short ones that say what the document is, not long prose.</summary>
    public required IReadOnlyList<string> EmbeddedFields { get; init; }

    /// <summary>How the embedder learns.</summary>
    public EmbedderOptions Embedder { get; init; } = new();

    /// <summary>A thesaurus to understand queries by, asked for once at the first training; gives null where there is none.</summary>
    public Func<WordNet?> Thesaurus { get; init; } = () => null;

    /// <summary>Makes an empty vector index of so many dimensions.</summary>
    public Func<int, IVectorIndex> CreateVectorIndex { get; init; } = dimensions => new EmbeddedVectorIndex(dimensions);
}

/// <summary>
/// The two legs as one thing to write to. The text index decides about versions; what it refuses does not reach the vectors.
/// </summary>
/// <remarks>
/// Until the first training there is no vector leg. When to train is the owner's to say: after the first filling, and again when
/// <see cref="WritesSinceTraining"/> has grown to a good part of the documents (half, say). A training takes about a second for
/// four thousand documents, during which writes and searches go on with the vectors of before; no write is lost over the change.
/// </remarks>
public sealed class HybridIndex : IDisposable
{
    private const int EmbeddingBatch = 1000;

    private readonly HybridIndexOptions _options;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _training = new(1, 1);
    private List<DocumentWrite>? _sinceTrainingBegan;
    private volatile VectorLeg? _vectors;
    private readonly Lazy<WordNet?> _thesaurus;
    private volatile QueryUnderstanding? _understanding;
    private long _writesSinceTraining;

    /// <summary>Joins a text index with a vector leg that is yet to be trained.</summary>
    public HybridIndex(ITextIndex text, HybridIndexOptions options) => (Text, _options, _thesaurus) = (text, options, new(options.Thesaurus));

    /// <summary>The keyword leg.</summary>
    public ITextIndex Text { get; }

    /// <summary>The vector leg, or null before the first training.</summary>
    public VectorLeg? Vectors => _vectors;

    /// <summary>What understands queries, or null before the first training.</summary>
    public QueryUnderstanding? Understanding => _understanding;

    /// <summary>How many writes were applied since the last training began.</summary>
    public long WritesSinceTraining => Interlocked.Read(ref _writesSinceTraining);

    /// <summary>Writes a batch to both legs. Searches find it when this returns; delivering it again does no harm.</summary>
    /// <returns>What became of each write, in the order given: failed where either leg could not take it.</returns>
    public async Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            WriteResult[] results = [.. await Text.WriteAsync(writes, cancellationToken)];
            int[] applied = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Status == WriteStatus.Applied)];
            Interlocked.Add(ref _writesSinceTraining, applied.Length);
            _sinceTrainingBegan?.AddRange(applied.Select(i => writes[i]));
            if (_vectors is not { } leg || applied.Length == 0) return results;
            var embedded = await leg.Index.WriteAsync([.. applied.Select(i => Embed(writes[i], leg.Embedder))], cancellationToken);
            for (var i = 0; i < applied.Length; i++)
                if (embedded[i].Status == WriteStatus.Failed)
                    results[applied[i]] = embedded[i];
            return results;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>
    /// Learns the embedder again from every document, makes all vectors anew beside the old ones, and puts them in their place.
    /// </summary>
    public async Task TrainAsync(CancellationToken cancellationToken = default)
    {
        await _training.WaitAsync(cancellationToken);
        try
        {
            await ExclusivelyAsync(() =>
            {
                // From here on each write is noted; the reading that follows sees every earlier one.
                _sinceTrainingBegan = [];
                Interlocked.Exchange(ref _writesSinceTraining, 0);
                return Task.CompletedTask;
            }, cancellationToken);
            var documents = new List<SearchDocument>();
            await foreach (var document in Text.ReadAllAsync(cancellationToken)) documents.Add(document);
            var understanding = await Task.Run(
                () => QueryUnderstanding.Learn(documents.Select(EmbeddedText), _options.Embedder.Analyzer, _thesaurus.Value), cancellationToken);
            var leg = await Task.Run(() => TrainOn(documents), cancellationToken);
            foreach (var batch in documents.Select(DocumentWrite.Upsert).Chunk(EmbeddingBatch))
                await WriteVectorsAsync(leg, batch, cancellationToken);
            await ExclusivelyAsync(async () =>
            {
                await WriteVectorsAsync(leg, _sinceTrainingBegan!, cancellationToken);
                (_vectors, _understanding) = (leg, understanding);
            }, cancellationToken);
            await Text.PublishAsync(cancellationToken);
            await leg.Index.PublishAsync(cancellationToken);
        }
        finally
        {
            await ExclusivelyAsync(() =>
            {
                _sinceTrainingBegan = null;
                return Task.CompletedTask;
            }, CancellationToken.None);
            _training.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writing.Dispose();
        _training.Dispose();
    }

    private VectorLeg TrainOn(List<SearchDocument> documents)
    {
        var embedder = LatentSemanticEmbedder.Train(documents.Select(EmbeddedText), _options.Embedder);
        return new(embedder, _options.CreateVectorIndex(embedder.Dimensions));
    }

    private async Task WriteVectorsAsync(VectorLeg leg, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0) return;
        var results = await leg.Index.WriteAsync([.. writes.Select(w => Embed(w, leg.Embedder))], cancellationToken);
        var failed = results.FirstOrDefault(r => r.Status == WriteStatus.Failed);
        // Vectors with a hole must not take the place of whole ones.
        if (failed.Error is not null) throw new InvalidOperationException($"The vectors could not all be written: {failed.Error}");
    }

    private VectorWrite Embed(DocumentWrite write, LatentSemanticEmbedder embedder) =>
        write.Document is { } document
            ? VectorWrite.Upsert(document, embedder.Embed(EmbeddedText(document)))
            : VectorWrite.Delete(write.Id, write.Version);

    private string EmbeddedText(SearchDocument document) =>
        string.Join(' ', _options.EmbeddedFields.Select(f => document.Text.GetValueOrDefault(f)).Where(t => !string.IsNullOrEmpty(t)));

    private async Task ExclusivelyAsync(Func<Task> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await change();
        }
        finally
        {
            _writing.Release();
        }
    }
}
