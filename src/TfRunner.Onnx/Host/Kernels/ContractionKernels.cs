using System.Numerics;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Products of matrices and of tensors of any rank.</summary>
internal sealed class ContractionKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Multiply(call, "transpose_a", "transpose_b", conjugates: false), "MatMul", "SparseMatMul");
        registry.Add(static call => Multiply(call, "adj_x", "adj_y", conjugates: true), "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3");
        registry.Add(Einsum, "Einsum");
    }

    /// <summary>MatMul, BatchMatMul: stacks of matrices whose leading dimensions broadcast; adj_x and adj_y also conjugate.</summary>
    private static void Multiply(HostCall call, string first, string second, bool conjugates)
    {
        var a = Operand(call, 0, call.Attributes.Bool(first), conjugates);
        var b = Operand(call, 1, call.Attributes.Bool(second), conjugates);
        var (m, k, n) = (a.Dims[^2], a.Dims[^1], b.Dims[^1]);
        if (b.Dims[^2] != k)
        {
            throw call.Invalid(FormattableString.Invariant($"matrices of {m} x {k} and {b.Dims[^2]} x {n} cannot be multiplied"));
        }

        var batch = Strides.Broadcast2(a.Dims.AsSpan(..^2), b.Dims.AsSpan(..^2));
        var p = Strides.Positions(batch, Strides.Broadcast(a.Dims.AsSpan(..^2), batch));
        var q = Strides.Positions(batch, Strides.Broadcast(b.Dims.AsSpan(..^2), batch));
        var result = new Complex[p.Length * m * n];
        for (var i = 0; i < p.Length; i++)
        {
            Multiply(a.Values.AsSpan((int)(p[i] * m * k)), b.Values.AsSpan((int)(q[i] * k * n)), result.AsSpan((int)(i * m * n)), (int)m, (int)k, (int)n);
        }

        Write(call, result, [.. batch, m, n]);
    }

    private static void Multiply(ReadOnlySpan<Complex> a, ReadOnlySpan<Complex> b, Span<Complex> result, int m, int k, int n)
    {
        for (var i = 0; i < m; i++)
        {
            for (var l = 0; l < k; l++)
            {
                var factor = a[(i * k) + l];
                for (var j = 0; j < n; j++)
                {
                    result[(i * n) + j] += factor * b[(l * n) + j];
                }
            }
        }
    }

    private static (Complex[] Values, long[] Dims) Operand(HostCall call, int input, bool isTransposed, bool conjugates)
    {
        var x = call.Tensor(input);
        if (!isTransposed)
        {
            return (call.Complexes(input), x.Dimensions.ToArray());
        }

        var permutation = Enumerable.Range(0, x.Rank).Select(static i => (long)i).ToArray();
        (permutation[^1], permutation[^2]) = (permutation[^2], permutation[^1]);
        using var moved = ArrayMovement.Transpose(x, permutation);
        var values = ArrayCast.ToComplex(moved);
        return (conjugates ? Array.ConvertAll(values, Complex.Conjugate) : values, moved.Dimensions.ToArray());
    }

    private static void Write(HostCall call, Complex[] values, long[] dims)
    {
        if (call.OutputType() is DType.Complex64 or DType.Complex128)
        {
            call.Output(0, values, dims);
        }
        else
        {
            call.Output(0, Array.ConvertAll(values, static z => z.Real), dims);
        }
    }

    /// <summary>
    /// Einsum: the sum over all labels that the result leaves out, of the product of all operands. An ellipsis stands for
    /// dimensions that broadcast; a label twice in one operand takes its diagonal.
    /// </summary>
    private static void Einsum(HostCall call)
    {
        var equation = call.Attributes.Text("equation").Replace(" ", string.Empty, StringComparison.Ordinal);
        var sides = equation.Split("->");
        var terms = sides[0].Split(',');
        var widest = terms.Select((t, i) => t.Contains("...", StringComparison.Ordinal) ? call.Tensor(i).Rank - (t.Length - 3) : 0).Max();

        // Dimensions under the ellipsis get labels of their own, aligned at the right.
        string[] Labels(string term, int rank)
        {
            var own = rank - (term.Length - 3);
            return term.Contains("...", StringComparison.Ordinal)
                ? [.. term[..term.IndexOf("...", StringComparison.Ordinal)].Select(static c => c.ToString()),
                    .. Enumerable.Range(widest - own, own).Select(static i => FormattableString.Invariant($"...{i}")),
                    .. term[(term.IndexOf("...", StringComparison.Ordinal) + 3)..].Select(static c => c.ToString())]
                : [.. term.Select(static c => c.ToString())];
        }

        var labels = terms.Select((t, i) => Labels(t, call.Tensor(i).Rank)).ToArray();
        var result = Labels(sides[1], sides[1].Contains("...", StringComparison.Ordinal) ? sides[1].Length - 3 + widest : sides[1].Length);
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var t = 0; t < labels.Length; t++)
        {
            for (var i = 0; i < labels[t].Length; i++)
            {
                var d = call.Tensor(t).Dimensions[i];
                sizes[labels[t][i]] = sizes.TryGetValue(labels[t][i], out var known) && known != 1 ? known : d;
            }
        }

        string[] all = [.. result, .. sizes.Keys.Where(k => !result.Contains(k))];
        var dims = Array.ConvertAll(all, l => sizes[l]);
        var inner = Strides.Count(dims.AsSpan(result.Length));
        var positions = labels.Select((own, t) =>
        {
            var strides = Strides.Of(call.Tensor(t).Dimensions);
            var steps = new long[all.Length];
            for (var i = 0; i < own.Length; i++)
            {
                steps[Array.IndexOf(all, own[i])] += call.Tensor(t).Dimensions[i] == 1 ? 0 : strides[i];
            }

            return Strides.Positions(dims, steps);
        }).ToArray();
        var values = Enumerable.Range(0, labels.Length).Select(call.Complexes).ToArray();
        var sums = new Complex[Strides.Count(dims.AsSpan(0, result.Length))];
        for (var i = 0L; i < positions[0].Length; i++)
        {
            var product = Complex.One;
            for (var t = 0; t < values.Length; t++)
            {
                product *= values[t][positions[t][i]];
            }

            sums[i / inner] += product;
        }

        Write(call, sums, dims[..result.Length]);
    }
}
