using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Histograms of integers, and the shape that operands broadcast to.</summary>
internal sealed class CountingKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Bincount, "DenseBincount", "Bincount");
        registry.Add(BroadcastArgs, "BroadcastArgs");
    }

    /// <summary>
    /// DenseBincount: how often, or with which sum of weights, each of 0 to size - 1 occurs; row by row for a matrix. Larger
    /// values are left out, binary_output gives 1 for any number of occurrences. Bincount: the same for all elements at once.
    /// </summary>
    private static void Bincount(HostCall call)
    {
        var x = call.Tensor(0);
        var size = call.Ints(1)[0];
        var weights = call.Tensor(2).Length == 0 ? null : ArrayCast.ToDoubles(call.Tensor(2));
        var isBinary = call.Attributes.Bool("binary_output");
        var hasRows = call.Op == "DenseBincount" && x.Rank == 2;
        var rows = hasRows ? x.Dimensions[0] : 1;
        var columns = hasRows ? x.Dimensions[1] : x.Length;
        var counts = new double[rows * size];
        var values = ArrayCast.ToLongs(x);
        for (var i = 0L; i < values.Length; i++)
        {
            if (values[i] < 0)
            {
                throw call.Node.Error(ErrorCode.InvalidArgument, FormattableString.Invariant($"element {i} is {values[i]}, and only numbers from 0 are counted"));
            }

            if (values[i] < size)
            {
                var at = ((hasRows ? i / columns : 0) * size) + values[i];
                counts[at] = isBinary ? 1 : counts[at] + (weights?[i] ?? 1);
            }
        }

        long[] dims = hasRows ? [rows, size] : [size];
        using var wide = TensorValue.From(counts, dims);
        call.Output(ArrayCast.Cast(wide, call.OutputType()));
    }

    /// <summary>BroadcastArgs: the shape that two shapes broadcast to.</summary>
    private static void BroadcastArgs(HostCall call)
    {
        var dims = Strides.Broadcast2(call.Ints(0), call.Ints(1));
        using var wide = TensorValue.From(dims, dims.Length);
        call.Output(ArrayCast.Cast(wide, call.OutputType()));
    }
}
