using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Text;

/// <summary>
/// A text index in this process's memory: an inverted index in segments, ranked by BM25F. Readers work on an immutable snapshot
/// and never wait; a batch of writes becomes a new segment, and small segments are merged into larger ones.
/// </summary>
public sealed class EmbeddedTextIndex : ITextIndex
{
    // Segments of like size are merged when so many have gathered: each document is copied about log8(n) times in its life.
    private const int MergeFactor = 8;

    private readonly TextIndexOptions _options;
    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, Held> _held = new();
    private volatile TextSnapshot _snapshot;

    /// <summary>Makes an empty index.</summary>
    /// <exception cref="ArgumentException">The options have no field, or a weight out of its range.</exception>
    public EmbeddedTextIndex(TextIndexOptions options)
    {
        if (TextIndexOptions.WhatIsWrongWith(options) is { } wrong) throw new ArgumentException(wrong, nameof(options));
        _options = options;
        _snapshot = new([], 0, new long[options.Fields.Count]);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_writing) return ValueTask.FromResult<IReadOnlyList<WriteResult>>(Write(writes));
    }

    /// <inheritdoc/>
    public ValueTask<TextMatches> SearchAsync(TextQuery query, CancellationToken cancellationToken = default)
    {
        var snapshot = _snapshot;
        var terms = QueryTerms.Parse(query, snapshot, _options.Analyzer);
        return ValueTask.FromResult(new Bm25FSearch(snapshot, _options, terms, cancellationToken).Run(query.Limit));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SearchDocument>> FindAsync(
        IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        var found = new List<SearchDocument>(ids.Count);
        foreach (var id in ids)
            if (_held.TryGetValue(id, out var held) && held.Segment is { } segment)
                found.Add(segment.Documents[held.Place]);
        return ValueTask.FromResult<IReadOnlyList<SearchDocument>>(found);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SearchDocument> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        foreach (var view in _snapshot.Views)
            for (var place = 0; place < view.Segment.Documents.Length; place++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!view.IsDeleted(place)) yield return view.Segment.Documents[place];
            }
    }

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult((long)_snapshot.Count);

    private WriteResult[] Write(IReadOnlyList<DocumentWrite> writes)
    {
        var results = new WriteResult[writes.Count];
        // The last accepted write of an id in the batch is the one that counts.
        var accepted = new Dictionary<string, DocumentWrite>();
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Judge(writes[i], accepted);
            if (results[i].Status == WriteStatus.Applied) accepted[writes[i].Id] = writes[i];
        }
        if (accepted.Count > 0) Publish(accepted.Values);
        return results;
    }

    private WriteResult Judge(DocumentWrite write, Dictionary<string, DocumentWrite> accepted)
    {
        if (string.IsNullOrEmpty(write.Id)) return WriteResult.Failed("A document has no id.");
        var newest = accepted.TryGetValue(write.Id, out var earlier) ? earlier.Version
            : _held.TryGetValue(write.Id, out var held) ? held.Version
            : long.MinValue;
        return write.Version < newest ? WriteResult.Stale : WriteResult.Applied;
    }

    private void Publish(IReadOnlyCollection<DocumentWrite> writes)
    {
        var lengths = _snapshot.FieldLengths.ToArray();
        var gone = new Dictionary<Segment, List<int>>();
        foreach (var write in writes)
        {
            if (!_held.TryGetValue(write.Id, out var held) || held.Segment is not { } segment) continue;
            (CollectionsMarshal.GetValueRefOrAddDefault(gone, segment, out _) ??= []).Add(held.Place);
            Sum(lengths, segment.Lengths(held.Place), -1);
        }
        var views = new List<SegmentView>();
        foreach (var view in _snapshot.Views) views.Add(gone.TryGetValue(view.Segment, out var places) ? view.Without(places) : view);
        foreach (var write in writes)
            if (write.Document is null)
                _held[write.Id] = new(write.Version, null, 0);
        AddSegment(writes, views, lengths);
        Merge(views);
        _snapshot = new([.. views], views.Sum(v => v.Live), lengths);
    }

    private void AddSegment(IReadOnlyCollection<DocumentWrite> writes, List<SegmentView> views, long[] lengths)
    {
        var documents = writes.Where(w => w.Document is not null).Select(w => w.Document!).ToList();
        if (documents.Count == 0) return;
        var segment = Segment.Build(documents, _options);
        for (var place = 0; place < documents.Count; place++) Sum(lengths, segment.Lengths(place), +1);
        views.Add(Locate(segment));
    }

    // Merges within the writer's turn: readers go on with the snapshot before it.
    private void Merge(List<SegmentView> views)
    {
        views.RemoveAll(v => v.Live == 0);
        for (var i = 0; i < views.Count; i++)
            if (views[i].Live * 2 < views[i].Segment.Documents.Length)
                views[i] = Locate(Segment.Merge([views[i]], _options));
        var size = MergeFactor;
        while (views.Count >= MergeFactor)
        {
            var small = views.Where(v => v.Live < size).ToList();
            if (small.Count >= MergeFactor)
            {
                views.RemoveAll(small.Contains);
                views.Add(Locate(Segment.Merge(small, _options)));
            }
            if (small.Count == views.Count) return;
            size *= MergeFactor;
        }
    }

    private SegmentView Locate(Segment segment)
    {
        for (var place = 0; place < segment.Documents.Length; place++)
        {
            var document = segment.Documents[place];
            _held[document.Id] = new(document.Version, segment, place);
        }
        return new(segment);
    }

    private static void Sum(long[] totals, ReadOnlySpan<int> lengths, int sign)
    {
        for (var i = 0; i < lengths.Length; i++) totals[i] += sign * lengths[i];
    }

    /// <summary>The newest version of an id, and where its document stands; no segment for a deleted one.</summary>
    private readonly record struct Held(long Version, Segment? Segment, int Place);
}
