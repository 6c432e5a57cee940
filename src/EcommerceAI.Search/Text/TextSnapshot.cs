using System.Numerics;

namespace EcommerceAI.Search.Text;

/// <summary>A segment and the places in it that have since been deleted or replaced. Never changed; a deletion makes a new view.</summary>
internal sealed class SegmentView
{
    private readonly ulong[]? _deleted;

    public SegmentView(Segment segment, ulong[]? deleted = null)
    {
        Segment = segment;
        _deleted = deleted;
        Live = segment.Documents.Length - (deleted?.Sum(BitOperations.PopCount) ?? 0);
    }

    public Segment Segment { get; }

    /// <summary>How many of the segment's documents are left.</summary>
    public int Live { get; }

    public bool IsDeleted(int place) => _deleted is not null && (_deleted[place >> 6] & (1UL << place)) != 0;

    /// <summary>This view with more places deleted.</summary>
    public SegmentView Without(IReadOnlyCollection<int> places)
    {
        var deleted = new ulong[(Segment.Documents.Length + 63) / 64];
        _deleted?.CopyTo(deleted, 0);
        foreach (var place in places) deleted[place >> 6] |= 1UL << place;
        return new(Segment, deleted);
    }

    /// <summary>How many of the documents whose bits are set are left.</summary>
    public int CountLive(ulong[] places)
    {
        var count = 0;
        for (var i = 0; i < places.Length; i++) count += BitOperations.PopCount(places[i] & ~(_deleted?[i] ?? 0));
        return count;
    }

    /// <summary>In how many of the documents left a term stands: exact, for counts that drift make scores nobody can recompute.</summary>
    public int CountLive(PostingsList postings)
    {
        if (_deleted is null) return postings.Places.Length;
        var count = 0;
        foreach (var place in postings.Places)
            if (!IsDeleted(place))
                count++;
        return count;
    }
}

/// <summary>The whole text index at one moment.</summary>
/// <param name="Views">The segments, oldest first.</param>
/// <param name="Count">How many documents are in it.</param>
/// <param name="FieldLengths">The number of words over all documents, by field.</param>
internal sealed record TextSnapshot(SegmentView[] Views, int Count, long[] FieldLengths)
{
    /// <summary>In how many documents a term stands.</summary>
    public int DocumentFrequency(string term)
    {
        var count = 0;
        foreach (var view in Views)
            if (view.Segment.Find(term) is { } postings)
                count += view.CountLive(postings);
        return count;
    }
}
