using System.Runtime.InteropServices;

namespace EcommerceAI.EventSourcing.Projections.Documents;

/// <summary>A document and how far its events have been folded.</summary>
/// <typeparam name="TDocument">The document.</typeparam>
/// <param name="Id">Its id.</param>
/// <param name="Version">The stream's version, or the number of events where several streams go into one document; 1 or more.</param>
/// <param name="Position">The position of the last event that went into it.</param>
/// <param name="Value">The document.</param>
public sealed record Document<TDocument>(string Id, long Version, long Position, TDocument Value);

/// <summary>Documents in memory while events are folded into them. Not for several threads at once.</summary>
internal sealed class DocumentFold<TDocument>(DocumentProjection<TDocument> projection)
    where TDocument : class
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>How many documents are in memory, those that are known to be absent included.</summary>
    public int Count => _entries.Count;

    /// <summary>The ids of documents that must be looked up in the table before these events are folded.</summary>
    public string[] Unknown(List<DocumentTouch> touches)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var (id, @event) in touches)
        {
            if (_entries.ContainsKey(id) || !known.Add(id) || projection.IsFirst(@event)) continue;
            unknown.Add(id);
        }

        return [.. unknown];
    }

    /// <summary>Takes a document as the table has it.</summary>
    public void Take(string id, long version, long position, TDocument document) =>
        _entries[id] = new Entry { Version = version, Position = position, Document = document, IsStored = true };

    /// <summary>Folds one event.</summary>
    public void Apply(in DocumentTouch touch)
    {
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_entries, touch.Id, out _);
        entry ??= new Entry();
        entry.Document = projection.Evolve(entry.Document ?? projection.Initial(touch.Id), touch.Event);
        entry.Version = entry.Document is null ? 0 : projection.VersionAfter(entry.Version, touch.Event);
        entry.Position = touch.Event.Position;
        entry.IsChanged = true;
    }

    /// <summary>A document that is there, or null.</summary>
    public Document<TDocument>? Find(string id) =>
        _entries.TryGetValue(id, out var entry) && entry.Document is { } document ? new(id, entry.Version, entry.Position, document) : null;

    /// <summary>What was changed and is there, by id as the table orders it: rows that come in order fill an index at its right end.</summary>
    public List<Document<TDocument>> Changed()
    {
        var changed = new List<Document<TDocument>>();
        foreach (var (id, entry) in _entries)
        {
            if (entry is { IsChanged: true, Document: { } document }) changed.Add(new(id, entry.Version, entry.Position, document));
        }

        changed.Sort((one, other) => string.CompareOrdinal(one.Id, other.Id));
        return changed;
    }

    /// <summary>The ids of what the table has and is deleted.</summary>
    public string[] Deleted() => [.. _entries.Where(pair => pair.Value is { IsStored: true, Document: null }).Select(pair => pair.Key)];

    /// <summary>Forgets everything, once it has been written.</summary>
    public void Clear() => _entries.Clear();

    private sealed class Entry
    {
        public TDocument? Document { get; set; }

        public long Version { get; set; }

        public long Position { get; set; }

        public bool IsStored { get; init; }

        public bool IsChanged { get; set; }
    }
}
