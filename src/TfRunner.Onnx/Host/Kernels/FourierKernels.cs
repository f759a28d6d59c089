using System.Numerics;
using MathNet.Numerics.IntegralTransforms;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Discrete Fourier transforms over the last one, two or three axes. Forward transforms are not scaled, inverse ones are
/// divided by the number of elements; real forms keep n / 2 + 1 elements of the last axis and take fft_length, by which the
/// operand is cut or padded with zeros.
/// </summary>
internal sealed class FourierKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        for (var rank = 1; rank <= 3; rank++)
        {
            var axes = rank;
            var suffix = rank == 1 ? string.Empty : FormattableString.Invariant($"{rank}D");
            registry.Add(call => Complexes(call, axes, isInverse: false), "FFT" + suffix);
            registry.Add(call => Complexes(call, axes, isInverse: true), "IFFT" + suffix);
            registry.Add(call => FromReal(call, axes), "RFFT" + suffix);
            registry.Add(call => ToReal(call, axes), "IRFFT" + suffix);
        }
    }

    private static void Complexes(HostCall call, int axes, bool isInverse)
    {
        var x = call.Tensor(0);
        var values = call.Complexes(0);
        var dims = x.Dimensions.ToArray();
        for (var axis = x.Rank - axes; axis < x.Rank; axis++)
        {
            Transform(values, dims, axis, isInverse);
        }

        call.Output(0, values, dims);
    }

    private static void FromReal(HostCall call, int axes)
    {
        var (values, dims) = Fit(call.Complexes(0), call.Tensor(0).Dimensions.ToArray(), call.Ints(1));
        for (var axis = dims.Length - axes; axis < dims.Length; axis++)
        {
            Transform(values, dims, axis, isInverse: false);
        }

        var half = (long[])dims.Clone();
        half[^1] = dims[^1] == 0 ? 0 : (dims[^1] / 2) + 1;
        (values, half) = Cut(values, dims, half);
        call.Output(0, values, half);
    }

    private static void ToReal(HostCall call, int axes)
    {
        var lengths = call.Ints(1);
        var wanted = (long[])lengths.Clone();
        wanted[^1] = (lengths[^1] / 2) + 1;
        var (values, dims) = Fit(call.Complexes(0), call.Tensor(0).Dimensions.ToArray(), wanted);
        for (var axis = dims.Length - axes; axis < dims.Length - 1; axis++)
        {
            Transform(values, dims, axis, isInverse: true);
        }

        // The other half of the last axis is the mirrored conjugate.
        var n = (int)lengths[^1];
        var half = (int)dims[^1];
        var rows = values.Length / Math.Max(half, 1);
        var full = new Complex[rows * n];
        for (var r = 0; r < rows; r++)
        {
            for (var i = 0; i < n; i++)
            {
                full[(r * n) + i] = i < half ? values[(r * half) + i] : Complex.Conjugate(values[(r * half) + n - i]);
            }
        }

        dims[^1] = n;
        Transform(full, dims, dims.Length - 1, isInverse: true);
        call.Output(0, Array.ConvertAll(full, static z => z.Real), dims);
    }

    /// <summary>Cuts the last axes to lengths, or pads them with zeros.</summary>
    private static (Complex[] Values, long[] Dims) Fit(Complex[] values, long[] dims, long[] lengths)
    {
        var wanted = (long[])dims.Clone();
        lengths.CopyTo(wanted, dims.Length - lengths.Length);
        return Cut(values, dims, wanted);
    }

    private static (Complex[] Values, long[] Dims) Cut(Complex[] values, long[] dims, long[] wanted)
    {
        var strides = Strides.Of(dims);
        var own = Strides.Of(wanted);
        var result = new Complex[Strides.Count(wanted)];
        for (var i = 0L; i < result.Length; i++)
        {
            var (from, isInside) = (0L, true);
            for (var axis = 0; axis < dims.Length; axis++)
            {
                var index = i / own[axis] % wanted[axis];
                isInside &= index < dims[axis];
                from += index * strides[axis];
            }

            result[i] = isInside ? values[from] : Complex.Zero;
        }

        return (result, wanted);
    }

    private static void Transform(Complex[] values, long[] dims, int axis, bool isInverse)
    {
        var n = (int)dims[axis];
        if (n == 0)
        {
            return;
        }

        var inner = (int)Strides.Count(dims.AsSpan(axis + 1));
        var line = new Complex[n];
        for (var start = 0; start < values.Length; start += n * inner)
        {
            for (var i = 0; i < inner; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    line[j] = values[start + i + (j * inner)];
                }

                if (isInverse)
                {
                    Fourier.Inverse(line, FourierOptions.AsymmetricScaling);
                }
                else
                {
                    Fourier.Forward(line, FourierOptions.AsymmetricScaling);
                }

                for (var j = 0; j < n; j++)
                {
                    values[start + i + (j * inner)] = line[j];
                }
            }
        }
    }
}
