namespace EcommerceAI.Search.Vectors;

/// <summary>A similarity and a place as one number: the greater, the nearer; of the equally near, the lower place. Never a tie.</summary>
internal static class Nearness
{
    public static ulong Key(float similarity, int place)
    {
        var bits = BitConverter.SingleToUInt32Bits(similarity);
        // The bits of a float order like an integer once the sign is turned.
        bits = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return ((ulong)bits << 32) | ~(uint)place;
    }

    public static int Place(ulong key) => (int)~(uint)key;

    public static float Similarity(ulong key)
    {
        var bits = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((bits & 0x8000_0000) != 0 ? bits & 0x7FFF_FFFF : ~bits);
    }
}

/// <summary>A binary heap with the least number on top. For the greatest on top, put in complements.</summary>
internal sealed class NearestHeap
{
    private ulong[] _keys = new ulong[256];

    public int Count { get; private set; }

    public ulong Top => _keys[0];

    public Span<ulong> Keys => _keys.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(ulong key)
    {
        if (Count == _keys.Length) Array.Resize(ref _keys, 2 * Count);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) >> 1;
            if (_keys[parent] <= key) break;
            _keys[at] = _keys[parent];
            at = parent;
        }
        _keys[at] = key;
    }

    public ulong Take()
    {
        var top = _keys[0];
        var last = _keys[--Count];
        if (Count > 0) SiftDown(last);
        return top;
    }

    /// <summary>Puts a key in the place of the top.</summary>
    public void Replace(ulong key) => SiftDown(key);

    private void SiftDown(ulong key)
    {
        var at = 0;
        while (2 * at + 1 is var child && child < Count)
        {
            if (child + 1 < Count && _keys[child + 1] < _keys[child]) child++;
            if (_keys[child] >= key) break;
            _keys[at] = _keys[child];
            at = child;
        }
        _keys[at] = key;
    }
}
