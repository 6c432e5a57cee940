using System.Collections.Concurrent;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// Copies what is live into memory of its own and repairs the graph: what was linked to a removed place is linked to where that place
/// led (as FreshDiskANN does: Singh and others, 2021). Readers go on with the old memory.
/// </summary>
internal static class VectorCompaction
{
    /// <summary>A chain of removed places is followed no further than so many of them.</summary>
    private const int MostRemovedFollowed = 256;

    public static VectorSnapshot Of(VectorSnapshot old, VectorIndexOptions options)
    {
        int[] places = [.. old.Live.Places()];
        var newPlaces = new int[old.Count];
        Array.Fill(newPlaces, -1);
        for (var i = 0; i < places.Length; i++) newPlaces[places[i]] = i;
        var rows = new VectorRows(
            [.. Enumerable.Range(0, (places.Length + VectorBlock.Mask) >> VectorBlock.Shift).Select(_ => new VectorBlock(old.Rows.Dimensions))],
            old.Rows.Dimensions);
        var live = PlaceSet.Of(places.Length);
        for (var i = 0; i < places.Length; i++)
        {
            rows.Copy(old.Rows, places[i], i);
            live.Add(i);
        }
        var held = new ConcurrentDictionary<string, HeldVector>(StringComparer.Ordinal);
        foreach (var (id, vector) in old.Held) held[id] = new(vector.Version, vector.Place < 0 ? -1 : newPlaces[vector.Place]);
        var graph = old.Graph is { } links && places.Length > options.ScanUpTo / 2 ? Repaired(links, rows, places, newPlaces, live, options) : null;
        return new(rows, places.Length, live, places.Length, graph, old.Attributes.Moved(newPlaces), held);
    }

    private static HnswGraph Repaired(HnswGraph old, VectorRows rows, int[] places, int[] newPlaces, PlaceSet live, VectorIndexOptions options)
    {
        var graph = new HnswGraph(rows, old.LinksAbove, -1, 0);
        for (var place = 0; place < places.Length; place++)
        {
            var level = old.LevelOf(places[place]);
            graph.Open(place, level);
            if (graph.Entry < 0 || level > graph.Top) graph = graph with { Entry = place, Top = level };
        }
        Parallel.ForEach(
            Partitioner.Create(0, places.Length), new ParallelOptions { MaxDegreeOfParallelism = options.BuildThreads }, range =>
            {
                for (var place = range.Item1; place < range.Item2; place++)
                    for (var level = old.LevelOf(places[place]); level >= 0; level--)
                        Repair(old, graph, places[place], place, level, newPlaces);
            });
        // What no link leads to any longer is linked as if it were new.
        var reached = PlaceSet.Of(places.Length);
        for (var place = 0; place < places.Length; place++)
            foreach (var neighbour in graph.Links(place, 0))
                reached.Add(neighbour);
        return new GraphBuilder(options).Link(
            graph, Enumerable.Range(0, places.Length).Where(place => !reached.Has(place) || graph.Links(place, 0).Length == 0), live, places.Length);
    }

    private static void Repair(HnswGraph old, HnswGraph graph, int oldPlace, int place, int level, int[] newPlaces)
    {
        var (neighbours, removed) = (new HashSet<int>(), new List<int>());
        Sort(old.Links(oldPlace, level));
        if (removed.Count == 0)
        {
            graph.SetLinks(place, level, neighbours.ToArray());
            return;
        }
        for (var i = 0; i < Math.Min(removed.Count, MostRemovedFollowed); i++) Sort(old.Links(removed[i], level));
        var search = GraphSearch.Rent();
        search.Aim(graph.Rows, place, 0);
        ulong[] candidates = [.. neighbours.Select(neighbour => search.Compare(graph.Rows, neighbour))];
        search.Return();
        var choice = new LinkChoice();
        choice.Sort(candidates, place);
        graph.SetLinks(place, level, choice.Choose(graph.Rows, candidates, graph.Width(level)));

        void Sort(ReadOnlySpan<int> links)
        {
            foreach (var link in links)
                if (newPlaces[link] is >= 0 and var neighbour)
                {
                    if (neighbour != place) neighbours.Add(neighbour);
                }
                else if (!removed.Contains(link))
                    removed.Add(link);
        }
    }
}
