using EcommerceAI.Search.Understanding;

namespace EcommerceAI.Search.Queries;

/// <summary>A fused result as it was when its first page was given.</summary>
internal sealed record PinnedResult(
    string Text, UnderstoodQuery? Understood, IReadOnlyList<SearchHit> Hits, IReadOnlyList<DegradedLeg> Degraded);

/// <summary>
/// The results whose further pages may be asked for: bounded by the number of hits and by time, the longest unused going first.
/// (The framework's MemoryCache turns the newest away when it is full, so that under load every cursor would be dead at birth.)
/// </summary>
internal sealed class PinnedResults(int mostHits, TimeSpan lifetime, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _byUse = [];
    private long _hits;

    /// <summary>Keeps a result and gives the id under which it is found again.</summary>
    public Guid Pin(PinnedResult result)
    {
        var entry = new Entry(Guid.NewGuid(), result) { LastUse = time.GetTimestamp() };
        lock (_gate)
        {
            _byId[entry.Id] = _byUse.AddLast(entry);
            _hits += result.Hits.Count;
            // The newest stays however large it is, else its own cursor would be dead at birth.
            while (_byUse.First is { } oldest && oldest.Value != entry && (_hits > mostHits || IsExpired(oldest.Value))) Remove(oldest);
        }
        return entry.Id;
    }

    /// <summary>The result, or null when it is no longer kept.</summary>
    public PinnedResult? Find(Guid id)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var node)) return null;
            if (IsExpired(node.Value))
            {
                Remove(node);
                return null;
            }
            node.Value.LastUse = time.GetTimestamp();
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Result;
        }
    }

    private bool IsExpired(Entry entry) => time.GetElapsedTime(entry.LastUse) > lifetime;

    private void Remove(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _byId.Remove(node.Value.Id);
        _hits -= node.Value.Result.Hits.Count;
    }

    private sealed class Entry(Guid id, PinnedResult result)
    {
        public Guid Id => id;

        public PinnedResult Result => result;

        public long LastUse { get; set; }
    }
}
