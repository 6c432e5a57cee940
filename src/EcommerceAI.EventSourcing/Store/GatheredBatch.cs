namespace EcommerceAI.EventSourcing.Store;

/// <summary>
/// Appends that travel in one transaction. They are either all quick (one stream each, its version known) or all need care; the two go
/// by different statements.
/// </summary>
/// <param name="share">
/// After so many appends it takes only those that follow one that is in: they could not travel with anybody else meanwhile.
/// </param>
internal sealed class GatheredBatch(int share)
{
    private const int MostAppends = 512;
    private const int MostEvents = 8192;
    private const long MostBytes = 16 << 20;

    private readonly Dictionary<string, AppendChain> _chains = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _receipts = [];
    private readonly List<PendingAppend> _appends = [];
    private int _events;
    private long _bytes;

    /// <summary>The appends, in the order in which they came.</summary>
    public IReadOnlyList<PendingAppend> Appends => _appends;

    /// <summary>Quick appends by stream; those to one stream follow each other without a gap.</summary>
    public IReadOnlyCollection<AppendChain> Chains => _chains.Values;

    /// <summary>The streams that it writes to; nobody else in this process may at the same time.</summary>
    public IEnumerable<string> Streams => _chains.Keys;

    /// <summary>The receipts that it writes.</summary>
    public IReadOnlyCollection<(string Principal, string Key)> Receipts => _receipts;

    public bool IsEmpty => _appends.Count == 0;

    public bool IsFull => _appends.Count >= MostAppends || _events >= MostEvents || _bytes >= MostBytes || _appends is [{ TravelsAlone: true }];

    /// <summary>Whether an append can go with those that are in; else it waits for one of them, or is of the other kind.</summary>
    public bool Accepts(PendingAppend append)
    {
        if (!IsEmpty && (append.NeedsCare != _appends[0].NeedsCare || append.TravelsAlone)) return false;
        if (append.Request.Receipt is { } receipt && _receipts.Contains((receipt.Principal, receipt.Key))) return false;
        return append.NeedsCare ? FitsWithCare(append) : FitsQuickly(append);
    }

    /// <summary>Takes in an append that it accepts.</summary>
    public void Add(PendingAppend append)
    {
        foreach (var stream in append.Request.Streams)
        {
            if (!_chains.TryGetValue(stream.StreamId, out var chain)) _chains[stream.StreamId] = chain = new AppendChain(stream.StreamId, stream.Expected.Value);
            chain.Add(append, stream.Events.Count);
        }

        if (append.Request.Receipt is { } taken) _receipts.Add((taken.Principal, taken.Key));
        _appends.Add(append);
        _events += append.EventCount;
        _bytes += append.ByteCount;
    }

    private bool FitsWithCare(PendingAppend append)
    {
        if (_appends.Count >= share) return false;
        foreach (var stream in append.Request.Streams)
        {
            if (_chains.ContainsKey(stream.StreamId)) return false;
        }

        return append.After.All(before => before.IsAppended);
    }

    /// <summary>
    /// The first append to its stream, or the next one exactly where the one before it ends: those are decided on one after another
    /// in memory, and written or refused together.
    /// </summary>
    private bool FitsQuickly(PendingAppend append)
    {
        var stream = append.Request.Streams[0];
        var chain = _chains.GetValueOrDefault(stream.StreamId);
        if (chain is null ? _appends.Count >= share : chain.End != stream.Expected.Value) return false;
        foreach (var before in append.After)
        {
            if (!before.IsAppended && chain?.Holds(before) != true) return false;
        }

        return true;
    }
}

/// <summary>Appends to one stream that follow each other without a gap, under one version check.</summary>
/// <param name="streamId">The stream's key.</param>
/// <param name="expected">The version that the first one expects.</param>
internal sealed class AppendChain(string streamId, long expected)
{
    private readonly List<PendingAppend> _links = [];

    public string StreamId { get; } = streamId;

    public long Expected { get; } = expected;

    public int EventCount { get; private set; }

    /// <summary>The stream's version after all of them.</summary>
    public long End => Expected + EventCount;

    public IReadOnlyList<PendingAppend> Links => _links;

    public void Add(PendingAppend append, int events)
    {
        _links.Add(append);
        EventCount += events;
    }

    /// <summary>Asked for the one before the next, so it looks from the end.</summary>
    public bool Holds(PendingAppend append) => _links.LastIndexOf(append) >= 0;
}
