using System.Numerics.Tensors;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// All vectors at one moment: rows of length 1 in blocks of contiguous memory. Later snapshots share the blocks: rows are only
/// ever added behind what this one reads, and a removal makes a new list of ids.
/// </summary>
internal sealed class VectorSnapshot(float[][] blocks, string?[] ids, int count, int live)
{
    /// <summary>Rows a block: large enough to stream, small enough that growing copies no vectors.</summary>
    public const int BlockRows = 1024;

    public static readonly VectorSnapshot Empty = new([], [], 0, 0);

    /// <summary>How many vectors can be found.</summary>
    public int Live => live;

    public VectorDraft Edit(int dimensions) => new([.. blocks], [.. ids.AsSpan(0, count)], dimensions);

    public IReadOnlyList<VectorHit> Search(VectorQuery query, int dimensions, CancellationToken cancellationToken)
    {
        var length = TensorPrimitives.Norm(query.Vector.Span);
        if (!(length > 0 && float.IsFinite(length))) return [];
        var sought = new float[dimensions];
        TensorPrimitives.Divide(query.Vector.Span, length, sought);
        var best = new TopRanked<bool>(query.Limit);
        for (var start = 0; start < count; start += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var block = blocks[start / BlockRows];
            var end = Math.Min(start + BlockRows, count);
            for (var place = start; place < end; place++)
            {
                var similarity = TensorPrimitives.Dot<float>(sought, block.AsSpan((place - start) * dimensions, dimensions));
                if (similarity < query.MinimumSimilarity || !best.Admits(similarity)) continue;
                if (ids[place] is { } id) best.Add(id, similarity, true);
            }
        }
        return [.. best.Sorted().Select(hit => new VectorHit(hit.Id, Math.Clamp((float)hit.Score, -1, 1)))];
    }
}

/// <summary>The next snapshot while it is written.</summary>
internal sealed class VectorDraft(List<float[]> blocks, List<string?> ids, int dimensions)
{
    private int _live = ids.Count(id => id is not null);

    public int Count => ids.Count;

    public IReadOnlyList<string?> Ids => ids;

    public int Add(string id, ReadOnlySpan<float> vector, float length)
    {
        var (block, row) = (ids.Count / VectorSnapshot.BlockRows, ids.Count % VectorSnapshot.BlockRows);
        if (block == blocks.Count) blocks.Add(new float[VectorSnapshot.BlockRows * dimensions]);
        TensorPrimitives.Divide(vector, length, blocks[block].AsSpan(row * dimensions, dimensions));
        ids.Add(id);
        _live++;
        return ids.Count - 1;
    }

    public void Remove(int place)
    {
        ids[place] = null;
        _live--;
    }

    /// <summary>The same without the rows of removed vectors, in blocks of its own.</summary>
    public VectorDraft Compacted()
    {
        var compact = new VectorDraft([], [], dimensions);
        for (var place = 0; place < ids.Count; place++)
            if (ids[place] is { } id)
                compact.Add(id, Row(place), 1);
        return compact;
    }

    public VectorSnapshot ToSnapshot() => new([.. blocks], [.. ids], ids.Count, _live);

    private Span<float> Row(int place) =>
        blocks[place / VectorSnapshot.BlockRows].AsSpan(place % VectorSnapshot.BlockRows * dimensions, dimensions);
}
