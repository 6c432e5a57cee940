using System.Numerics;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>
/// The right edge of a growing tree: for each bit that is set in its size, the root of the complete subtree of that many leaves.
/// Enough to append, and to tell the root at any moment, in memory that grows with the logarithm of the size.
/// </summary>
public sealed class MerkleFrontier
{
    private readonly byte[] _roots = new byte[64 * MerkleHash.Size];

    /// <summary>The number of leaves.</summary>
    public long Count { get; private set; }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leaf">Its hash.</param>
    public void Append(ReadOnlySpan<byte> leaf)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Size];
        leaf.CopyTo(hash);
        var level = 0;
        // Adding one to the size carries through its trailing ones, and so do the subtrees.
        for (; ((Count >> level) & 1) == 1; level++) MerkleHash.Node(At(level), hash, hash);
        hash.CopyTo(At(level));
        Count++;
    }

    /// <summary>The root of the tree as it stands.</summary>
    public byte[] Root()
    {
        if (Count == 0) return MerkleHash.Empty;
        var level = BitOperations.TrailingZeroCount(Count);
        var root = At(level).ToArray();
        for (level++; Count >> level != 0; level++)
        {
            if (((Count >> level) & 1) == 1) MerkleHash.Node(At(level), root, root);
        }

        return root;
    }

    private Span<byte> At(int level) => _roots.AsSpan(level * MerkleHash.Size, MerkleHash.Size);
}
