using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// The dot product of a widened vector with a row of 8-bit codes. The sum is of integers, so it is the same on every processor
/// and in every order: a graph built from it is too.
/// </summary>
internal static class Int8Dot
{
    /// <summary>Widens a row of codes once, where it is to be compared with many.</summary>
    public static void Widen(ReadOnlySpan<sbyte> codes, Span<short> wide)
    {
        for (var i = 0; i < codes.Length; i++) wide[i] = codes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(ref short wide, ref sbyte codes, int length) =>
        Avx512BW.IsSupported ? With512Bits(ref wide, ref codes, length)
        : Avx2.IsSupported ? With256Bits(ref wide, ref codes, length)
        : Portable(ref wide, ref codes, length);

    private static int With512Bits(ref short wide, ref sbyte codes, int length)
    {
        var (even, odd) = (Vector512<int>.Zero, Vector512<int>.Zero);
        nuint i = 0;
        for (; i + 64 <= (nuint)length; i += 64)
        {
            even += Avx512BW.MultiplyAddAdjacent(
                Vector512.LoadUnsafe(ref wide, i), Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref codes, i)));
            odd += Avx512BW.MultiplyAddAdjacent(
                Vector512.LoadUnsafe(ref wide, i + 32), Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref codes, i + 32)));
        }
        return Vector512.Sum(even + odd) + Rest(ref wide, ref codes, i, length);
    }

    internal static int With256Bits(ref short wide, ref sbyte codes, int length)
    {
        var (even, odd) = (Vector256<int>.Zero, Vector256<int>.Zero);
        nuint i = 0;
        for (; i + 32 <= (nuint)length; i += 32)
        {
            even += Avx2.MultiplyAddAdjacent(
                Vector256.LoadUnsafe(ref wide, i), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref codes, i)));
            odd += Avx2.MultiplyAddAdjacent(
                Vector256.LoadUnsafe(ref wide, i + 16), Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref codes, i + 16)));
        }
        return Vector256.Sum(even + odd) + Rest(ref wide, ref codes, i, length);
    }

    internal static int Portable(ref short wide, ref sbyte codes, int length)
    {
        var sum = Vector128<int>.Zero;
        nuint i = 0;
        for (; i + 16 <= (nuint)length; i += 16)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref codes, i));
            sum += Products(Vector128.LoadUnsafe(ref wide, i), low) + Products(Vector128.LoadUnsafe(ref wide, i + 8), high);
        }
        return Vector128.Sum(sum) + Rest(ref wide, ref codes, i, length);
    }

    private static Vector128<int> Products(Vector128<short> left, Vector128<short> right)
    {
        var (leftLow, leftHigh) = Vector128.Widen(left);
        var (rightLow, rightHigh) = Vector128.Widen(right);
        return leftLow * rightLow + leftHigh * rightHigh;
    }

    private static int Rest(ref short wide, ref sbyte codes, nuint from, int length)
    {
        var sum = 0;
        for (; from < (nuint)length; from++) sum += Unsafe.Add(ref wide, from) * Unsafe.Add(ref codes, from);
        return sum;
    }
}
