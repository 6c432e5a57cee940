using EcommerceAI.EventSourcing.Integrity;
using Shouldly;
using Xunit;

namespace EcommerceAI.EventSourcing.Tests.Integrity;

/// <summary>The tree and its proofs against the roots and paths that certificate transparency's reference code publishes.</summary>
public sealed class MerkleTests
{
    private static readonly byte[][] Inputs =
    [
        .. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString),
    ];

    private static readonly string[] Roots =
    [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_tree_of_nothing_is_the_hash_of_nothing() =>
        Convert.ToHexStringLower(MerkleHash.Empty).ShouldBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    [Fact]
    public void Roots_are_those_of_the_reference_for_every_size()
    {
        var frontier = new MerkleFrontier();
        var tiles = new ChainTiles(0, [], _ => { });
        for (var size = 1; size <= Inputs.Length; size++)
        {
            frontier.Append(MerkleHash.Leaf(Inputs[size - 1]));
            tiles.Append(size, MerkleHash.Leaf(Inputs[size - 1]));
            Convert.ToHexStringLower(frontier.Root()).ShouldBe(Roots[size - 1]);
            Convert.ToHexStringLower(tiles.Root()).ShouldBe(Roots[size - 1]);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(
        0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(
        1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public async Task Inclusion_paths_are_those_of_the_reference(long index, long size, params string[] path) =>
        (await ProverOf(Inputs).InclusionAsync(index, size)).Select(Convert.ToHexStringLower).ShouldBe(path);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(
        1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7", "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a", "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e", "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public async Task Consistency_proofs_are_those_of_the_reference(long first, long second, params string[] proof) =>
        (await ProverOf(Inputs).ConsistencyAsync(first, second)).Select(Convert.ToHexStringLower).ShouldBe(proof);

    [Fact]
    public async Task Every_proof_of_every_pair_is_accepted_and_none_with_a_bit_turned_over()
    {
        var leaves = Enumerable.Range(0, 34).Select(i => new[] { (byte)i }).ToArray();
        var prover = ProverOf(leaves);
        for (var size = 1L; size <= leaves.Length; size++)
        {
            var root = await prover.RootAsync(size);
            for (var index = 0L; index < size; index++)
            {
                var path = await prover.InclusionAsync(index, size);
                var leaf = MerkleHash.Leaf(leaves[index]);
                MerkleProofs.IsIncluded(leaf, index, size, path, root).ShouldBeTrue($"leaf {index} of {size}");
                MerkleProofs.IsIncluded(MerkleHash.Leaf([255]), index, size, path, root).ShouldBeFalse();
                MerkleProofs.IsIncluded(leaf, index ^ 1, size, path, root).ShouldBeFalse();
                if (path.Count > 0) MerkleProofs.IsIncluded(leaf, index, size, Broken(path), root).ShouldBeFalse();
                MerkleProofs.IsIncluded(leaf, index, size, [.. path, root], root).ShouldBeFalse();
            }

            for (var first = 0L; first <= size; first++)
            {
                var before = await prover.RootAsync(first);
                var proof = await prover.ConsistencyAsync(first, size);
                MerkleProofs.IsConsistent(first, before, size, root, proof).ShouldBeTrue($"{first} to {size}");
                MerkleProofs.IsConsistent(first, before, size, MerkleHash.Leaf([255]), proof).ShouldBe(first == 0, $"{first} to {size}");
                MerkleProofs.IsConsistent(first, MerkleHash.Leaf([255]), size, root, proof).ShouldBeFalse();
                if (proof.Count > 0) MerkleProofs.IsConsistent(first, before, size, root, Broken(proof)).ShouldBeFalse();
            }
        }
    }

    [Fact]
    public async Task A_tree_built_in_parts_from_its_partial_tiles_is_the_tree_built_at_once_and_its_tiles_prove_the_same()
    {
        var stored = new Dictionary<(int, long), byte[]>();
        var frontier = new MerkleFrontier();
        var size = 0L;
        // 256 * 256 + 300 leaves reach the third level; the steps end before, on and after the edges of tiles.
        foreach (var step in new[] { 1, 254, 1, 1, 255, 65_000, 24, 300 })
        {
            var partial = ChainTiles.PartialTiles(size).Select(tile => new ChainTile(tile.Level, tile.Number, stored[tile], []));
            var tiles = new ChainTiles(size, partial, tile => stored[(tile.Level, tile.Number)] = tile.Hashes);
            for (var i = 0; i < step; i++)
            {
                var leaf = MerkleHash.Leaf(BitConverter.GetBytes(size++));
                frontier.Append(leaf);
                tiles.Append(size, leaf);
            }

            foreach (var tile in tiles.Partial()) stored[(tile.Level, tile.Number)] = tile.Hashes;
            tiles.Root().ShouldBe(frontier.Root());
        }

        stored.Keys.Max(key => key.Item1).ShouldBe(2);
        var prover = new MerkleProver(ChainTiles.SubtreesOf((level, number) => ValueTask.FromResult(stored[(level, number)])));
        (await prover.RootAsync(size)).ShouldBe(frontier.Root());
        foreach (var index in new[] { 0L, 255, 256, 65_535, 65_536, size - 1 })
            MerkleProofs.IsIncluded(MerkleHash.Leaf(BitConverter.GetBytes(index)), index, size, await prover.InclusionAsync(index, size), frontier.Root()).ShouldBeTrue();
    }

    private static IReadOnlyList<byte[]> Broken(IReadOnlyList<byte[]> proof)
    {
        var last = proof[^1].ToArray();
        last[7] ^= 1;
        return [.. proof.SkipLast(1), last];
    }

    /// <summary>Subtrees by the definition, from the leaves alone.</summary>
    private static MerkleProver ProverOf(byte[][] inputs)
    {
        return new MerkleProver((level, index) => ValueTask.FromResult(Subtree(level, index)));

        byte[] Subtree(int level, long index) =>
            level == 0 ? MerkleHash.Leaf(inputs[index]) : MerkleHash.Node(Subtree(level - 1, 2 * index), Subtree(level - 1, (2 * index) + 1));
    }
}
