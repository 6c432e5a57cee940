using System.Collections.Concurrent;

namespace EcommerceAI.Search.Vectors;

/// <summary>The next snapshot while it is written. What it adds lies behind what readers of earlier ones look at.</summary>
internal sealed class VectorDraft
{
    private readonly VectorIndexOptions _options;
    private readonly GraphBuilder _builder;
    private readonly int _published;
    private readonly ConcurrentDictionary<string, HeldVector> _held;
    private readonly AttributeColumns _attributes;
    private VectorRows _rows;
    private HnswGraph? _graph;
    private PlaceSet _live;
    private int _liveCount;
    private int _count;

    public VectorDraft(VectorSnapshot before, VectorIndexOptions options, long written)
    {
        (_options, _builder, Written) = (options, new(options), written);
        (_rows, _count, _liveCount, _graph, _attributes, _held) =
            (before.Rows, before.Count, before.LiveCount, before.Graph, before.Attributes, before.Held);
        _published = _count;
        _live = before.Live.Copy(_count);
    }

    /// <summary>How many vectors were ever written.</summary>
    public long Written { get; private set; }

    /// <summary>Takes a write, unless a newer one was taken already.</summary>
    /// <param name="write">The write.</param>
    /// <param name="length">The vector's length, 0 where there is none to be found by.</param>
    public bool Put(VectorWrite write, float length)
    {
        var before = -1;
        if (_held.TryGetValue(write.Id, out var held))
        {
            if (write.Version < held.Version) return false;
            if (held.Place >= 0 && _live.Has(held.Place))
            {
                _live.Remove(held.Place);
                _liveCount--;
            }
            before = held.Place >= 0 && held.Place < _published ? held.Place : held.Before;
        }
        // The row is whole before a filter by ids can name its place.
        var place = length > 0 ? Add(write, length) : -1;
        _held[write.Id] = new(write.Version, place, before);
        return true;
    }

    /// <summary>Links what was added, closes the gaps where there are many, and gives the snapshot.</summary>
    public VectorSnapshot Finish()
    {
        if (_liveCount == 0) return new(new([], _rows.Dimensions), 0, PlaceSet.Empty, 0, null, new(), Placeless());
        LinkAdded();
        var snapshot = new VectorSnapshot(_rows, _count, _live, _liveCount, _graph, _attributes, _held);
        return (_count - _liveCount) * 3 > _count ? VectorCompaction.Of(snapshot, _options) : snapshot;
    }

    private int Add(VectorWrite write, float length)
    {
        var place = _count++;
        if (place >> VectorBlock.Shift == _rows.Blocks.Length)
        {
            _rows = _rows.WithBlock();
            if (_graph is { } graph) _graph = graph with { Rows = _rows };
        }
        _rows.Write(place, write.Id, write.Vector!.Value.Span, length);
        if (write.Document is { } document) _attributes.Add(place, document);
        _graph?.Open(place, _builder.DrawLevel(Written));
        Written++;
        if (place >> 6 >= _live.Words.Length) _live = _live.Copy(2 * _count + 64);
        _live.Add(place);
        _liveCount++;
        return place;
    }

    private void LinkAdded()
    {
        if (_graph is { } graph) _graph = _builder.Link(graph, Enumerable.Range(_published, _count - _published), _live, _count);
        else if (_liveCount > _options.ScanUpTo)
        {
            graph = new(_rows, _options.Links, -1, 0);
            for (var place = 0; place < _count; place++) graph.Open(place, _builder.DrawLevel(Written - _count + place));
            _graph = _builder.Link(graph, Enumerable.Range(0, _count), _live, _count);
        }
    }

    private ConcurrentDictionary<string, HeldVector> Placeless() =>
        new(_held.Select(held => KeyValuePair.Create(held.Key, new HeldVector(held.Value.Version, -1))), StringComparer.Ordinal);
}
