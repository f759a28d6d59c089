using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using ComplexMatrix = MathNet.Numerics.LinearAlgebra.Matrix<System.Numerics.Complex>;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Functions of square matrices, factors with pivoting, eigenvalues of matrices that are not symmetric, and tridiagonal systems. Sources:
/// N. Higham, Functions of Matrices (Denman-Beavers iteration, inverse scaling and squaring); the ops' registrations.
/// </summary>
internal sealed class MatrixFunctionKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        Square(registry, "MatrixSquareRoot", SquareRoot);
        Square(registry, "MatrixLogarithm", Logarithm);
        Square(registry, "MatrixExponential", Exponential);
        registry.Add(Lu, "Lu");
        registry.Add(Eigenvalues, "Eig");
        registry.Add(MultiplyTridiagonal, "TridiagonalMatMul");
        registry.Add(SolveTridiagonal, "TridiagonalSolve");
    }

    private static void Square(HostRegistry registry, string op, Func<ComplexMatrix, ComplexMatrix> function) => registry.Add(
        call => LinearAlgebraKernels.Write(call, 0, LinearAlgebraKernels.Matrices(call, 0).Select(function), call.Tensor(0).Dimensions), op);

    private static ComplexMatrix Identity(ComplexMatrix like) => ComplexMatrix.Build.DenseIdentity(like.RowCount);

    /// <summary>The principal square root: the mean of what Newton's method for the root and for its inverse give, until it stands still.</summary>
    private static ComplexMatrix SquareRoot(ComplexMatrix a)
    {
        var (y, z) = (a, Identity(a));
        for (var i = 0; i < 100; i++)
        {
            var next = (y + z.Inverse()) / 2;
            z = (z + y.Inverse()) / 2;
            var change = (next - y).FrobeniusNorm();
            y = next;
            if (change <= 1e-15 * y.FrobeniusNorm())
            {
                break;
            }
        }

        return y;
    }

    /// <summary>The principal logarithm: of a root so high that the series of the inverse hyperbolic tangent converges fast.</summary>
    private static ComplexMatrix Logarithm(ComplexMatrix a)
    {
        var one = Identity(a);
        var scale = 2.0;
        for (var i = 0; i < 60 && (a - one).FrobeniusNorm() > 0.1; i++)
        {
            a = SquareRoot(a);
            scale *= 2;
        }

        var ratio = (a - one) * (a + one).Inverse();
        var (power, square, sum) = (ratio, ratio * ratio, ratio);
        for (var k = 3; k < 40; k += 2)
        {
            power *= square;
            sum += power / k;
        }

        return sum * scale;
    }

    /// <summary>The exponential: Taylor's series of a part so small that it converges fast, squared back.</summary>
    private static ComplexMatrix Exponential(ComplexMatrix a)
    {
        var squarings = Math.Max(0, (int)Math.Ceiling(Math.Log2(Math.Max(a.FrobeniusNorm(), 1e-300) / 0.25)));
        var small = a / Math.ScaleB(1, squarings);
        var (term, sum) = (Identity(a), Identity(a));
        for (var k = 1; k < 20; k++)
        {
            term = term * small / k;
            sum += term;
        }

        for (var i = 0; i < squarings; i++)
        {
            sum *= sum;
        }

        return sum;
    }

    /// <summary>Lu: both factors in one matrix, the ones of the lower one left out, and the row of the input that each row is.</summary>
    private static void Lu(HostCall call)
    {
        var dims = call.Tensor(0).Dimensions;
        var (packed, orders) = (new List<ComplexMatrix>(), new List<long>());
        foreach (var a in LinearAlgebraKernels.Matrices(call, 0))
        {
            var order = Enumerable.Range(0, a.RowCount).ToArray();
            for (var k = 0; k < a.RowCount; k++)
            {
                var column = k;
                var pivot = Enumerable.Range(k, a.RowCount - k).MaxBy(row => Complex.Abs(a[row, column]));
                if (a[pivot, k] == Complex.Zero)
                {
                    throw call.Invalid("Input is not invertible.");
                }

                (order[k], order[pivot]) = (order[pivot], order[k]);
                var (upper, lower) = (a.Row(pivot), a.Row(k));
                a.SetRow(k, upper);
                a.SetRow(pivot, lower);
                for (var row = k + 1; row < a.RowCount; row++)
                {
                    a[row, k] /= a[k, k];
                    for (var j = k + 1; j < a.ColumnCount; j++)
                    {
                        a[row, j] -= a[row, k] * a[k, j];
                    }
                }
            }

            packed.Add(a);
            orders.AddRange(order.Select(static o => (long)o));
        }

        LinearAlgebraKernels.Write(call, 0, packed, dims);
        call.Output(1, orders.ToArray(), dims[..^1]);
    }

    /// <summary>Eig: eigenvalues, and with compute_v the vectors in columns, each of length 1. Their order is the method's.</summary>
    private static void Eigenvalues(HostCall call)
    {
        var dims = call.Tensor(0).Dimensions;
        var isReal = call.Tensor(0).DType.IsFloating();
        var found = LinearAlgebraKernels.Matrices(call, 0).ConvertAll(m => isReal ? RealEigenvectors(m) : ComplexEigenvectors(m));
        LinearAlgebraKernels.Write(call, 0, found.Select(static f => ComplexMatrix.Build.Dense(1, f.Values.Length, f.Values)), dims[..^1]);
        if (call.Attributes.Bool("compute_v", true))
        {
            LinearAlgebraKernels.Write(call, 1, found.Select(static f => f.Vectors.NormalizeColumns(2)), dims);
        }
        else
        {
            LinearAlgebraKernels.Write(call, 1, [], 0);
        }
    }

    private static (Complex[] Values, ComplexMatrix Vectors) ComplexEigenvectors(ComplexMatrix m)
    {
        var found = m.Evd(Symmetricity.Asymmetric);
        return (found.EigenValues.ToArray(), found.EigenVectors);
    }

    /// <summary>The vectors of a pair of conjugate eigenvalues come as real and imaginary parts in two columns.</summary>
    private static (Complex[] Values, ComplexMatrix Vectors) RealEigenvectors(ComplexMatrix m)
    {
        var found = m.Map(static z => z.Real).Evd(Symmetricity.Asymmetric);
        var values = found.EigenValues.ToArray();
        var vectors = ComplexMatrix.Build.Dense(m.RowCount, m.RowCount);
        for (var j = 0; j < values.Length; j++)
        {
            var (isPair, real) = (values[j].Imaginary != 0, found.EigenVectors.Column(j));
            for (var i = 0; i < values.Length; i++)
            {
                vectors[i, j] = new(real[i], isPair ? found.EigenVectors[i, j + 1] : 0);
                if (isPair)
                {
                    vectors[i, j + 1] = Complex.Conjugate(vectors[i, j]);
                }
            }

            j += isPair ? 1 : 0;
        }

        return (values, vectors);
    }

    private static ComplexMatrix Tridiagonal(ReadOnlySpan<Complex> above, ReadOnlySpan<Complex> diagonal, ReadOnlySpan<Complex> below)
    {
        var m = ComplexMatrix.Build.Dense(diagonal.Length, diagonal.Length);
        for (var i = 0; i < diagonal.Length; i++)
        {
            m[i, i] = diagonal[i];
            if (i + 1 < diagonal.Length)
            {
                m[i, i + 1] = above[i];
                m[i + 1, i] = below[i + 1];
            }
        }

        return m;
    }

    /// <summary>TridiagonalMatMul: superdiagonal (its last unused), diagonal and subdiagonal (its first unused) [..., 1, n] by [..., n, columns].</summary>
    private static void MultiplyTridiagonal(HostCall call)
    {
        var n = (int)call.Tensor(0).Dimensions[^1];
        var (above, diagonal, below) = (call.Complexes(0), call.Complexes(1), call.Complexes(2));
        LinearAlgebraKernels.Write(
            call,
            0,
            LinearAlgebraKernels.Matrices(call, 3).Select((x, i) => Tridiagonal(above.AsSpan(i * n, n), diagonal.AsSpan(i * n, n), below.AsSpan(i * n, n)) * x),
            call.Tensor(3).Dimensions);
    }

    /// <summary>TridiagonalSolve: the same three diagonals as rows [..., 3, n].</summary>
    private static void SolveTridiagonal(HostCall call)
    {
        var n = (int)call.Tensor(0).Dimensions[^1];
        var rows = call.Complexes(0);
        LinearAlgebraKernels.Write(
            call,
            0,
            LinearAlgebraKernels.Matrices(call, 1).Select((x, i) => Tridiagonal(rows.AsSpan(3 * i * n, n), rows.AsSpan(((3 * i) + 1) * n, n), rows.AsSpan(((3 * i) + 2) * n, n)).Solve(x)),
            call.Tensor(1).Dimensions);
    }
}
