using System.Collections.Concurrent;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// Links places into a graph, some hundred at a time: each finds its neighbours in the graph as it was before the batch, and among
/// the batch by comparing all; then the links back are laid. Both steps run on all threads and neither depends on which thread comes
/// first, so the same writes give the same graph.
/// </summary>
internal sealed class GraphBuilder(VectorIndexOptions options)
{
    private const int BatchSize = 512;

    /// <summary>A level drawn for the n-th vector that was ever written: each next level has one in <see cref="VectorIndexOptions.Links"/>.</summary>
    public int DrawLevel(long number)
    {
        // SplitMix64, then a geometric draw.
        var z = options.Seed + (ulong)(number + 1) * 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        var uniform = (((z ^ (z >> 31)) >> 11) + 1) * (1.0 / (1UL << 53));
        return Math.Min(12, (int)(-Math.Log(uniform) / Math.Log(options.Links)));
    }

    /// <summary>Links places that have room for their links already.</summary>
    /// <param name="graph">The graph they come into.</param>
    /// <param name="places">The places; those that were deleted meanwhile are left out.</param>
    /// <param name="live">What can be found; others are walked through and never linked to.</param>
    /// <param name="count">How many places there are.</param>
    /// <returns>The graph with its entry as it is now.</returns>
    public HnswGraph Link(HnswGraph graph, IEnumerable<int> places, PlaceSet live, int count)
    {
        int[] added = [.. places.Where(live.Has)];
        graph = WithLiveEntry(graph, live, added);
        var linked = live.Count() - added.Length;
        for (var from = 0; from < added.Length;)
        {
            // No batch is larger than what is linked already: the first few hold together what comes later.
            var batch = added.AsSpan(from, Math.Min(added.Length - from, Math.Clamp(linked, 16, BatchSize))).ToArray();
            (from, linked) = (from + batch.Length, linked + batch.Length);
            var backLinks = new List<ulong>[batch.Length];
            ForEach(batch.Length, i => backLinks[i] = LinkOut(graph, batch, i, live, count));
            LinkBack(graph, live, [.. backLinks.SelectMany(links => links)], batch);
            foreach (var place in batch)
                if (graph.LevelOf(place) is var level && (graph.Entry < 0 || level > graph.Top))
                    graph = graph with { Entry = place, Top = level };
        }
        return graph;
    }

    /// <summary>
    /// A removed entry leads to what was there before it was removed, and no link is laid to or from it any longer: what comes now would
    /// not be found from there.
    /// </summary>
    private static HnswGraph WithLiveEntry(HnswGraph graph, PlaceSet live, int[] added)
    {
        if (graph.Entry < 0 || live.Has(graph.Entry)) return graph;
        var isAdded = added.ToHashSet();
        var (entry, top) = (-1, 0);
        foreach (var place in live.Places())
            if (!isAdded.Contains(place) && graph.LevelOf(place) is var level && (entry < 0 || level > top))
                (entry, top) = (place, level);
        return graph with { Entry = entry, Top = top };
    }

    private List<ulong> LinkOut(HnswGraph graph, int[] batch, int index, PlaceSet live, int count)
    {
        var (search, choice) = (GraphSearch.Rent(), new LinkChoice());
        var place = batch[index];
        var backLinks = new List<ulong>(64);
        var candidates = new List<ulong>(options.BuildBreadth + batch.Length);
        search.Aim(graph.Rows, place, count);
        ulong[] starts = graph.Entry < 0 ? [] : [search.Descend(graph, graph.LevelOf(place))];
        for (var level = graph.LevelOf(place); level >= 0; level--)
        {
            candidates.Clear();
            if (graph.Entry >= 0 && level <= graph.Top)
            {
                search.Collect(graph, level, starts, options.BuildBreadth, live);
                if (search.Collected() is { Length: > 0 } found)
                {
                    candidates.AddRange(found);
                    starts = found.ToArray();
                }
            }
            // Of the batch only what is nearer than the farthest of those found can become a link.
            var farthest = candidates.Count == options.BuildBreadth ? candidates[^1] : 0;
            foreach (var other in batch)
                if (other != place && graph.LevelOf(other) >= level && search.Compare(graph.Rows, other) is var key && key > farthest)
                    candidates.Add(key);
            var sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(candidates);
            choice.Sort(sorted, place);
            var chosen = choice.Choose(graph.Rows, sorted[..Math.Min(sorted.Length, options.BuildBreadth)], options.Links);
            graph.SetLinks(place, level, chosen);
            foreach (var neighbour in chosen) backLinks.Add(BackLink(level, neighbour, index));
        }
        search.Return();
        return backLinks;
    }

    /// <summary>A link to be laid from a place to a member of the batch: level, place and member in one number that orders them.</summary>
    private static ulong BackLink(int level, int place, int member) => ((ulong)level << 50) | ((ulong)place << 16) | (uint)member;

    private void LinkBack(HnswGraph graph, PlaceSet live, ulong[] links, int[] batch)
    {
        Array.Sort(links);
        var starts = new List<int>();
        for (var i = 0; i < links.Length; i++)
            if (i == 0 || links[i] >> 16 != links[i - 1] >> 16)
                starts.Add(i);
        ForEach(starts.Count, i =>
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : links.Length;
            var (level, place) = ((int)(links[starts[i]] >> 50), (int)((links[starts[i]] >> 16) & int.MaxValue));
            var members = links.AsSpan(starts[i], end - starts[i]);
            var neighbours = new List<int>(graph.Width(level) + members.Length);
            foreach (var neighbour in graph.Links(place, level)) neighbours.Add(neighbour);
            foreach (var link in members)
                if (batch[(int)(link & 0xFFFF)] is var member && !neighbours.Contains(member))
                    neighbours.Add(member);
            SetBest(graph, place, level, neighbours, live);
        });
    }

    /// <summary>Sets a place's links to the best of the given, where they are too many.</summary>
    private static void SetBest(HnswGraph graph, int place, int level, List<int> neighbours, PlaceSet live)
    {
        if (neighbours.Count > graph.Width(level)) neighbours.RemoveAll(neighbour => !live.Has(neighbour));
        if (neighbours.Count > graph.Width(level))
        {
            var search = GraphSearch.Rent();
            search.Aim(graph.Rows, place, 0);
            var candidates = new ulong[neighbours.Count];
            for (var i = 0; i < candidates.Length; i++) candidates[i] = search.Compare(graph.Rows, neighbours[i]);
            search.Return();
            var choice = new LinkChoice();
            choice.Sort(candidates, place);
            graph.SetLinks(place, level, choice.Choose(graph.Rows, candidates, graph.Width(level)));
        }
        else
            graph.SetLinks(place, level, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(neighbours));
    }

    private void ForEach(int count, Action<int> action)
    {
        if (count <= 2 || options.BuildThreads == 1)
            for (var i = 0; i < count; i++) action(i);
        else
            // In ranges: a member takes some hundred microseconds, handing one out should not count.
            Parallel.ForEach(
                Partitioner.Create(0, count, Math.Max(1, count / (8 * options.BuildThreads))),
                new ParallelOptions { MaxDegreeOfParallelism = options.BuildThreads },
                range =>
                {
                    for (var i = range.Item1; i < range.Item2; i++) action(i);
                });
    }
}
