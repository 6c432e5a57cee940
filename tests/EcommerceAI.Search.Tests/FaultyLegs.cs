namespace EcommerceAI.Search.Tests;

/// <summary>A real text index in front of whose searches something happens.</summary>
internal sealed class FaultyTextIndex(ITextIndex index) : ITextIndex
{
    public Func<CancellationToken, Task> BeforeSearch { get; set; } = _ => Task.CompletedTask;

    public ValueTask<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken = default) =>
        index.WriteAsync(writes, cancellationToken);

    public async ValueTask<TextMatches> SearchAsync(TextQuery query, CancellationToken cancellationToken = default)
    {
        await BeforeSearch(cancellationToken);
        return await index.SearchAsync(query, cancellationToken);
    }

    public ValueTask<IReadOnlyList<SearchDocument>> FindAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) =>
        index.FindAsync(ids, cancellationToken);

    public IAsyncEnumerable<SearchDocument> ReadAllAsync(CancellationToken cancellationToken = default) => index.ReadAllAsync(cancellationToken);

    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => index.CountAsync(cancellationToken);
}

/// <summary>A real vector index in front of whose searches something happens.</summary>
internal sealed class FaultyVectorIndex(int dimensions) : IVectorIndex
{
    private readonly EmbeddedVectorIndex _index = new(dimensions);

    public Func<CancellationToken, Task> BeforeSearch { get; set; } = _ => Task.CompletedTask;

    public int Dimensions => _index.Dimensions;

    public ValueTask<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<VectorWrite> writes, CancellationToken cancellationToken = default) =>
        _index.WriteAsync(writes, cancellationToken);

    public async ValueTask<IReadOnlyList<VectorHit>> SearchAsync(VectorQuery query, CancellationToken cancellationToken = default)
    {
        await BeforeSearch(cancellationToken);
        return await _index.SearchAsync(query, cancellationToken);
    }

    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => _index.CountAsync(cancellationToken);
}
