using System.Numerics.Tensors;

namespace EcommerceAI.Search.Text;

/// <summary>
/// Counts the documents of a segment that match a query, exactly and without scoring any, by bits: so that the ranking may pass over
/// what cannot be among the best.
/// </summary>
internal static class MatchCount
{
    public static int Of(QueryTerms query, SegmentView view)
    {
        var size = (view.Segment.Documents.Length + 63) / 64;
        var matched = new ulong[size];
        ulong[]? both = null;
        foreach (var alternative in query.Alternatives)
        {
            var lists = Array.ConvertAll(alternative.Terms, t => view.Segment.Find(query.Terms[t].Term));
            if (Array.Exists(lists, l => l is null)) continue;
            if (lists.Length == 1)
            {
                Mark(lists[0]!.Places, matched);
                continue;
            }
            both ??= new ulong[size];
            Intersect(lists!, both);
            TensorPrimitives.BitwiseOr(matched, both, matched);
        }
        foreach (var (code, _, _) in query.Codes)
            if (view.Segment.FindCode(code) is { } postings)
                Mark(postings.Places, matched);
        return view.CountLive(matched);
    }

    private static void Intersect(PostingsList[] lists, ulong[] both)
    {
        var one = new ulong[both.Length];
        Array.Fill(both, ulong.MaxValue);
        foreach (var list in lists)
        {
            Array.Clear(one);
            Mark(list.Places, one);
            TensorPrimitives.BitwiseAnd(both, one, both);
        }
    }

    private static void Mark(int[] places, ulong[] bits)
    {
        foreach (var place in places) bits[place >> 6] |= 1UL << place;
    }
}
