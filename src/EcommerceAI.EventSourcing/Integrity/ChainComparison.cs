namespace EcommerceAI.EventSourcing.Integrity;

/// <summary>How an event and the leaf of its position differ.</summary>
internal enum LeafDifference
{
    Changed,
    Removed,
    Inserted,
}

/// <summary>
/// Walks the log and the leaves that the tree remembers side by side, in order of position, and builds a tree of each. Which of the two
/// is right, the heads tell afterwards.
/// </summary>
internal sealed class ChainComparison
{
    private readonly Queue<ChainHead> _logHeads;
    private readonly Queue<ChainHead> _treeHeads;
    private readonly MerkleFrontier _log = new();
    private readonly ChainTiles _tree;
    private readonly MerkleFrontier _leaves = new();

    /// <param name="heads">The heads to compare both with, rising.</param>
    /// <param name="whole">Given every tile of the remembered leaves, as it follows from them.</param>
    public ChainComparison(IReadOnlyCollection<ChainHead> heads, Action<ChainTile> whole)
    {
        (_logHeads, _treeHeads) = (new(heads), new(heads));
        _tree = new ChainTiles(0, [], whole);
    }

    /// <summary>Where they differ, the first thousand.</summary>
    public List<(LeafDifference Difference, long Position)> Differences { get; } = [];

    public long DifferenceCount { get; private set; }

    /// <summary>The first head that the log does not fit, or null.</summary>
    public ChainHead? LogFailsAt { get; private set; }

    /// <summary>The last head that the log does fit, or null.</summary>
    public ChainHead? LogFits { get; private set; }

    /// <summary>The first head that the remembered leaves do not fit, or null.</summary>
    public ChainHead? TreeFailsAt { get; private set; }

    /// <summary>How many events the log has.</summary>
    public long Events => _log.Count;

    /// <summary>The partial tiles of the remembered leaves, as they follow from them.</summary>
    public IEnumerable<ChainTile> PartialTiles => _tree.Partial();

    /// <summary>Takes an event of the log, in the form that counts, after every remembered leaf below it was taken.</summary>
    public void AddEvent(ReadOnlySpan<byte> hash)
    {
        _log.Append(hash);
        while (_logHeads.TryPeek(out var head) && head.Size <= _log.Count)
        {
            _logHeads.Dequeue();
            if (head.Size == _log.Count && Convert.ToHexStringLower(_log.Root()) == head.Root)
                LogFits = LogFailsAt is null ? head : LogFits;
            else
                LogFailsAt ??= head;
        }
    }

    /// <summary>Takes a leaf that the tree remembers.</summary>
    public void AddLeaf(long position, ReadOnlySpan<byte> hash)
    {
        _tree.Append(position, hash);
        _leaves.Append(hash);
        while (_treeHeads.TryPeek(out var head) && head.Size <= _leaves.Count)
        {
            _treeHeads.Dequeue();
            if (Convert.ToHexStringLower(_leaves.Root()) != head.Root || head.Position != position) TreeFailsAt ??= head;
        }
    }

    public void AddDifference(LeafDifference difference, long position)
    {
        DifferenceCount++;
        if (Differences.Count < ChainFindings.Kept) Differences.Add((difference, position));
    }

    /// <summary>Nothing follows: heads of more than there was are failed.</summary>
    public void End()
    {
        if (_logHeads.TryPeek(out var log)) LogFailsAt ??= log;
        if (_treeHeads.TryPeek(out var tree)) TreeFailsAt ??= tree;
    }
}
