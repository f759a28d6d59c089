using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Diagonals and bands of matrices.</summary>
internal sealed class DiagonalKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Diag, "Diag");
        registry.Add(DiagPart, "DiagPart");
        registry.Add(BandPart, "MatrixBandPart");
        registry.Add(MatrixDiag, "MatrixDiag", "MatrixDiagV2", "MatrixDiagV3");
        registry.Add(MatrixDiagPart, "MatrixDiagPart", "MatrixDiagPartV2", "MatrixDiagPartV3");
        registry.Add(MatrixSetDiag, "MatrixSetDiag", "MatrixSetDiagV2", "MatrixSetDiagV3");
    }

    /// <summary>Diag: a tensor of twice the rank, with the elements where both halves of the index are equal.</summary>
    private static void Diag(HostCall call)
    {
        var x = call.Tensor(0);
        var result = TensorValue.Zeros(x.DType, [.. x.Dimensions, .. x.Dimensions]);
        for (var i = 0L; i < x.Length; i++)
        {
            ArrayMovement.CopyElements(x, i, result, (i * x.Length) + i, 1);
        }

        call.Output(result);
    }

    private static void DiagPart(HostCall call)
    {
        var x = call.Tensor(0);
        var dims = x.Dimensions[..(x.Rank / 2)];
        var n = Strides.Count(dims);
        call.Output(ArrayMovement.Take(x, dims, [.. Enumerable.Range(0, (int)n).Select(i => (i * n) + i)]));
    }

    /// <summary>MatrixBandPart: keeps num_lower diagonals below and num_upper above the main one; negative keeps all.</summary>
    private static void BandPart(HostCall call)
    {
        var x = call.Tensor(0);
        var (lower, upper) = (call.Int(1), call.Int(2));
        var (m, n) = (x.Dimensions[^2], x.Dimensions[^1]);
        var places = new long[x.Length];
        for (var i = 0L; i < places.Length; i++)
        {
            var (row, column) = (i / n % m, i % n);
            places[i] = (lower < 0 || row - column <= lower) && (upper < 0 || column - row <= upper) ? i : -1;
        }

        call.Output(ArrayMovement.Take(x, x.Dimensions, places));
    }

    private static (long Low, long High) Range(HostCall call, int input)
    {
        if (call.InputCount <= input)
        {
            return (0, 0);
        }

        var k = call.Ints(input);
        return (k[0], k[^1]);
    }

    /// <summary>Where element j of diagonal d stands in the row that holds it: how many places in front are padding.</summary>
    private static long Shift(HostCall call, long d, long width, long rows, long columns)
    {
        var length = Length(d, rows, columns);
        var align = call.Op.EndsWith("V3", StringComparison.Ordinal) ? call.Attributes.Text("align", "RIGHT_LEFT") : "LEFT_LEFT";
        var isRight = d >= 0 ? align.StartsWith("RIGHT", StringComparison.Ordinal) : align.EndsWith("RIGHT", StringComparison.Ordinal);
        return isRight ? width - length : 0;
    }

    private static long Length(long d, long rows, long columns) => Math.Max(0, Math.Min(rows + Math.Min(0, d), columns - Math.Max(0, d)));

    /// <summary>MatrixDiag: matrices whose diagonals k are given, the highest first, and padding elsewhere.</summary>
    private static void MatrixDiag(HostCall call)
    {
        var x = call.Tensor(0);
        var (low, high) = Range(call, 1);
        var count = high - low + 1;
        var width = x.Dimensions[^1];
        var given = call.InputCount > 2 ? (Rows: call.Int(2), Columns: call.Int(3)) : (Rows: -1L, Columns: -1L);
        var shortest = (Rows: width - Math.Min(0, high), Columns: width + Math.Max(0, low));
        var rows = given.Rows >= 0 ? given.Rows : given.Columns >= 0 ? Math.Max(shortest.Rows, 0) : Math.Max(shortest.Rows, shortest.Columns);
        var columns = given.Columns >= 0 ? given.Columns : given.Rows >= 0 ? shortest.Columns : rows;
        var batchDims = count > 1 ? x.Dimensions[..^2] : x.Dimensions[..^1];
        var batch = Strides.Count(batchDims);
        var padding = call.InputCount > 4 ? call.Tensor(4).Clone() : TensorValue.Zeros(x.DType);
        var result = ArrayMovement.Broadcast(padding, [.. batchDims, rows, columns]);
        padding.Dispose();
        for (var b = 0L; b < batch; b++)
        {
            for (var d = low; d <= high; d++)
            {
                var shift = Shift(call, d, width, rows, columns);
                for (var j = 0L; j < Length(d, rows, columns); j++)
                {
                    var from = (((b * count) + (high - d)) * width) + shift + j;
                    ArrayMovement.CopyElements(x, from, result, (((b * rows) + j - Math.Min(0, d)) * columns) + j + Math.Max(0, d), 1);
                }
            }
        }

        call.Output(result);
    }

    /// <summary>MatrixDiagPart: the diagonals k of matrices, the highest first; the short ones are padded.</summary>
    private static void MatrixDiagPart(HostCall call)
    {
        var x = call.Tensor(0);
        var (low, high) = Range(call, 1);
        var (rows, columns) = (x.Dimensions[^2], x.Dimensions[^1]);
        var count = high - low + 1;
        var width = Math.Min(rows + Math.Min(high, 0), columns - Math.Max(low, 0));
        var batchDims = x.Dimensions[..^2];
        long[] dims = count > 1 ? [.. batchDims, count, width] : [.. batchDims, width];
        var padding = call.InputCount > 2 ? call.Tensor(2).Clone() : TensorValue.Zeros(x.DType);
        var result = ArrayMovement.Broadcast(padding, dims);
        padding.Dispose();
        for (var b = 0L; b < Strides.Count(batchDims); b++)
        {
            for (var d = low; d <= high; d++)
            {
                var shift = Shift(call, d, width, rows, columns);
                for (var j = 0L; j < Length(d, rows, columns); j++)
                {
                    var to = (((b * count) + (high - d)) * width) + shift + j;
                    ArrayMovement.CopyElements(x, (((b * rows) + j - Math.Min(0, d)) * columns) + j + Math.Max(0, d), result, to, 1);
                }
            }
        }

        call.Output(result);
    }

    /// <summary>MatrixSetDiag: matrices with their diagonals k replaced.</summary>
    private static void MatrixSetDiag(HostCall call)
    {
        var (x, diagonal) = (call.Tensor(0), call.Tensor(1));
        var (low, high) = Range(call, 2);
        var (rows, columns) = (x.Dimensions[^2], x.Dimensions[^1]);
        var count = high - low + 1;
        var width = diagonal.Dimensions[^1];
        var result = x.Clone();
        for (var b = 0L; b < Strides.Count(x.Dimensions[..^2]); b++)
        {
            for (var d = low; d <= high; d++)
            {
                var shift = Shift(call, d, width, rows, columns);
                for (var j = 0L; j < Length(d, rows, columns); j++)
                {
                    var from = (((b * count) + (high - d)) * width) + shift + j;
                    ArrayMovement.CopyElements(diagonal, from, result, (((b * rows) + j - Math.Min(0, d)) * columns) + j + Math.Max(0, d), 1);
                }
            }
        }

        call.Output(result);
    }
}
