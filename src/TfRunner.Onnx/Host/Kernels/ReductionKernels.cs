using System.Numerics;
using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Reductions of small tensors, splits and ranges.</summary>
internal sealed class ReductionKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Reduce(call, static (a, b) => a + b, 0), "Sum");
        registry.Add(static call => Reduce(call, static (a, b) => a * b, 1), "Prod");
        registry.Add(static call => Extreme(call, isLargest: true), "Max");
        registry.Add(static call => Extreme(call, isLargest: false), "Min");
        registry.Add(static call => Logical(call, isAll: true), "All");
        registry.Add(static call => Logical(call, isAll: false), "Any");
        registry.Add(Mean, "Mean");
        registry.Add(EuclideanNorm, "EuclideanNorm");
        registry.Add(static call => call.Output(0, [call.Doubles(0).Sum(static v => v * v) / 2]), "L2Loss");
        registry.Add(Split, "Split");
        registry.Add(Range, "Range");
    }

    private static ReducedAxes Axes(HostCall call) => new(call.Tensor(0).Dimensions, call.Ints(1), call.Attributes.Bool("keep_dims"));

    /// <summary>Sum, Prod: in double precision, whole numbers in 64 bits; complex numbers by parts.</summary>
    private static void Reduce(HostCall call, Func<Complex, Complex, Complex> function, int identity)
    {
        var axes = Axes(call);
        var x = call.Tensor(0);
        if (x.DType.IsInteger())
        {
            var whole = axes.Fold(call.Ints(0), (long)identity, identity == 0 ? static (a, b) => unchecked(a + b) : static (a, b) => unchecked(a * b));
            call.Output(0, whole, axes.Result);
        }
        else if (x.DType is DType.Complex64 or DType.Complex128)
        {
            call.Output(0, axes.Fold(call.Complexes(0), new Complex(identity, 0), function), axes.Result);
        }
        else
        {
            call.Output(0, axes.Fold(call.Doubles(0), identity, identity == 0 ? static (a, b) => a + b : static (a, b) => a * b), axes.Result);
        }
    }

    /// <summary>Max, Min: NaN wins; of nothing the dtype's smallest or largest value.</summary>
    private static void Extreme(HostCall call, bool isLargest)
    {
        var axes = Axes(call);
        var x = call.Tensor(0);
        if (x.DType.IsInteger())
        {
            var (low, high) = IntegerRange.Of(x.DType);
            var found = axes.Fold(call.Ints(0), isLargest ? low : high, isLargest ? Math.Max : Math.Min);
            call.Output(0, found, axes.Result);
            return;
        }

        var start = isLargest ? double.NegativeInfinity : double.PositiveInfinity;
        call.Output(0, axes.Fold(call.Doubles(0), start, isLargest ? Math.Max : Math.Min), axes.Result);
    }

    private static void Logical(HostCall call, bool isAll)
    {
        var axes = Axes(call);
        call.Output(0, axes.Fold(call.Ints(0), isAll ? 1L : 0L, isAll ? static (a, b) => a & b : static (a, b) => a | b), axes.Result);
    }

    /// <summary>Mean: NaN of nothing; whole numbers are divided towards zero.</summary>
    private static void Mean(HostCall call)
    {
        var axes = Axes(call);
        if (call.Tensor(0).DType.IsInteger())
        {
            var count = axes.Count;
            var whole = axes.Fold(call.Ints(0), 0L, static (a, b) => unchecked(a + b));
            call.Output(0, count == 0 ? whole : Array.ConvertAll(whole, v => v / count), axes.Result);
            return;
        }

        var sums = axes.Fold(call.Complexes(0), Complex.Zero, static (a, b) => a + b);
        if (call.Tensor(0).DType is DType.Complex64 or DType.Complex128)
        {
            call.Output(0, Array.ConvertAll(sums, s => s / axes.Count), axes.Result);
            return;
        }

        call.Output(0, Array.ConvertAll(sums, s => s.Real / axes.Count), axes.Result);
    }

    private static void EuclideanNorm(HostCall call)
    {
        var axes = Axes(call);
        var squares = axes.Fold(Array.ConvertAll(call.Complexes(0), static z => (z.Real * z.Real) + (z.Imaginary * z.Imaginary)), 0.0, static (a, b) => a + b);
        call.Output(0, Array.ConvertAll(squares, Math.Sqrt), axes.Result);
    }

    private static void Split(HostCall call)
    {
        var x = call.Tensor(1);
        var axis = (int)call.Ints(0)[0];
        axis = axis < 0 ? axis + x.Rank : axis;
        var starts = new long[x.Rank];
        var counts = x.Dimensions.ToArray();
        counts[axis] /= call.OutputCount;
        for (var i = 0; i < call.OutputCount; i++)
        {
            starts[axis] = i * counts[axis];
            call.Output(i, ArrayMovement.Slice(x, starts, counts, Enumerable.Repeat(1L, x.Rank).ToArray()));
        }
    }

    private static void Range(HostCall call)
    {
        var (start, limit, delta) = (Number(call, 0), Number(call, 1), Number(call, 2));
        var count = delta == 0 ? throw call.Node.Error(ErrorCode.InvalidArgument, "a range needs steps that are not 0") : Math.Max(0, (long)Math.Ceiling((limit - start) / delta));
        using var values = TensorValue.From(Enumerable.Range(0, checked((int)count)).Select(i => start + (i * delta)).ToArray(), count);
        call.Output(ArrayCast.Cast(values, call.Tensor(0).DType));
    }

    private static double Number(HostCall call, int input) => ArrayCast.ToDoubles(call.Tensor(input))[0];
}
