using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// A thousand vectors with what belongs to them, in contiguous memory. A row is written once, before any reader is told of it;
/// only the links of the graph change in place (see <see cref="HnswGraph"/>).
/// </summary>
internal sealed class VectorBlock(int dimensions)
{
    /// <summary>Rows a block: large enough to stream, small enough that growing copies no vectors.</summary>
    public const int Rows = 1 << Shift;

    public const int Shift = 10;
    public const int Mask = Rows - 1;

    public readonly float[] Vectors = GC.AllocateUninitializedArray<float>(Rows * dimensions);
    public readonly sbyte[] Codes = GC.AllocateUninitializedArray<sbyte>(Rows * dimensions);
    public readonly float[] Scales = new float[Rows];
    public readonly string?[] Ids = new string?[Rows];
    public readonly int[]?[] UpperLinks = new int[]?[Rows];
    public int[] LowestLinks = [];
}

/// <summary>Places 0 to n of the index, each a vector of length 1, its 8-bit codes, and its id.</summary>
internal readonly struct VectorRows(VectorBlock[] blocks, int dimensions)
{
    public int Dimensions => dimensions;

    public VectorBlock[] Blocks => blocks;

    public VectorRows WithBlock() => new([.. blocks, new VectorBlock(dimensions)], dimensions);

    public string Id(int place) => blocks[place >> VectorBlock.Shift].Ids[place & VectorBlock.Mask]!;

    public Span<float> Vector(int place) =>
        blocks[place >> VectorBlock.Shift].Vectors.AsSpan((place & VectorBlock.Mask) * dimensions, dimensions);

    public Span<sbyte> Codes(int place) =>
        blocks[place >> VectorBlock.Shift].Codes.AsSpan((place & VectorBlock.Mask) * dimensions, dimensions);

    /// <summary>Writes a vector of a length, brought to length 1, with its codes.</summary>
    public void Write(int place, string id, ReadOnlySpan<float> vector, float length)
    {
        var row = Vector(place);
        TensorPrimitives.Divide(vector, length, row);
        var block = blocks[place >> VectorBlock.Shift];
        block.Scales[place & VectorBlock.Mask] = Quantize(row, Codes(place));
        block.Ids[place & VectorBlock.Mask] = id;
    }

    public void Copy(VectorRows from, int source, int place)
    {
        from.Vector(source).CopyTo(Vector(place));
        from.Codes(source).CopyTo(Codes(place));
        var (block, other) = (blocks[place >> VectorBlock.Shift], from.Blocks[source >> VectorBlock.Shift]);
        block.Scales[place & VectorBlock.Mask] = other.Scales[source & VectorBlock.Mask];
        block.Ids[place & VectorBlock.Mask] = other.Ids[source & VectorBlock.Mask];
    }

    /// <summary>The cosine, near enough to order by, of a place and codes that were widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Similarity(short[] wide, float scale, int place)
    {
        var block = blocks[place >> VectorBlock.Shift];
        var row = place & VectorBlock.Mask;
        ref var codes = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(block.Codes), row * dimensions);
        return Int8Dot.Of(ref MemoryMarshal.GetArrayDataReference(wide), ref codes, dimensions) * (scale * block.Scales[row]);
    }

    public float Scale(int place) => blocks[place >> VectorBlock.Shift].Scales[place & VectorBlock.Mask];

    /// <summary>
    /// Codes of 8 bits, each vector by its own largest number, so that no training is needed and no later vector is out of range.
    /// </summary>
    /// <returns>What a code must be multiplied with.</returns>
    public static float Quantize(ReadOnlySpan<float> vector, Span<sbyte> codes)
    {
        var largest = Math.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (largest == 0)
        {
            codes.Clear();
            return 0;
        }
        var factor = 127 / largest;
        for (var i = 0; i < codes.Length; i++) codes[i] = (sbyte)MathF.Round(vector[i] * factor);
        return largest / 127;
    }
}
