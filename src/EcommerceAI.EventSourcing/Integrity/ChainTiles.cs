namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>Up to 256 neighbouring hashes of one level of tiles.</summary>
/// <param name="Level">0 for the hashes of leaves; a hash of level L stands for 256^L leaves.</param>
/// <param name="Number">The tile's place in its level, from 0.</param>
/// <param name="Hashes">Its hashes, 32 bytes each.</param>
/// <param name="Positions">Of level 0: the position of each leaf; empty above.</param>
internal sealed record ChainTile(int Level, long Number, byte[] Hashes, long[] Positions);

/// <summary>
/// A tree as tiles of 256 hashes: any complete subtree's root follows from one tile, so that a proof reads few rows, and the
/// partial tiles at the right edge are all that appending needs.
/// </summary>
internal sealed class ChainTiles
{
    /// <summary>Hashes in a whole tile.</summary>
    public const int Width = 1 << Height;

    private const int Height = 8;

    private readonly List<Edge> _edges = [];
    private readonly Action<ChainTile> _whole;

    /// <summary>Begins at a size.</summary>
    /// <param name="size">Leaves already in the tree.</param>
    /// <param name="partial">The partial tiles of that size, see <see cref="PartialTiles"/>.</param>
    /// <param name="whole">Given every tile that becomes whole.</param>
    public ChainTiles(long size, IEnumerable<ChainTile> partial, Action<ChainTile> whole)
    {
        Count = size;
        _whole = whole;
        for (var level = 0; level == 0 || HashesIn(size, level) > 0; level++) _edges.Add(new Edge { Number = HashesIn(size, level) / Width });
        foreach (var tile in partial)
        {
            var edge = _edges[tile.Level];
            edge.Count = (int)(HashesIn(size, tile.Level) % Width);
            // A damaged tile may be too short; what is missing then stays zero and the root shows it.
            tile.Hashes.AsSpan(0, Math.Min(tile.Hashes.Length, edge.Count * MerkleHash.Size)).CopyTo(edge.Hashes);
            tile.Positions.AsSpan(0, Math.Min(tile.Positions.Length, edge.Count)).CopyTo(edge.Positions);
        }
    }

    /// <summary>The number of leaves.</summary>
    public long Count { get; private set; }

    /// <summary>Level and number of the partial tiles of a tree.</summary>
    public static IEnumerable<(int Level, long Number)> PartialTiles(long size)
    {
        for (var level = 0; HashesIn(size, level) is > 0 and var hashes; level++)
        {
            if (hashes % Width > 0) yield return (level, hashes / Width);
        }
    }

    /// <summary>Whole hashes that a level of tiles has in a tree.</summary>
    public static long HashesIn(long size, int level) => level * Height >= 63 ? 0 : size >> (level * Height);

    /// <summary>Appends a leaf.</summary>
    public void Append(long position, ReadOnlySpan<byte> leaf)
    {
        _edges[0].Positions[_edges[0].Count] = position;
        Append(0, leaf);
        Count++;
    }

    /// <summary>The partial tiles as they stand.</summary>
    public IEnumerable<ChainTile> Partial() =>
        _edges.Select((edge, level) => edge.ToTile(level)).Where(tile => tile.Hashes.Length > 0);

    /// <summary>The root of the tree as it stands.</summary>
    public byte[] Root()
    {
        byte[]? root = null;
        // Lower levels lie to the right; within one, the subtrees lie from the largest to the smallest.
        foreach (var edge in _edges)
        {
            var end = edge.Count;
            for (var bit = 0; bit < Height; bit++)
            {
                if ((edge.Count >> bit & 1) == 0) continue;
                end -= 1 << bit;
                var subtree = RootOf(edge.Hashes.AsSpan(end * MerkleHash.Size, MerkleHash.Size << bit));
                root = root is null ? subtree : MerkleHash.Node(subtree, root);
            }
        }

        return root ?? MerkleHash.Empty;
    }

    /// <summary>The root of a complete subtree, from the tile that holds the hashes below it.</summary>
    /// <param name="tile">Gives the hashes of a tile.</param>
    public static SubtreeHash SubtreesOf(Func<int, long, ValueTask<byte[]>> tile) => async (level, index) =>
    {
        var first = index << (level % Height);
        var hashes = await tile(level / Height, first / Width);
        return RootOf(hashes.AsSpan((int)(first % Width) * MerkleHash.Size, MerkleHash.Size << (level % Height)));
    };

    private static byte[] RootOf(ReadOnlySpan<byte> hashes)
    {
        var level = hashes.ToArray();
        for (var length = level.Length; length > MerkleHash.Size; length /= 2)
        {
            for (var at = 0; at < length; at += 2 * MerkleHash.Size)
                MerkleHash.Node(level.AsSpan(at, MerkleHash.Size), level.AsSpan(at + MerkleHash.Size, MerkleHash.Size), level.AsSpan(at / 2));
        }

        return level[..MerkleHash.Size];
    }

    private void Append(int level, ReadOnlySpan<byte> hash)
    {
        if (level == _edges.Count) _edges.Add(new Edge());
        var edge = _edges[level];
        hash.CopyTo(edge.Hashes.AsSpan(edge.Count * MerkleHash.Size));
        if (++edge.Count < Width) return;
        _whole(edge.ToTile(level));
        edge.Count = 0;
        edge.Number++;
        Append(level + 1, RootOf(edge.Hashes));
    }

    /// <summary>The last tile of a level, not yet whole.</summary>
    private sealed class Edge
    {
        public byte[] Hashes { get; } = new byte[Width * MerkleHash.Size];

        public long[] Positions { get; } = new long[Width];

        public int Count { get; set; }

        public long Number { get; set; }

        public ChainTile ToTile(int level) =>
            new(level, Number, Hashes[..(Count * MerkleHash.Size)], level == 0 ? Positions[..Count] : []);
    }
}
