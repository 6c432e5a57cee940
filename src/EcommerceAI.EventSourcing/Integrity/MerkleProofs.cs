using System.Numerics;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>The root of a complete subtree.</summary>
/// <param name="level">Its height: it stands for 2^level leaves.</param>
/// <param name="index">Its place among the subtrees of that height, from 0.</param>
public delegate ValueTask<byte[]> SubtreeHash(int level, long index);

/// <summary>Makes the proofs of RFC 6962 from the roots of complete subtrees.</summary>
/// <param name="subtree">Gives the root of any complete subtree within the size that is asked about.</param>
public sealed class MerkleProver(SubtreeHash subtree)
{
    /// <summary>The root of the first leaves (section 2.1).</summary>
    /// <param name="size">How many, 0 or more.</param>
    public async ValueTask<byte[]> RootAsync(long size) => size == 0 ? MerkleHash.Empty : await RangeAsync(0, size);

    /// <summary>The audit path of a leaf (section 2.1.1).</summary>
    /// <param name="index">The leaf's place, from 0.</param>
    /// <param name="size">The size of the tree.</param>
    public async Task<IReadOnlyList<byte[]>> InclusionAsync(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        await AddPathAsync(path, index, 0, size);
        return path;
    }

    /// <summary>What shows that a tree has only been appended to (section 2.1.2).</summary>
    /// <param name="first">The size before, 0 or more.</param>
    /// <param name="second">The size after, not below <paramref name="first"/>.</param>
    public async Task<IReadOnlyList<byte[]>> ConsistencyAsync(long first, long second)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        var proof = new List<byte[]>();
        if (first > 0 && first < second) await AddSubproofAsync(proof, first, 0, second, isWhole: true);
        return proof;
    }

    private async Task AddPathAsync(List<byte[]> path, long index, long from, long to)
    {
        if (to - from == 1) return;
        var middle = from + LargestPowerBelow(to - from);
        if (index < middle)
        {
            await AddPathAsync(path, index, from, middle);
            path.Add(await RangeAsync(middle, to));
        }
        else
        {
            await AddPathAsync(path, index, middle, to);
            path.Add(await RangeAsync(from, middle));
        }
    }

    private async Task AddSubproofAsync(List<byte[]> proof, long first, long from, long to, bool isWhole)
    {
        if (first == to)
        {
            if (!isWhole) proof.Add(await RangeAsync(from, to));
            return;
        }

        var middle = from + LargestPowerBelow(to - from);
        if (first <= middle)
        {
            await AddSubproofAsync(proof, first, from, middle, isWhole);
            proof.Add(await RangeAsync(middle, to));
        }
        else
        {
            await AddSubproofAsync(proof, first, middle, to, isWhole: false);
            proof.Add(await RangeAsync(from, middle));
        }
    }

    /// <summary>The root over leaves that begin where a subtree of their size may begin.</summary>
    private async ValueTask<byte[]> RangeAsync(long from, long to)
    {
        var count = to - from;
        if (BitOperations.IsPow2(count))
        {
            var level = BitOperations.Log2((ulong)count);
            return await subtree(level, from >> level);
        }

        var middle = from + LargestPowerBelow(count);
        var left = await RangeAsync(from, middle);
        var right = await RangeAsync(middle, to);
        return MerkleHash.Node(left, right);
    }

    private static long LargestPowerBelow(long count) => 1L << BitOperations.Log2((ulong)(count - 1));
}

/// <summary>Checks the proofs of RFC 6962, by the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2; needs no tree.</summary>
public static class MerkleProofs
{
    /// <summary>Whether a path leads from a leaf to a root.</summary>
    /// <param name="leaf">The leaf's hash.</param>
    /// <param name="index">Its place, from 0.</param>
    /// <param name="size">The size of the tree.</param>
    /// <param name="path">The audit path.</param>
    /// <param name="root">The tree's root.</param>
    public static bool IsIncluded(byte[] leaf, long index, long size, IReadOnlyList<byte[]> path, byte[] root)
    {
        if (index < 0 || index >= size) return false;
        var (at, last) = (index, size - 1);
        var hash = leaf;
        foreach (var sibling in path)
        {
            if (last == 0) return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = MerkleHash.Node(sibling, hash);
                SkipMissingSiblings(ref at, ref last);
            }
            else
            {
                hash = MerkleHash.Node(hash, sibling);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && root.AsSpan().SequenceEqual(hash);
    }

    /// <summary>Whether the second tree begins with all leaves of the first.</summary>
    /// <param name="first">The first tree's size.</param>
    /// <param name="firstRoot">Its root.</param>
    /// <param name="second">The second tree's size.</param>
    /// <param name="secondRoot">Its root.</param>
    /// <param name="proof">The consistency proof.</param>
    public static bool IsConsistent(
        long first, byte[] firstRoot, long second, byte[] secondRoot, IReadOnlyList<byte[]> proof)
    {
        if (first < 0 || first > second) return false;
        if (first == second) return proof.Count == 0 && firstRoot.AsSpan().SequenceEqual(secondRoot);
        if (first == 0) return proof.Count == 0 && firstRoot.AsSpan().SequenceEqual(MerkleHash.Empty);
        // A first tree that is one complete subtree is not repeated in the proof.
        var isPower = BitOperations.IsPow2(first);
        if (proof.Count == 0) return false;
        var (at, last) = (first - 1, second - 1);
        while ((at & 1) == 1) (at, last) = (at >> 1, last >> 1);
        var before = isPower ? firstRoot : proof[0];
        var after = before;
        foreach (var sibling in proof.Skip(isPower ? 0 : 1))
        {
            if (last == 0) return false;
            if ((at & 1) == 1 || at == last)
            {
                before = MerkleHash.Node(sibling, before);
                after = MerkleHash.Node(sibling, after);
                SkipMissingSiblings(ref at, ref last);
            }
            else
            {
                after = MerkleHash.Node(after, sibling);
            }

            (at, last) = (at >> 1, last >> 1);
        }

        return last == 0 && firstRoot.AsSpan().SequenceEqual(before) && secondRoot.AsSpan().SequenceEqual(after);
    }

    /// <summary>On the right edge a node without a sibling is its parent.</summary>
    private static void SkipMissingSiblings(ref long at, ref long last)
    {
        while ((at & 1) == 0 && at != 0) (at, last) = (at >> 1, last >> 1);
    }
}
