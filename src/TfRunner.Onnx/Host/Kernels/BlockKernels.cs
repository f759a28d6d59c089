using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Blocks moved between axes, and patches of pictures.</summary>
internal sealed class BlockKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => ToBatch(call, call.Ints(1), call.Ints(2)), "SpaceToBatchND");
        registry.Add(static call => ToBatch(call, Square(call), call.Ints(1)), "SpaceToBatch");
        registry.Add(static call => FromBatch(call, call.Ints(1), call.Ints(2)), "BatchToSpaceND");
        registry.Add(static call => FromBatch(call, Square(call), call.Ints(1)), "BatchToSpace");
        registry.Add(ToDepth, "SpaceToDepth");
        registry.Add(FromDepth, "DepthToSpace");
        registry.Add(Patches, "ExtractImagePatches");
    }

    private static long[] Square(HostCall call) => [call.Attributes.Int("block_size"), call.Attributes.Int("block_size")];

    /// <summary>SpaceToBatchND: pads the spatial axes, cuts them into blocks, and puts the place in the block before the batch.</summary>
    private static void ToBatch(HostCall call, long[] block, long[] pads)
    {
        var x = call.Tensor(0);
        var m = block.Length;
        var dims = x.Dimensions.ToArray();
        var cells = block.Aggregate(1L, static (a, b) => a * b);
        dims[0] *= cells;
        for (var i = 0; i < m; i++)
        {
            var padded = x.Dimensions[i + 1] + pads[2 * i] + pads[(2 * i) + 1];
            dims[i + 1] = padded % block[i] == 0 ? padded / block[i] : throw call.Invalid($"padded_shape[{i}]={padded} is not divisible by block_shape[{i}]={block[i]}");
        }

        call.Output(Take(x, dims, index =>
        {
            var cell = index[0] / x.Dimensions[0];
            index[0] %= x.Dimensions[0];
            for (var i = m - 1; i >= 0; i--)
            {
                index[i + 1] = (index[i + 1] * block[i]) + (cell % block[i]) - pads[2 * i];
                cell /= block[i];
            }
        }));
    }

    /// <summary>BatchToSpaceND: undoes SpaceToBatchND, cutting instead of padding.</summary>
    private static void FromBatch(HostCall call, long[] block, long[] crops)
    {
        var x = call.Tensor(0);
        var m = block.Length;
        var dims = x.Dimensions.ToArray();
        dims[0] /= block.Aggregate(1L, static (a, b) => a * b);
        for (var i = 0; i < m; i++)
        {
            dims[i + 1] = (dims[i + 1] * block[i]) - crops[2 * i] - crops[(2 * i) + 1];
        }

        var batch = dims[0];
        call.Output(Take(x, dims, index =>
        {
            var cell = 0L;
            for (var i = 0; i < m; i++)
            {
                var at = index[i + 1] + crops[2 * i];
                cell = (cell * block[i]) + (at % block[i]);
                index[i + 1] = at / block[i];
            }

            index[0] += cell * batch;
        }));
    }

    /// <summary>SpaceToDepth: the place in the block comes before the channel.</summary>
    private static void ToDepth(HostCall call)
    {
        var (x, b) = (call.Tensor(0), call.Attributes.Int("block_size"));
        var (h, w, c) = Axes(call);
        var dims = x.Dimensions.ToArray();
        (dims[h], dims[w], dims[c]) = (dims[h] / b, dims[w] / b, dims[c] * b * b);
        var channels = x.Dimensions[c];
        call.Output(Take(x, dims, index =>
        {
            var cell = index[c] / channels;
            (index[h], index[w], index[c]) = ((index[h] * b) + (cell / b), (index[w] * b) + (cell % b), index[c] % channels);
        }));
    }

    private static void FromDepth(HostCall call)
    {
        var (x, b) = (call.Tensor(0), call.Attributes.Int("block_size"));
        var (h, w, c) = Axes(call);
        var dims = x.Dimensions.ToArray();
        (dims[h], dims[w], dims[c]) = (dims[h] * b, dims[w] * b, dims[c] / (b * b));
        var channels = dims[c];
        call.Output(Take(x, dims, index =>
        {
            index[c] += ((index[h] % b * b) + (index[w] % b)) * channels;
            (index[h], index[w]) = (index[h] / b, index[w] / b);
        }));
    }

    private static (int Height, int Width, int Channel) Axes(HostCall call) => call.Attributes.Text("data_format", "NHWC") switch
    {
        "NHWC" => (1, 2, 3),
        "NCHW" => (2, 3, 1),
        var other => throw call.Node.Error(ErrorCode.Unimplemented, $"no host kernel for data_format {other}"),
    };

    /// <summary>ExtractImagePatches: at each place the window's pixels side by side as channels; zeros outside.</summary>
    private static void Patches(HostCall call)
    {
        var x = call.Tensor(0);
        var (sizes, strides, rates) = (call.Attributes.Ints("ksizes"), call.Attributes.Ints("strides"), call.Attributes.Ints("rates"));
        var isSame = call.Attributes.Text("padding") == "SAME";
        var (dims, before) = (x.Dimensions.ToArray(), new long[2]);
        for (var i = 0; i < 2; i++)
        {
            (dims[i + 1], before[i]) = SlidingWindow.Of(x.Dimensions[i + 1], sizes[i + 1], strides[i + 1], rates[i + 1], isSame);
        }

        var channels = dims[3];
        dims[3] *= sizes[1] * sizes[2];
        call.Output(Take(x, dims, index =>
        {
            var cell = index[3] / channels;
            index[1] = (index[1] * strides[1]) - before[0] + (cell / sizes[2] * rates[1]);
            index[2] = (index[2] * strides[2]) - before[1] + (cell % sizes[2] * rates[2]);
            index[3] %= channels;
        }));
    }

    /// <summary>Takes elements by index: the function turns a result's index into the source's; what lies outside is zero.</summary>
    private static TensorValue Take(TensorValue x, long[] dims, Action<long[]> toSource)
    {
        var own = Strides.Of(dims);
        var strides = Strides.Of(x.Dimensions);
        var places = new long[Strides.Count(dims)];
        var index = new long[dims.Length];
        for (var i = 0L; i < places.Length; i++)
        {
            for (var axis = 0; axis < dims.Length; axis++)
            {
                index[axis] = i / own[axis] % dims[axis];
            }

            toSource(index);
            var place = 0L;
            for (var axis = 0; axis < dims.Length && place >= 0; axis++)
            {
                place = index[axis] < 0 || index[axis] >= x.Dimensions[axis] ? -1 : place + (index[axis] * strides[axis]);
            }

            places[i] = place;
        }

        return ArrayMovement.Take(x, dims, places);
    }
}
