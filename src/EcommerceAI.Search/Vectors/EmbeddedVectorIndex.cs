using System.Numerics.Tensors;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// A vector index in this process's memory: a graph (HNSW) over 8-bit codes whose finds are scored anew by the full vectors; few
/// vectors, and the few that a filter leaves, are compared one by one. Readers work on an immutable snapshot and never wait.
/// </summary>
/// <remarks>
/// A vector of n dimensions takes about 5 n + 300 bytes. The same writes in the same order give the same graph, whatever the number of
/// threads. A write returns when searches find it; one that adds many vectors takes some ten thousand a second and core.
/// </remarks>
public sealed class EmbeddedVectorIndex : IVectorIndex
{
    private readonly Lock _writing = new();
    private readonly VectorIndexOptions _options;
    private long _written;
    private volatile VectorSnapshot _snapshot;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimensions">How many numbers each vector has, 1 to 65,536.</param>
    /// <param name="options">How the graph is built and walked.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EmbeddedVectorIndex(int dimensions, VectorIndexOptions? options = null)
        : this(VectorSnapshot.Empty(Checked(dimensions)), 0, options ?? new())
    {
    }

    private EmbeddedVectorIndex(VectorSnapshot snapshot, long written, VectorIndexOptions options)
    {
        if (VectorIndexOptions.WhatIsWrongWith(options) is { } wrong) throw new ArgumentException(wrong, nameof(options));
        (_snapshot, _written, _options) = (snapshot, written, options);
    }

    /// <inheritdoc/>
    public int Dimensions => _snapshot.Rows.Dimensions;

    /// <summary>Loads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">What the vectors were made with, as it was saved.</param>
    /// <param name="options">How the graph is built and walked; links and seed as they were.</param>
    /// <exception cref="VectorFileException">The file is damaged, or not what was asked for; it must be made again.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EmbeddedVectorIndex Load(string path, string model, VectorIndexOptions? options = null)
    {
        options ??= new();
        var (snapshot, written) = VectorFile.Read(path, model, options);
        return new(snapshot, written, options);
    }

    /// <summary>
    /// Writes everything to a file, which is put in the place of the one before once it is whole and on the disk. Searches go on;
    /// writes wait.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">Names what the vectors were made with: vectors of another model must not be loaded.</param>
    /// <exception cref="IOException">The file cannot be written; the one before is left as it was.</exception>
    public void Save(string path, string model)
    {
        lock (_writing) VectorFile.Write(path, model, _snapshot, _written, _options);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<VectorWrite> writes, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            var results = new WriteResult[writes.Count];
            var draft = new VectorDraft(_snapshot, _options, _written);
            for (var i = 0; i < results.Length; i++) results[i] = Write(writes[i], draft);
            (_snapshot, _written) = (draft.Finish(), draft.Written);
            return ValueTask.FromResult<IReadOnlyList<WriteResult>>(results);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VectorHit>> SearchAsync(VectorQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Vector.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Vector.Length} dimensions, the index {Dimensions}.", nameof(query));
        if (query.Limit < 0) throw new ArgumentException($"At least 0 hits are asked for, not {query.Limit}.", nameof(query));
        return ValueTask.FromResult(_snapshot.Search(query, _options, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult((long)_snapshot.LiveCount);

    /// <summary>The present links of each id at the lowest level, for tests that compare two graphs.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> Links()
    {
        var snapshot = _snapshot;
        return snapshot.Live.Places().ToDictionary(
            snapshot.Rows.Id,
            IReadOnlyList<string> (place) => snapshot.Graph is { } graph ? [.. graph.Links(place, 0).ToArray().Select(snapshot.Rows.Id)] : []);
    }

    private static int Checked(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 65_536);
        return dimensions;
    }

    private WriteResult Write(VectorWrite write, VectorDraft draft)
    {
        if (string.IsNullOrEmpty(write.Id)) return WriteResult.Failed("A vector has no id.");
        var length = 0f;
        if (write.Vector is { } vector)
        {
            if (vector.Length != Dimensions)
                return WriteResult.Failed($"The vector of '{write.Id}' has {vector.Length} dimensions, the index {Dimensions}.");
            length = TensorPrimitives.Norm(vector.Span);
            if (!float.IsFinite(length)) return WriteResult.Failed($"The vector of '{write.Id}' has a number that is not finite.");
        }
        return draft.Put(write, length) ? WriteResult.Applied : WriteResult.Stale;
    }
}
