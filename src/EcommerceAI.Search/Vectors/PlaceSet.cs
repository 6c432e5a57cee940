using System.Numerics;

namespace EcommerceAI.Search.Vectors;

/// <summary>A set of places as bits.</summary>
internal sealed class PlaceSet
{
    private PlaceSet(ulong[] words) => Words = words;

    public static PlaceSet Empty { get; } = new([]);

    public ulong[] Words { get; }

    public static PlaceSet Of(int places) => new(new ulong[(places + 63) >> 6]);

    public bool Has(int place) => (uint)(place >> 6) < (uint)Words.Length && (Words[place >> 6] & (1UL << place)) != 0;

    public void Add(int place) => Words[place >> 6] |= 1UL << place;

    public void Remove(int place) => Words[place >> 6] &= ~(1UL << place);

    public int Count()
    {
        var count = 0;
        foreach (var word in Words) count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>A copy with room for so many places.</summary>
    public PlaceSet Copy(int places)
    {
        var words = new ulong[Math.Max(Words.Length, (places + 63) >> 6)];
        Words.CopyTo(words, 0);
        return new(words);
    }

    /// <summary>Keeps what is in both.</summary>
    public void IntersectWith(PlaceSet other)
    {
        for (var i = 0; i < Words.Length; i++) Words[i] &= i < other.Words.Length ? other.Words[i] : 0;
    }

    /// <summary>Removes what is in the other.</summary>
    public void ExceptWith(PlaceSet other)
    {
        for (var i = 0; i < Math.Min(Words.Length, other.Words.Length); i++) Words[i] &= ~other.Words[i];
    }

    public IEnumerable<int> Places()
    {
        for (var i = 0; i < Words.Length; i++)
            for (var word = Words[i]; word != 0; word &= word - 1)
                yield return (i << 6) + BitOperations.TrailingZeroCount(word);
    }
}
