using System.Runtime.CompilerServices;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// A hierarchical navigable small world (Malkov and Yashunin, 2018) over rows: where to enter it, and each place's links by level.
/// </summary>
/// <remarks>
/// Links are changed in place while readers walk them. Each entry is one aligned number that is at every moment a place, so what a
/// reader meets is the old neighbour or the new; a place beyond what its snapshot holds it skips.
/// </remarks>
/// <param name="Rows">The vectors.</param>
/// <param name="LinksAbove">The most links a place has at the upper levels; twice as many at the lowest.</param>
/// <param name="Entry">The place where searches begin; -1 for an empty graph.</param>
/// <param name="Top">The entry's level.</param>
internal sealed record HnswGraph(VectorRows Rows, int LinksAbove, int Entry, int Top)
{
    /// <summary>The most links of a place at a level.</summary>
    public int Width(int level) => level == 0 ? 2 * LinksAbove : LinksAbove;

    /// <summary>The highest level that a place is linked at.</summary>
    public int LevelOf(int place) =>
        Rows.Blocks[place >> VectorBlock.Shift].UpperLinks[place & VectorBlock.Mask] is { } upper ? upper.Length / (LinksAbove + 1) : 0;

    /// <summary>Makes room for the links of a place at its levels.</summary>
    public void Open(int place, int level)
    {
        var block = Rows.Blocks[place >> VectorBlock.Shift];
        if (block.LowestLinks.Length == 0) block.LowestLinks = new int[VectorBlock.Rows * (Width(0) + 1)];
        block.UpperLinks[place & VectorBlock.Mask] = level > 0 ? new int[level * (LinksAbove + 1)] : null;
    }

    /// <summary>The neighbours of a place at a level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<int> Links(int place, int level)
    {
        var (links, start) = Locate(place, level);
        if (start >= links.Length) return [];
        return links.AsSpan(start + 1, Volatile.Read(ref links[start]));
    }

    /// <summary>Puts other neighbours in the place of those there are.</summary>
    public void SetLinks(int place, int level, ReadOnlySpan<int> neighbours)
    {
        var (links, start) = Locate(place, level);
        neighbours.CopyTo(links.AsSpan(start + 1));
        Volatile.Write(ref links[start], neighbours.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (int[] Links, int Start) Locate(int place, int level)
    {
        var block = Rows.Blocks[place >> VectorBlock.Shift];
        return level == 0
            ? (block.LowestLinks, (place & VectorBlock.Mask) * (2 * LinksAbove + 1))
            : (block.UpperLinks[place & VectorBlock.Mask] ?? [], (level - 1) * (LinksAbove + 1));
    }
}
