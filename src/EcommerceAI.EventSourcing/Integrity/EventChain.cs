using EcommerceAI.EventSourcing.Store;
using Npgsql;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>That an event is in the log under a head. Checked with <see cref="MerkleProofs.IsIncluded"/>.</summary>
/// <param name="Position">The event's position.</param>
/// <param name="Index">Its place among all events, from 0.</param>
/// <param name="Leaf">The hash of its leaf.</param>
/// <param name="Path">The audit path.</param>
/// <param name="Head">The head.</param>
public sealed record ChainInclusion(long Position, long Index, byte[] Leaf, IReadOnlyList<byte[]> Path, ChainHead Head);

/// <summary>
/// A Merkle tree that follows the log, and signed heads of it, in the database and in a file outside. What is below a head cannot be
/// changed, removed or inserted without <see cref="ChainVerification"/> finding it.
/// </summary>
public sealed class EventChain
{
    /// <summary>Events in one transaction, and so between two heads of a long backlog.</summary>
    private const int PageSize = 100_000;

    private readonly EventStore _store;

    /// <summary>Takes a store, and where its keys and heads lie.</summary>
    /// <param name="store">The event store.</param>
    /// <param name="folder">The folder of keys, and of the heads unless <paramref name="headsFile"/> names another place.</param>
    /// <param name="headsFile">The file of heads outside the database, or null for <c>heads.ndjson</c> in the folder.</param>
    public EventChain(EventStore store, string folder, string? headsFile = null)
    {
        _store = store;
        Keys = new ChainKeys(folder);
        Published = new PublishedHeads(headsFile ?? Path.Combine(folder, "heads.ndjson"));
    }

    /// <summary>The folder of the chain in the folder of what a host keeps on this machine.</summary>
    /// <param name="dataFolder">As of <see cref="Postgres.EventStoreDatabase.FolderOf"/>.</param>
    public static string FolderIn(string dataFolder) => Path.Combine(dataFolder, "chain");

    /// <summary>The keys that sign, and those that are trusted.</summary>
    public ChainKeys Keys { get; }

    /// <summary>The heads outside the database.</summary>
    public PublishedHeads Published { get; }

    /// <summary>The newest head, or null when nothing is sealed yet.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<ChainHead?> FindHeadAsync(CancellationToken cancellation = default)
    {
        await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
        return await new ChainTables(connection).FindLastHeadAsync(cancellation);
    }

    /// <summary>Brings the tree up to the high-water mark, signs a head, and publishes it. Does nothing where nothing is new.</summary>
    /// <param name="progress">Told the position after each transaction.</param>
    /// <param name="cancellation">Gives up between transactions.</param>
    /// <returns>The newest head, or null for an empty log.</returns>
    /// <exception cref="ChainException">The tree does not fit the last head or the published ones, so that it must not be signed over.</exception>
    public async Task<ChainHead?> SealAsync(IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        var mark = await _store.HighWater.ReadAsync(cancellation);
        // What was published before must be in the tree before more is: a database that was put back is not signed anew.
        await PublishAsync(cancellation);
        ChainHead? head;
        bool isMore;
        do
        {
            (head, isMore) = await SealPageAsync(mark, cancellation);
            if (head is not null) progress?.Report(head.Position);
        }
        while (isMore);
        await PublishAsync(cancellation);
        return head;
    }

    /// <summary>Proves that an event is under the newest head.</summary>
    /// <param name="position">The event's position.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The proof, or null when no event of that position is sealed.</returns>
    public async Task<ChainInclusion?> ProveInclusionAsync(long position, CancellationToken cancellation = default)
    {
        await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
        var tables = new ChainTables(connection);
        if (await tables.FindLastHeadAsync(cancellation) is not { } head || await FindLeafAsync(connection, position, cancellation) is not { } leaf)
            return null;
        var path = await tables.Prover(cancellation).InclusionAsync(leaf.Index, head.Size);
        return new ChainInclusion(position, leaf.Index, leaf.Hash, path, head);
    }

    /// <summary>Proves that the newest head's log begins with that of an older one. Checked with <see cref="MerkleProofs.IsConsistent"/>.</summary>
    /// <param name="size">The older head's size; not above the newest one's.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<(ChainHead Head, IReadOnlyList<byte[]> Proof)> ProveConsistencyAsync(long size, CancellationToken cancellation = default)
    {
        await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
        var tables = new ChainTables(connection);
        var head = await tables.FindLastHeadAsync(cancellation) ?? throw new ChainException("Nothing is sealed yet.");
        return (head, await tables.Prover(cancellation).ConsistencyAsync(size, head.Size));
    }

