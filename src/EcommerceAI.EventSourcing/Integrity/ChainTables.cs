using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>The chain's tables in the bookkeeping schema, over one connection and whatever transaction it has.</summary>
internal sealed class ChainTables(NpgsqlConnection connection)
{
    /// <summary>Sealing and redacting wait for each other; any number that nobody else uses.</summary>
    private const long Lock = 0x434841494E;

    private const string HeadColumns = "size, root, position, sealed, key, signature";

    /// <summary>In one statement, and so in one snapshot: the first head is made together with the log's id.</summary>
    private const string SelectHeads = $"select {HeadColumns}, (select origin from bookkeeping.chain_log) from bookkeeping.chain_heads";

    /// <summary>Until the transaction ends, nobody else seals or redacts.</summary>
    public async Task LockAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand($"select pg_advisory_xact_lock({Lock})", connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The log's own id, or null before its first seal.</summary>
    public async Task<Guid?> FindOriginAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select origin from bookkeeping.chain_log", connection);
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    /// <summary>The log's own id, made where there is none.</summary>
    public async Task<Guid> EnsureOriginAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("insert into bookkeeping.chain_log default values on conflict do nothing", connection);
        await command.ExecuteNonQueryAsync(cancellation);
        return (await FindOriginAsync(cancellation))!.Value;
    }

    /// <summary>The newest head, or null.</summary>
    public async Task<ChainHead?> FindLastHeadAsync(CancellationToken cancellation) =>
        await ReadHeadsAsync($"{SelectHeads} order by size desc limit 1", 0, cancellation) is [var head] ? head : null;

    /// <summary>The heads larger than a size, rising.</summary>
    public Task<List<ChainHead>> ListHeadsAsync(long after, CancellationToken cancellation) =>
        ReadHeadsAsync($"{SelectHeads} where size > $1 order by size", after, cancellation);

    public async Task WriteHeadAsync(ChainHead head, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"insert into bookkeeping.chain_heads ({HeadColumns}) values ($1, $2, $3, $4, $5, $6)", connection);
        foreach (var value in (object[])[head.Size, head.Root, head.Position, head.Sealed.UtcDateTime, head.Key, head.Signature])
            command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The moment by the database's clock.</summary>
    public async Task<DateTimeOffset> ReadClockAsync(CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetFieldValue<DateTimeOffset>(0);
    }

    /// <summary>Some tiles of a level, rising; those that are not there are left out.</summary>
    public async Task<List<ChainTile>> ReadTilesAsync(int level, long from, long count, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select number, hashes, positions from bookkeeping.chain_tiles where level = $1 and number >= $2 and number < $3 order by number", connection);
        command.Parameters.AddWithValue(level);
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(from + count);
        var tiles = new List<ChainTile>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var positions = reader.IsDBNull(2) ? [] : Expand(reader.GetFieldValue<NpgsqlRange<long>[]>(2));
            tiles.Add(new ChainTile(level, reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), positions));
        }

        return tiles;
    }

    /// <summary>The partial tiles at the right edge of a tree; a missing one is left out.</summary>
    public async Task<List<ChainTile>> ReadEdgeAsync(long size, CancellationToken cancellation)
    {
        var tiles = new List<ChainTile>();
        foreach (var (level, number) in ChainTiles.PartialTiles(size)) tiles.AddRange(await ReadTilesAsync(level, number, 1, cancellation));
        return tiles;
    }

    /// <summary>Writes tiles, over partial ones where they are there.</summary>
    public async Task WriteTilesAsync(IReadOnlyCollection<ChainTile> tiles, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into bookkeeping.chain_tiles (level, number, hashes, positions)
            select level, number, hashes, nullif(positions, '')::int8multirange
            from unnest($1::int[], $2::bigint[], $3::bytea[], $4::text[]) as t (level, number, hashes, positions)
            on conflict (level, number) do update set hashes = excluded.hashes, positions = excluded.positions
            """,
            connection);
        command.Parameters.AddWithValue(tiles.Select(tile => tile.Level).ToArray());
        command.Parameters.AddWithValue(tiles.Select(tile => tile.Number).ToArray());
        command.Parameters.AddWithValue(tiles.Select(tile => tile.Hashes).ToArray());
        command.Parameters.AddWithValue(tiles.Select(tile => MultirangeText(tile.Positions)).ToArray());
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The tree's nodes, read from its tiles; each tile is read once.</summary>
    public MerkleProver Prover(CancellationToken cancellation)
    {
        var read = new Dictionary<(int, long), byte[]>();
        return new MerkleProver(ChainTiles.SubtreesOf(async (level, number) =>
        {
            if (read.TryGetValue((level, number), out var known)) return known;
            var tile = (await ReadTilesAsync(level, number, 1, cancellation)).SingleOrDefault()
                ?? throw new ChainException($"The tree's tile {number} of level {level} is missing: run `verify --chain`.");
            return read[(level, number)] = tile.Hashes;
        }));
    }

    private static long[] Expand(NpgsqlRange<long>[] ranges)
    {
        // A damaged range may be endless or huge; a tile has no more than this.
        var positions = new List<long>(ChainTiles.Width);
        foreach (var range in ranges)
        {
            for (var at = range.LowerBound; at < range.UpperBound && !range.LowerBoundInfinite && positions.Count <= ChainTiles.Width; at++) positions.Add(at);
        }

        return [.. positions];
    }

    /// <summary>Consecutive positions as one range: nearly all of a tile's are.</summary>
    private static string MultirangeText(long[] positions)
    {
        if (positions.Length == 0) return "";
        var ranges = new List<string>();
        var first = 0;
        for (var i = 1; i <= positions.Length; i++)
        {
            if (i < positions.Length && positions[i] == positions[i - 1] + 1) continue;
            ranges.Add(string.Create(CultureInfo.InvariantCulture, $"[{positions[first]},{positions[i - 1]}]"));
            first = i;
        }

        return $"{{{string.Join(',', ranges)}}}";
    }

    private async Task<List<ChainHead>> ReadHeadsAsync(string sql, long after, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        if (sql.Contains("$1", StringComparison.Ordinal)) command.Parameters.AddWithValue(after);
        var heads = new List<ChainHead>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            heads.Add(new ChainHead(
                reader.IsDBNull(6) ? Guid.Empty : reader.GetGuid(6), reader.GetInt64(0), reader.GetString(1), reader.GetInt64(2),
                reader.GetFieldValue<DateTimeOffset>(3), reader.GetString(4), reader.GetString(5)));
        return heads;
    }
}
