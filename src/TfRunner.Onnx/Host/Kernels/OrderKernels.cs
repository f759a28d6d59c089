using System.Numerics;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Sorting, searching, places of extremes, distinct elements, running sums.</summary>
internal sealed class OrderKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Extreme(call, static (best, v) => v > best), "ArgMax");
        registry.Add(static call => Extreme(call, static (best, v) => v < best), "ArgMin");
        registry.Add(NthElement, "NthElement");
        registry.Add(static call => Search(call, static (element, v) => element < v), "LowerBound");
        registry.Add(static call => Search(call, static (element, v) => element <= v), "UpperBound");
        registry.Add(Unique, "Unique", "UniqueV2", "UniqueWithCounts", "UniqueWithCountsV2");
        registry.Add(ListDiff, "ListDiff");
        registry.Add(static call => Running(call, 0, static (a, b) => a + b), "Cumsum");
        registry.Add(static call => Running(call, 1, static (a, b) => a * b), "Cumprod");
        registry.Add(static call => Running(call, double.NegativeInfinity, LogAdd), "CumulativeLogsumexp");
        registry.Add(Where, "Where");
        registry.Add(Bucketize, "Bucketize");
        registry.Add(Histogram, "HistogramFixedWidth");
    }

    /// <summary>Elements as numbers that order as they do; 64-bit integers do not fit a double.</summary>
    internal static decimal[] SortKeys(TensorValue x) => x.DType.IsInteger() || x.DType == DType.Bool
        ? Array.ConvertAll(ArrayCast.ToLongs(x), static v => (decimal)v)
        : Array.ConvertAll(ArrayCast.ToDoubles(x), static v => double.IsNaN(v) ? decimal.MinValue : Ordered(v));

    /// <summary>A double's bits as a number of the same order.</summary>
    private static decimal Ordered(double v)
    {
        var bits = BitConverter.DoubleToInt64Bits(v == 0 ? 0 : v);
        return bits >= 0 ? bits : (decimal)long.MinValue - bits;
    }

    /// <summary>ArgMax, ArgMin: the first of equals; NaN is passed over unless it comes first.</summary>
    private static void Extreme(HostCall call, Func<decimal, decimal, bool> isBetter)
    {
        var x = call.Tensor(0);
        var axis = (int)call.Int(1);
        axis = axis < 0 ? axis + x.Rank : axis;
        var n = x.Dimensions[axis];
        var inner = Strides.Count(x.Dimensions[(axis + 1)..]);
        var outer = Strides.Count(x.Dimensions[..axis]);
        if (n == 0)
        {
            throw call.Invalid($"reduction axis {axis} is empty in shape {x.Shape}");
        }

        var isFloat = x.DType.IsFloating();
        var doubles = isFloat ? ArrayCast.ToDoubles(x) : [];
        var keys = SortKeys(x);
        var result = new long[outer * inner];
        for (var o = 0L; o < outer; o++)
        {
            for (var i = 0L; i < inner; i++)
            {
                var at = (o * n * inner) + i;
                var best = 0L;
                for (var j = 1L; j < n; j++)
                {
                    var (p, q) = (at + (best * inner), at + (j * inner));
                    if (isFloat ? !double.IsNaN(doubles[p]) && !double.IsNaN(doubles[q]) && isBetter(keys[p], keys[q]) : isBetter(keys[p], keys[q]))
                    {
                        best = j;
                    }
                }

                result[(o * inner) + i] = best;
            }
        }

        call.Output(0, result, [.. x.Dimensions[..axis], .. x.Dimensions[(axis + 1)..]]);
    }

    /// <summary>NthElement: the n-th smallest of each row; the n-th largest with reverse.</summary>
    private static void NthElement(HostCall call)
    {
        var x = call.Tensor(0);
        var values = call.Doubles(0);
        var width = x.Dimensions[^1];
        var n = call.Int(1);
        n = call.Attributes.Bool("reverse") ? width - n - 1 : n;
        var result = new double[x.Length / width];
        for (var r = 0; r < result.Length; r++)
        {
            result[r] = values.Skip((int)(r * width)).Take((int)width).Order().ElementAt((int)n);
        }

        call.Output(0, result, x.Dimensions[..^1]);
    }

    /// <summary>LowerBound, UpperBound: where each value would be inserted into the sorted row, before or after its equals.</summary>
    private static void Search(HostCall call, Func<double, double, bool> isBefore)
    {
        var (sorted, values) = (call.Doubles(0), call.Doubles(1));
        var (n, m) = (call.Tensor(0).Dimensions[1], call.Tensor(1).Dimensions[1]);
        var result = new long[values.Length];
        for (var i = 0L; i < values.Length; i++)
        {
            var row = i / m * n;
            var (low, high) = (0L, n);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (isBefore(sorted[row + middle], values[i]))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            result[i] = low;
        }

        call.Output(0, result, call.Tensor(1).Dimensions);
    }

    /// <summary>Unique: distinct elements (or slices along an axis) in order of first appearance, the place of each, and how often each occurs.</summary>
    private static void Unique(HostCall call)
    {
        var x = call.Tensor(0);
        var given = call.InputCount > 1 ? call.Ints(1) : [];
        var axis = given.Length == 0 ? 0 : (int)(given[0] < 0 ? given[0] + x.Rank : given[0]);
        long[] permutation = [axis, .. Enumerable.Range(0, x.Rank).Where(i => i != axis).Select(static i => (long)i)];
        using var moved = axis == 0 ? x.Clone() : ArrayMovement.Transpose(x, permutation);
        var count = moved.Dimensions[0];
        var run = Strides.Count(moved.Dimensions[1..]);
        var known = new Dictionary<string, long>(StringComparer.Ordinal);
        var firsts = new List<long>();
        var places = new long[count];
        var counts = new List<long>();
        for (var i = 0L; i < count; i++)
        {
            var key = Key(moved, i * run, run);
            if (!known.TryGetValue(key, out var place))
            {
                known[key] = place = firsts.Count;
                firsts.Add(i);
                counts.Add(0);
            }

            counts[(int)place]++;
            places[i] = place;
        }

        using var chosen = TensorValue.From(firsts.ToArray(), firsts.Count);
        call.Output(0, ArrayMovement.Gather(x, chosen, axis));
        call.Output(1, places, count);
        if (call.OutputCount > 2)
        {
            call.Output(2, counts.ToArray(), counts.Count);
        }
    }

    private static string Key(TensorValue x, long start, long count)
    {
        if (x.IsString)
        {
            return string.Join('\uFFFF', x.Strings.Skip((int)start).Take((int)count).Select(System.Text.Encoding.Latin1.GetString));
        }

        var size = x.DType.ElementSize();
        var bytes = x.Bytes.Slice((int)(start * size), (int)(count * size));
        return count == 1 && x.DType == DType.Float32 && BitConverter.ToSingle(bytes) == 0 ? "0" : System.Text.Encoding.Latin1.GetString(bytes);
    }

    /// <summary>ListDiff: the elements of x that are not in y, with their places.</summary>
    private static void ListDiff(HostCall call)
    {
        var (x, y) = (call.Tensor(0), call.Tensor(1));
        var others = Enumerable.Range(0, (int)y.Length).Select(i => Key(y, i, 1)).ToHashSet(StringComparer.Ordinal);
        var kept = Enumerable.Range(0, (int)x.Length).Where(i => !others.Contains(Key(x, i, 1))).Select(static i => (long)i).ToArray();
        call.Output(0, ArrayMovement.Take(x, [kept.Length], kept));
        call.Output(1, kept, kept.Length);
    }

    /// <summary>Cumsum, Cumprod, CumulativeLogsumexp: along the axis of the second input; exclusive leaves out the element itself, reverse goes from the end.</summary>
    private static void Running<T>(HostCall call, T start, Func<Complex, Complex, Complex> function)
        where T : INumber<T>
    {
        var x = call.Tensor(0);
        var axis = (int)call.Int(1);
        axis = axis < 0 ? axis + x.Rank : axis;
        if (x.DType.IsInteger())
        {
            var isSum = T.IsZero(start);
            call.Output(0, Run(call, call.Ints(0), axis, isSum ? 0L : 1L, isSum ? static (a, b) => unchecked(a + b) : static (a, b) => unchecked(a * b)), x.Dimensions);
            return;
        }

        var values = Run(call, call.Complexes(0), axis, new Complex(double.CreateChecked(start), 0), function);
        if (x.DType is DType.Complex64 or DType.Complex128)
        {
            call.Output(0, values, x.Dimensions);
            return;
        }

        call.Output(0, Array.ConvertAll(values, static z => z.Real), x.Dimensions);
    }

    private static T[] Run<T>(HostCall call, T[] values, int axis, T start, Func<T, T, T> function)
    {
        var dims = call.Tensor(0).Dimensions;
        var (isExclusive, isReverse) = (call.Attributes.Bool("exclusive"), call.Attributes.Bool("reverse"));
        var n = dims[axis];
        var inner = Strides.Count(dims[(axis + 1)..]);
        var result = new T[values.Length];
        for (var o = 0L; n > 0 && o < values.Length / n; o++)
        {
            var at = (o / inner * n * inner) + (o % inner);
            var sum = start;
            for (var j = 0L; j < n; j++)
            {
                var place = at + ((isReverse ? n - 1 - j : j) * inner);
                var next = function(sum, values[place]);
                result[place] = isExclusive ? sum : next;
                sum = next;
            }
        }

        return result;
    }

    private static Complex LogAdd(Complex a, Complex b)
    {
        var (high, low) = (Math.Max(a.Real, b.Real), Math.Min(a.Real, b.Real));
        return double.IsNegativeInfinity(high) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    /// <summary>Where: the indices of what is not zero, one row each, row-major.</summary>
    private static void Where(HostCall call)
    {
        var x = call.Tensor(0);
        var strides = Strides.Of(x.Dimensions);
        var values = call.Complexes(0);
        var indices = new List<long>();
        var count = 0L;
        for (var i = 0L; i < values.Length; i++)
        {
            if (values[i] == Complex.Zero)
            {
                continue;
            }

            count++;
            for (var axis = 0; axis < x.Rank; axis++)
            {
                indices.Add(i / strides[axis] % x.Dimensions[axis]);
            }
        }

        call.Output(0, indices.ToArray(), count, x.Rank);
    }

    /// <summary>Bucketize: how many boundaries are not above the value; NaN lies above all.</summary>
    private static void Bucketize(HostCall call)
    {
        var boundaries = call.Attributes.Floats("boundaries");
        call.Output(0, Array.ConvertAll(call.Doubles(0), v => (long)boundaries.Count(b => !(v < b))), call.Tensor(0).Dimensions);
    }

    /// <summary>HistogramFixedWidth: counts in equal bins; what lies outside goes to the first or last.</summary>
    private static void Histogram(HostCall call)
    {
        var range = call.Doubles(1);
        var bins = call.Int(2);
        var counts = new long[bins];
        var step = (range[1] - range[0]) / bins;
        foreach (var v in call.Doubles(0))
        {
            counts[(long)Math.Clamp(Math.Floor((v - range[0]) / step), 0, bins - 1)]++;
        }

        call.Output(0, counts, bins);
    }
}
