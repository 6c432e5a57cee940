using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// A vector index in this process's memory that compares the query with every vector: exact, and for some ten thousand vectors
/// faster than any graph. Readers work on an immutable snapshot and never wait.
/// </summary>
public sealed class EmbeddedVectorIndex : IVectorIndex
{
    private readonly Lock _writing = new();
    private readonly Dictionary<string, Held> _held = [];
    private int _dead;
    private volatile VectorSnapshot _snapshot = VectorSnapshot.Empty;

    /// <summary>Makes an empty index.</summary>
    /// <param name="dimensions">How many numbers each vector has, 1 to 65,536.</param>
    public EmbeddedVectorIndex(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 65_536);
        Dimensions = dimensions;
    }

    /// <inheritdoc/>
    public int Dimensions { get; }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<VectorWrite> writes, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing)
        {
            var results = new WriteResult[writes.Count];
            var draft = _snapshot.Edit(Dimensions);
            for (var i = 0; i < results.Length; i++) results[i] = Write(writes[i], draft);
            if (_dead * 2 > draft.Count)
            {
                draft = draft.Compacted();
                for (var place = 0; place < draft.Count; place++)
                    if (draft.Ids[place] is { } id)
                        _held[id] = _held[id] with { Place = place };
                _dead = 0;
            }
            _snapshot = draft.ToSnapshot();
            return ValueTask.FromResult<IReadOnlyList<WriteResult>>(results);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<VectorHit>> SearchAsync(VectorQuery query, CancellationToken cancellationToken = default)
    {
        if (query.Vector.Length != Dimensions)
            throw new ArgumentException($"The query has {query.Vector.Length} dimensions, the index {Dimensions}.", nameof(query));
        return ValueTask.FromResult(_snapshot.Search(query, Dimensions, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult((long)_snapshot.Live);

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
        if (_held.TryGetValue(write.Id, out var held))
        {
            if (write.Version < held.Version) return WriteResult.Stale;
            if (held.Place >= 0)
            {
                draft.Remove(held.Place);
                _dead++;
            }
        }
        var place = length > 0 ? draft.Add(write.Id, write.Vector!.Value.Span, length) : -1;
        _held[write.Id] = new(write.Version, place);
        return WriteResult.Applied;
    }

    /// <summary>The newest version of an id and where its vector stands; -1 for a deleted one and for one of all noughts.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Held(long Version, int Place);
}
