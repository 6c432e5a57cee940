using System.Numerics.Tensors;

namespace EcommerceAI.Search.Vectors;

/// <summary>A sparse matrix by rows, that can be multiplied with dense ones (row-major, a span a row).</summary>
internal sealed class SparseRows(int columns)
{
    private readonly List<int> _starts = [0];
    private readonly List<int> _columns = [];
    private readonly List<float> _values = [];

    public int Rows => _starts.Count - 1;

    public int Columns => columns;

    public void Add(IReadOnlyCollection<KeyValuePair<int, float>> row)
    {
        foreach (var (column, value) in row)
        {
            _columns.Add(column);
            _values.Add(value);
        }
        _starts.Add(_columns.Count);
    }

    /// <summary>This times a dense matrix of <see cref="Columns"/> rows.</summary>
    public double[] Times(double[] dense, int width)
    {
        var product = new double[Rows * width];
        for (var row = 0; row < Rows; row++)
        {
            var target = product.AsSpan(row * width, width);
            for (var i = _starts[row]; i < _starts[row + 1]; i++)
                TensorPrimitives.MultiplyAdd(dense.AsSpan(_columns[i] * width, width), _values[i], target, target);
        }
        return product;
    }

    /// <summary>This, turned over, times a dense matrix of <see cref="Rows"/> rows.</summary>
    public double[] TransposedTimes(double[] dense, int width)
    {
        var product = new double[Columns * width];
        for (var row = 0; row < Rows; row++)
        {
            var source = dense.AsSpan(row * width, width);
            for (var i = _starts[row]; i < _starts[row + 1]; i++)
            {
                var target = product.AsSpan(_columns[i] * width, width);
                TensorPrimitives.MultiplyAdd(source, _values[i], target, target);
            }
        }
        return product;
    }
}
