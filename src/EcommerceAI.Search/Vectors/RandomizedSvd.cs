using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace EcommerceAI.Search.Vectors;

/// <summary>
/// The leading right singular vectors of a large sparse matrix, by a random projection and power iterations (N. Halko,
/// P.-G. Martinsson, J. Tropp, "Finding structure with randomness", SIAM Review 53(2), 2011, algorithms 4.4 and 5.1).
/// It touches the matrix only six times, where an exact decomposition would need it dense.
/// </summary>
internal static class RandomizedSvd
{
    private const int Oversampling = 16;
    private const int PowerIterations = 2;
    private const double NoughtRelativeToLargest = 1e-12;

    /// <summary>Row-major, a row for each column of the matrix; fewer vectors than asked for where its rank is lower.</summary>
    public static (double[] Vectors, double[] SingularValues) RightVectors(SparseRows matrix, int count, ulong seed)
    {
        var wanted = Math.Min(count + Oversampling, Math.Min(matrix.Rows, matrix.Columns));
        var (basis, _) = Orthonormalise(matrix.Times(Gaussian(matrix.Columns * wanted, seed), wanted), wanted);
        for (var i = 0; i < PowerIterations && basis.Length > 0; i++)
        {
            // Made orthonormal on the side of the rows only: it is the shorter one, and what a round of two products loses of the
            // weak directions (below a ten-thousandth of the strongest) nobody would miss.
            var width = basis.Length / matrix.Rows;
            (basis, _) = Orthonormalise(matrix.Times(matrix.TransposedTimes(basis, width), width), width);
        }
        if (basis.Length == 0) return ([], []);
        // With Q the basis, A = Q (Q'A) nearly; the right vectors of Q'A are the orthonormalised columns of A'Q.
        var columns = basis.Length / matrix.Rows;
        return Orthonormalise(matrix.TransposedTimes(basis, columns), columns, count);
    }

    /// <summary>
    /// An orthonormal basis of the columns, strongest direction first, with the length of the columns along each: from the
    /// eigenvectors of Y'Y, which is small. Directions that are nought to working precision are dropped.
    /// </summary>
    private static (double[] Basis, double[] Lengths) Orthonormalise(double[] matrix, int width, int keep = int.MaxValue)
    {
        var eigen = Matrix<double>.Build.DenseOfColumnMajor(width, width, Gram(matrix, width)).Evd(Symmetricity.Symmetric);
        var squares = eigen.EigenValues.Select(v => v.Real).ToArray();
        var least = squares.Max() * NoughtRelativeToLargest;
        // MathNet gives them ascending.
        var kept = Enumerable.Range(0, width).Reverse().Where(i => squares[i] > least && squares[i] > 0).Take(keep).ToArray();
        var turn = new double[width * kept.Length];
        for (var row = 0; row < width; row++)
            for (var column = 0; column < kept.Length; column++)
                turn[row * kept.Length + column] = eigen.EigenVectors[row, kept[column]] / Math.Sqrt(squares[kept[column]]);
        return (Times(matrix, width, turn, kept.Length), [.. kept.Select(i => Math.Sqrt(squares[i]))]);
    }

    private static double[] Gram(double[] matrix, int width)
    {
        var gram = new double[width * width];
        for (var start = 0; start < matrix.Length; start += width)
        {
            var row = matrix.AsSpan(start, width);
            for (var i = 0; i < width; i++)
            {
                // The upper half only; the lower is its mirror.
                var target = gram.AsSpan(i * width + i, width - i);
                TensorPrimitives.MultiplyAdd(row[i..], row[i], target, target);
            }
        }
        for (var i = 0; i < width; i++)
            for (var j = 0; j < i; j++)
                gram[i * width + j] = gram[j * width + i];
        return gram;
    }

    private static double[] Times(double[] left, int width, double[] right, int rightWidth)
    {
        var product = new double[left.Length / width * rightWidth];
        for (var row = 0; row < left.Length / width; row++)
        {
            var target = product.AsSpan(row * rightWidth, rightWidth);
            for (var i = 0; i < width; i++)
                TensorPrimitives.MultiplyAdd(right.AsSpan(i * rightWidth, rightWidth), left[row * width + i], target, target);
        }
        return product;
    }

    /// <summary>
    /// Normal deviates by Box and Muller over SplitMix64 (Steele, Lea, Flood, OOPSLA 2014): the same on every platform and version
    /// of the framework, which its own generators do not promise.
    /// </summary>
    private static double[] Gaussian(int count, ulong seed)
    {
        var deviates = new double[count];
        for (var i = 0; i < count; i++)
            deviates[i] = Math.Sqrt(-2 * Math.Log(Uniform(ref seed))) * Math.Cos(2 * Math.PI * Uniform(ref seed));
        return deviates;
    }

    // In (0, 1]: its logarithm is taken.
    private static double Uniform(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var bits = state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        bits ^= bits >> 31;
        return ((bits >> 11) + 1) * (1.0 / (1UL << 53));
    }
}