    /// <summary>Place and hash of a sealed event's leaf, or null.</summary>
    internal static async Task<(long Index, byte[] Hash)?> FindLeafAsync(NpgsqlConnection connection, long position, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select case when positions @> $1::bigint then number end from bookkeeping.chain_tiles
            where level = 0 and lower(positions) <= $1::bigint order by lower(positions) desc limit 1
            """,
            connection);
        command.Parameters.AddWithValue(position);
        if (await command.ExecuteScalarAsync(cancellation) is not long number) return null;
        var tile = (await new ChainTables(connection).ReadTilesAsync(0, number, 1, cancellation))[0];
        var place = Array.IndexOf(tile.Positions, position);
        return ((number * ChainTiles.Width) + place, tile.Hashes.AsSpan(place * MerkleHash.Size, MerkleHash.Size).ToArray());
    }

    private async Task<(ChainHead? Head, bool IsMore)> SealPageAsync(long mark, CancellationToken cancellation)
    {
        await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var tables = new ChainTables(connection);
        await tables.LockAsync(cancellation);
        var origin = await tables.EnsureOriginAsync(cancellation);
        var last = await tables.FindLastHeadAsync(cancellation);
        var page = await (await EventLeaves.OverAsync(connection, cancellation)).ReadAsync(last?.Position ?? 0, mark, PageSize, cancellation);
        if (page.Positions.Count == 0) return (last, false);

        var written = new List<ChainTile>();
        var tree = new ChainTiles(last?.Size ?? 0, await tables.ReadEdgeAsync(last?.Size ?? 0, cancellation), written.Add);
        RequireUntouched(last, tree);
        for (var i = 0; i < page.Positions.Count; i++) tree.Append(page.Positions[i], page.HashAt(i).Span);
        written.AddRange(tree.Partial());
        await tables.WriteTilesAsync(written, cancellation);

        var unsigned = new ChainHead(
            origin, tree.Count, Convert.ToHexStringLower(tree.Root()), page.Positions[^1], await tables.ReadClockAsync(cancellation), "", "");
        var (key, signature) = Keys.Sign(id => (unsigned with { Key = id }).SignedText());
        var head = unsigned with { Key = key, Signature = signature };
        await tables.WriteHeadAsync(head, cancellation);
        await transaction.CommitAsync(CancellationToken.None);
        return (head, page.Positions.Count == PageSize);
    }

    /// <summary>A tree that somebody has changed must not get a new, good signature.</summary>
    private void RequireUntouched(ChainHead? last, ChainTiles tree)
    {
        if (last is null) return;
        var broken = Keys.Verify(last.Key, last.SignedText(), last.Signature) switch
        {
            null => $"is signed by the key {last.Key}, which is not among the trusted ones: copy its {last.Key}.pub.pem here if it is yours",
            false => "has a false signature",
            true when Convert.ToHexStringLower(tree.Root()) != last.Root => "does not fit the tree's tables",
            true => null,
        };
        if (broken is not null) throw new ChainException($"Nothing is sealed: the head of {last.Size} events {broken}. Run `verify --chain`.");
    }

    /// <summary>Appends to the file what the database has and the file has not: a crash between the two loses no head.</summary>
    private Task PublishAsync(CancellationToken cancellation) => Published.AppendAsync(
        async last =>
        {
            await using var connection = await _store.Source.OpenConnectionAsync(cancellation);
            var tables = new ChainTables(connection);
            if (last is null) return await tables.ListHeadsAsync(0, cancellation);
            if (await tables.FindOriginAsync(cancellation) is var origin && origin != last.Origin)
                throw new ChainException(
                    $"{Published.File} speaks for the log {last.Origin}, this is {(origin is null ? "one that was never sealed" : origin)}: name another file with --heads, or find out who replaced the database.");
            // From the last published one on, and with it: it must be there as it was published.
            var heads = await tables.ListHeadsAsync(last.Size - 1, cancellation);
            return heads is [var same, ..] && same == last
                ? heads[1..]
                : throw new ChainException(
                    $"{Published.File} ends with a head of {last.Size} events that the database does not have: it was put back or replaced. Run `verify --chain`.");
        },
        cancellation);
}
