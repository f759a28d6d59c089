using MathNet.Numerics.LinearAlgebra;
using TfRunner.Onnx.Host.Arrays;
using ComplexMatrix = MathNet.Numerics.LinearAlgebra.Matrix<System.Numerics.Complex>;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Linear algebra on stacks of matrices [..., rows, columns], computed in double precision complex numbers. Decompositions are unique only up
/// to signs; these are LAPACK's as far as the method fixes them.
/// </summary>
internal sealed class LinearAlgebraKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Inverse, "MatrixInverse", "BatchMatrixInverse");
        registry.Add(static call => Each(call, static (c, m) => Determinant(m)), "MatrixDeterminant", "BatchMatrixDeterminant");
        registry.Add(LogDeterminant, "LogMatrixDeterminant");
        registry.Add(Cholesky, "Cholesky", "BatchCholesky");
        registry.Add(Solve, "MatrixSolve", "BatchMatrixSolve");
        registry.Add(SolveTriangular, "MatrixTriangularSolve", "BatchMatrixTriangularSolve");
        registry.Add(LeastSquares, "MatrixSolveLs", "BatchMatrixSolveLs");
        registry.Add(SingularValues, "Svd", "BatchSvd");
        registry.Add(Eigenvalues, "SelfAdjointEigV2", "BatchSelfAdjointEigV2");
        registry.Add(Orthogonal, "Qr");
    }

    /// <summary>The matrices of a stack.</summary>
    /// <param name="call">The call.</param>
    /// <param name="input">The input that has them.</param>
    /// <returns>Row-major over the leading dimensions.</returns>
    internal static List<ComplexMatrix> Matrices(HostCall call, int input)
    {
        var dims = call.Tensor(input).Dimensions;
        if (dims.Length < 2)
        {
            throw call.Invalid($"input {input} must have at least 2 dimensions, got {call.Tensor(input).Shape}");
        }

        var (rows, columns) = ((int)dims[^2], (int)dims[^1]);
        var values = call.Complexes(input);
        var matrices = new List<ComplexMatrix>();
        for (var start = 0; rows * columns > 0 && start < values.Length; start += rows * columns)
        {
            var at = start;
            matrices.Add(ComplexMatrix.Build.Dense(rows, columns, (i, j) => values[at + (i * columns) + j]));
        }

        return matrices;
    }

    /// <summary>Sets an output to a stack of matrices; of a real dtype their imaginary parts are left out.</summary>
    /// <param name="call">The call.</param>
    /// <param name="output">The output.</param>
    /// <param name="matrices">The matrices.</param>
    /// <param name="dims">The stack's dimensions.</param>
    internal static void Write(HostCall call, int output, IEnumerable<ComplexMatrix> matrices, params ReadOnlySpan<long> dims)
    {
        var values = matrices.SelectMany(static m => m.ToRowMajorArray()).ToArray();
        if (call.OutputType(output) is DType.Complex64 or DType.Complex128)
        {
            call.Output(output, values, dims);
        }
        else
        {
            call.Output(output, Array.ConvertAll(values, static z => z.Real), dims);
        }
    }

    private static void Each(HostCall call, Func<HostCall, ComplexMatrix, System.Numerics.Complex> function)
    {
        var dims = call.Tensor(0).Dimensions[..^2];
        var count = (int)Strides.Count(dims);
        var matrices = Matrices(call, 0);
        var values = Enumerable.Range(0, count).Select(i => i < matrices.Count ? function(call, matrices[i]) : 1).ToArray();
        if (call.OutputType() is DType.Complex64 or DType.Complex128)
        {
            call.Output(0, values, dims);
        }
        else
        {
            call.Output(0, Array.ConvertAll(values, static z => z.Real), dims);
        }
    }

    private static System.Numerics.Complex Determinant(ComplexMatrix m) => m.LU().Determinant;

    private static ComplexMatrix Adjoint(HostCall call, ComplexMatrix m) => call.Attributes.Bool("adjoint") ? m.ConjugateTranspose() : m;

    private static ComplexMatrix Regular(HostCall call, ComplexMatrix m) =>
        Determinant(m) == System.Numerics.Complex.Zero ? throw call.Invalid("Input is not invertible.") : m;

    private static void Inverse(HostCall call) =>
        Write(call, 0, Matrices(call, 0).Select(m => Adjoint(call, Regular(call, m)).Inverse()), call.Tensor(0).Dimensions);

    /// <summary>LogMatrixDeterminant: the sign (or phase), and the logarithm of the magnitude.</summary>
    private static void LogDeterminant(HostCall call)
    {
        var dims = call.Tensor(0).Dimensions[..^2];
        var determinants = Matrices(call, 0).Select(Determinant).ToArray();
        Write(call, 0, determinants.Select(static d => ComplexMatrix.Build.Dense(1, 1, d == 0 ? 0 : d / System.Numerics.Complex.Abs(d))), dims);
        Write(call, 1, determinants.Select(static d => ComplexMatrix.Build.Dense(1, 1, Math.Log(System.Numerics.Complex.Abs(d)))), dims);
    }

    /// <summary>Cholesky: the lower factor; only the lower triangle is read.</summary>
    private static void Cholesky(HostCall call) => Write(
        call,
        0,
        Matrices(call, 0).Select(m =>
        {
            try
            {
                var lower = m.StrictlyLowerTriangle();
                return (lower + ComplexMatrix.Build.DenseOfDiagonalVector(m.Diagonal()) + lower.ConjugateTranspose()).Cholesky().Factor;
            }
            catch (ArgumentException)
            {
                throw call.Invalid("Cholesky decomposition was not successful. The input might not be valid.");
            }
        }),
        call.Tensor(0).Dimensions);

    private static void Solve(HostCall call) => Write(
        call, 0, Matrices(call, 0).Zip(Matrices(call, 1), (a, b) => Adjoint(call, Regular(call, a)).Solve(b)), call.Tensor(1).Dimensions);

    /// <summary>MatrixTriangularSolve: only the triangle that lower names is read; leading dimensions broadcast.</summary>
    private static void SolveTriangular(HostCall call)
    {
        var isLower = call.Attributes.Bool("lower", true);
        var (left, right) = (Matrices(call, 0), Matrices(call, 1));
        var (a, b) = (call.Tensor(0).Dimensions.ToArray(), call.Tensor(1).Dimensions.ToArray());
        var batch = Strides.Broadcast2(a.AsSpan(..^2), b.AsSpan(..^2));
        var p = Strides.Positions(batch, Strides.Broadcast(a.AsSpan(..^2), batch));
        var q = Strides.Positions(batch, Strides.Broadcast(b.AsSpan(..^2), batch));
        long[] dims = [.. batch, b[^2], b[^1]];
        Write(
            call,
            0,
            p.Select((l, i) =>
            {
                var m = left[(int)l];
                return Adjoint(call, isLower ? m.LowerTriangle() : m.UpperTriangle()).Solve(right[(int)q[i]]);
            }),
            dims);
    }

    /// <summary>MatrixSolveLs: the least squares solution, with l2_regularizer on the normal equations.</summary>
    private static void LeastSquares(HostCall call)
    {
        var damping = call.Doubles(2)[0];
        var (a, b) = (call.Tensor(0).Dimensions.ToArray(), call.Tensor(1).Dimensions.ToArray());
        long[] dims = [.. a[..^2], a[^1], b[^1]];
        Write(
            call,
            0,
            Matrices(call, 0).Zip(Matrices(call, 1), (m, r) =>
            {
                var t = m.ConjugateTranspose();
                return m.RowCount >= m.ColumnCount
                    ? ((t * m) + (damping * ComplexMatrix.Build.DenseIdentity(m.ColumnCount))).Solve(t * r)
                    : t * ((m * t) + (damping * ComplexMatrix.Build.DenseIdentity(m.RowCount))).Solve(r);
            }),
            dims);
    }

    /// <summary>Svd: singular values in descending order, and with compute_uv the vectors in columns; thin unless full_matrices.</summary>
    private static void SingularValues(HostCall call)
    {
        var d = call.Tensor(0).Dimensions;
        var (m, n) = (d[^2], d[^1]);
        var k = (int)Math.Min(m, n);
        var isFull = call.Attributes.Bool("full_matrices");
        var withVectors = call.Attributes.Bool("compute_uv", true);
        var found = Matrices(call, 0).ConvertAll(x => x.Svd(withVectors));
        long[] batch = d[..^2].ToArray();
        call.Output(0, found.SelectMany(f => f.S.Take(k).Select(static s => s.Real)).ToArray(), [.. batch, k]);
        if (!withVectors)
        {
            Write(call, 1, [], 0);
            Write(call, 2, [], 0);
            return;
        }

        Write(call, 1, found.Select(f => isFull ? f.U : f.U.SubMatrix(0, (int)m, 0, k)), [.. batch, m, isFull ? m : k]);
        Write(call, 2, found.Select(f => isFull ? f.VT.ConjugateTranspose() : f.VT.ConjugateTranspose().SubMatrix(0, (int)n, 0, k)), [.. batch, n, isFull ? n : k]);
    }

    /// <summary>SelfAdjointEigV2: eigenvalues in ascending order, vectors in columns; the lower triangle is read.</summary>
    private static void Eigenvalues(HostCall call)
    {
        var d = call.Tensor(0).Dimensions;
        var n = d[^1];
        var found = Matrices(call, 0).ConvertAll(static m =>
        {
            var lower = m.StrictlyLowerTriangle();
            var evd = (lower + ComplexMatrix.Build.DenseOfDiagonalVector(m.Diagonal()) + lower.ConjugateTranspose()).Evd(Symmetricity.Hermitian);
            var order = Enumerable.Range(0, m.RowCount).OrderBy(i => evd.EigenValues[i].Real).ToArray();
            return (Values: order.Select(i => evd.EigenValues[i]).ToArray(), Vectors: ComplexMatrix.Build.DenseOfColumnVectors(order.Select(i => evd.EigenVectors.Column(i))));
        });
        Write(call, 0, found.Select(static f => ComplexMatrix.Build.Dense(1, f.Values.Length, f.Values)), [.. d[..^1]]);
        if (call.Attributes.Bool("compute_v", true))
        {
            Write(call, 1, found.Select(static f => f.Vectors), d);
        }
        else
        {
            Write(call, 1, [], 0);
        }
    }

    /// <summary>Qr: an orthogonal and an upper triangular factor; thin unless full_matrices.</summary>
    private static void Orthogonal(HostCall call)
    {
        var d = call.Tensor(0).Dimensions;
        var (m, n) = (d[^2], d[^1]);
        var isFull = call.Attributes.Bool("full_matrices");
        var k = isFull ? m : Math.Min(m, n);
        var found = Matrices(call, 0).ConvertAll(x =>
        {
            // A wide matrix has the factors of its square left part; the rest follows from Q.
            var square = m < n ? x.SubMatrix(0, (int)m, 0, (int)m) : x;
            var qr = square.QR(MathNet.Numerics.LinearAlgebra.Factorization.QRMethod.Full);
            return (qr.Q, R: m < n ? qr.Q.ConjugateTranspose() * x : qr.R);
        });
        Write(call, 0, found.Select(f => f.Q.SubMatrix(0, (int)m, 0, (int)k)), [.. d[..^2], m, k]);
        Write(call, 1, found.Select(f => (m < n ? f.R.UpperTriangle() : f.R).SubMatrix(0, (int)k, 0, (int)n)), [.. d[..^2], k, n]);
    }
}
