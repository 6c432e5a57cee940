namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>The leaves that the tree remembers, one after another; of tiles that are missing or too short, what is there.</summary>
/// <param name="tables">The tree's tables.</param>
/// <param name="size">How many leaves are asked for.</param>
internal sealed class SealedLeaves(ChainTables tables, long size)
{
    private const int TilesAtOnce = 256;

    private readonly Queue<ChainTile> _tiles = new();
    private long _next;
    private int _at = -1;
    private ChainTile? _tile;

    public bool HasCurrent => _tile is not null;

    public long Position => _tile!.Positions[_at];

    public ReadOnlyMemory<byte> Hash => _tile!.Hashes.AsMemory(_at * MerkleHash.Size, MerkleHash.Size);

    /// <summary>Moves to the next leaf; afterwards <see cref="HasCurrent"/> tells whether there is one.</summary>
    public ValueTask MoveAsync(CancellationToken cancellation)
    {
        _at++;
        return _tile is not null && _at < LeavesIn(_tile) ? ValueTask.CompletedTask : new ValueTask(NextTileAsync(cancellation));
    }

    private async Task NextTileAsync(CancellationToken cancellation)
    {
        do
        {
            if (_tiles.Count == 0 && _next * ChainTiles.Width < size)
            {
                foreach (var tile in await tables.ReadTilesAsync(0, _next, TilesAtOnce, cancellation)) _tiles.Enqueue(tile);
                _next += TilesAtOnce;
            }

            _tile = _tiles.TryDequeue(out var next) ? next : null;
            _at = 0;
        }
        while (_tile is null ? _next * ChainTiles.Width < size : LeavesIn(_tile) == 0);
    }

    /// <summary>A head in the middle of a tile speaks for its beginning only.</summary>
    private int LeavesIn(ChainTile tile) =>
        (int)Math.Clamp(size - (tile.Number * ChainTiles.Width), 0, Math.Min(tile.Hashes.Length / MerkleHash.Size, tile.Positions.Length));
}
