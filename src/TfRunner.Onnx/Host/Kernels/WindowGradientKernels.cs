using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>Gradients of what slides windows and of biases, which saliency maps and class activation maps are computed with.</summary>
internal sealed class WindowGradientKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(Maximum, "MaxPoolGrad", "MaxPool3DGrad");
        registry.Add(Average, "AvgPoolGrad", "AvgPool3DGrad");
        registry.Add(Bias, "BiasAddGrad");
        registry.Add(BatchNormalization, "FusedBatchNormGrad", "FusedBatchNormGradV2", "FusedBatchNormGradV3");
        registry.Add(DepthwiseInput, "DepthwiseConv2dNativeBackpropInput");
    }

    /// <summary>MaxPoolGrad: orig_input, orig_output, grad: each window's gradient goes to the first of its largest elements.</summary>
    private static void Maximum(HostCall call)
    {
        var dims = call.Tensor(0).Dimensions.ToArray();
        var (kernel, strides) = (call.Attributes.Ints("ksize"), call.Attributes.Ints("strides"));
        var (counts, before) = WindowKernels.Places(call, dims, kernel, strides, []);
        var (values, gradient) = (call.Doubles(0), call.Doubles(2));
        var result = new double[values.Length];
        var window = 0;
        foreach (var place in WindowKernels.Indices(counts))
        {
            var best = -1L;
            foreach (var (_, at) in WindowKernels.Under(place, dims, kernel, strides, [], before))
            {
                best = best < 0 || values[at] > values[best] ? at : best;
            }

            result[best] += gradient[window++];
        }

        call.Output(0, result, dims);
    }

    /// <summary>AvgPoolGrad: orig_input_shape, grad: each window's gradient in equal parts to the elements under it.</summary>
    private static void Average(HostCall call)
    {
        var dims = call.Ints(0);
        var (kernel, strides) = (call.Attributes.Ints("ksize"), call.Attributes.Ints("strides"));
        var (counts, before) = WindowKernels.Places(call, dims, kernel, strides, []);
        var gradient = call.Doubles(1);
        var result = new double[Strides.Count(dims)];
        var window = 0;
        foreach (var place in WindowKernels.Indices(counts))
        {
            var under = WindowKernels.Under(place, dims, kernel, strides, [], before).ToList();
            foreach (var (_, at) in under)
            {
                result[at] += gradient[window] / under.Count;
            }

            window++;
        }

        call.Output(0, result, dims);
    }

    private static (long Channels, long Inner) Channels(HostCall call, ReadOnlySpan<long> dims) =>
        call.Attributes.Text("data_format", "NHWC").StartsWith("NC", StringComparison.Ordinal) ? (dims[1], Strides.Count(dims[2..])) : (dims[^1], 1);

    /// <summary>BiasAddGrad: the sums over all axes but the channels'.</summary>
    private static void Bias(HostCall call)
    {
        var gradient = call.Doubles(0);
        var (channels, inner) = Channels(call, call.Tensor(0).Dimensions);
        var result = new double[channels];
        for (var i = 0L; i < gradient.Length; i++)
        {
            result[i / inner % channels] += gradient[i];
        }

        call.Output(0, result, channels);
    }

    /// <summary>
    /// FusedBatchNormGradV3: y_backprop, x, scale, and mean and variance (in training: the batch's mean and the inverse of its deviation), as
    /// gradients of x, scale and offset.
    /// </summary>
    private static void BatchNormalization(HostCall call)
    {
        var (dy, x, scale, mean) = (call.Doubles(0), call.Doubles(1), call.Doubles(2), call.Doubles(3));
        var isTraining = call.Attributes.Bool("is_training", true);
        var epsilon = call.Attributes.Float("epsilon", 1e-4f);
        var (channels, inner) = Channels(call, call.Tensor(1).Dimensions);

        // In training the CPU kernel hands on the variance, as in inference.
        var factor = Array.ConvertAll(call.Doubles(4), v => 1 / Math.Sqrt(v + epsilon));
        var (sums, products) = (new double[channels], new double[channels]);
        for (var i = 0L; i < dy.Length; i++)
        {
            var c = i / inner % channels;
            sums[c] += dy[i];
            products[c] += dy[i] * (x[i] - mean[c]) * factor[c];
        }

        var rest = (double)dy.Length / channels;
        var result = new double[dy.Length];
        for (var i = 0L; i < dy.Length; i++)
        {
            var c = i / inner % channels;
            var centred = isTraining ? dy[i] - (sums[c] / rest) - ((x[i] - mean[c]) * factor[c] * products[c] / rest) : dy[i];
            result[i] = centred * scale[c] * factor[c];
        }

        call.Output(0, result, call.Tensor(1).Dimensions);
        call.Output(1, products, channels);
        call.Output(2, sums, channels);
        for (var i = 3; i < call.OutputCount; i++)
        {
            call.Output(i, Array.Empty<double>(), 0);
        }
    }

    /// <summary>DepthwiseConv2dNativeBackpropInput: input_sizes, filter [rows, columns, channels, multiplier], out_backprop.</summary>
    private static void DepthwiseInput(HostCall call)
    {
        if (call.Attributes.Text("data_format", "NHWC") != "NHWC")
        {
            throw call.Node.Error(ErrorCode.Unimplemented, "only NHWC is computed here");
        }

        var (dims, f) = (call.Ints(0), call.Tensor(1).Dimensions.ToArray());
        var (strides, dilations) = (call.Attributes.Ints("strides"), call.Attributes.Ints("dilations"));
        long[] spatial = [dims[1], dims[2]];
        long[] kernel = [f[0], f[1]];
        long[] steps = [strides[1], strides[2]];
        long[] spread = dilations.Length == 4 ? [dilations[1], dilations[2]] : [];
        var (counts, before) = WindowKernels.Places(call, spatial, kernel, steps, spread);
        var (filter, gradient) = (call.Doubles(1), call.Doubles(2));
        var result = new double[Strides.Count(dims)];
        var (channels, multiplier) = (f[2], f[3]);
        var places = WindowKernels.Indices(counts).Select(p => WindowKernels.Under(p, spatial, kernel, steps, spread, before).ToList()).ToList();
        for (var n = 0L; n < dims[0]; n++)
        {
            for (var p = 0; p < places.Count; p++)
            {
                var from = ((n * places.Count) + p) * channels * multiplier;
                foreach (var (cell, at) in places[p])
                {
                    for (var c = 0L; c < channels * multiplier; c++)
                    {
                        result[(((n * dims[1] * dims[2]) + at) * channels) + (c / multiplier)] += gradient[from + c] * filter[(cell * channels * multiplier) + c];
                    }
                }
            }
        }

        call.Output(0, result, dims);
    }
}
