using System.Security.Cryptography;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>The hashes of RFC 6962, section 2.1: SHA-256, with one byte before the input that keeps leaves and nodes apart.</summary>
public static class MerkleHash
{
    /// <summary>Bytes in a hash.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>What stands before a leaf's data.</summary>
    public const byte LeafPrefix = 0;

    private const byte NodePrefix = 1;

    /// <summary>The root of a tree without leaves: the hash of nothing.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    /// <summary>The hash of a leaf.</summary>
    /// <param name="data">What the leaf stands for.</param>
    public static byte[] Leaf(ReadOnlySpan<byte> data)
    {
        var input = new byte[data.Length + 1];
        input[0] = LeafPrefix;
        data.CopyTo(input.AsSpan(1));
        return SHA256.HashData(input);
    }

    /// <summary>The hash of a node.</summary>
    /// <param name="left">The left child's hash.</param>
    /// <param name="right">The right child's hash.</param>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var hash = new byte[Size];
        Node(left, right, hash);
        return hash;
    }

    /// <summary>The hash of a node, written where the caller says; that may be one of its children.</summary>
    /// <param name="left">The left child's hash.</param>
    /// <param name="right">The right child's hash.</param>
    /// <param name="destination">32 bytes.</param>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[1 + (2 * Size)];
        input[0] = NodePrefix;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + Size)..]);
        SHA256.HashData(input, destination);
    }
}
