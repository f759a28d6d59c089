using TfRunner.Onnx.Host.Arrays;

namespace TfRunner.Onnx.Host.Kernels;

/// <summary>
/// Sliding windows with TensorFlow's padding, for the forms that ONNX does not have: windows smaller than their stride at
/// unknown sizes, pools over channels or with sizes computed in the call, places of maxima, dilations.
/// </summary>
internal sealed class WindowKernels : IHostKernelFamily
{
    /// <inheritdoc/>
    public void Register(HostRegistry registry)
    {
        registry.Add(static call => Pool(call, call.Attributes.Ints("ksize"), call.Attributes.Ints("strides"), isMaximum: true), "MaxPool", "MaxPool3D");
        registry.Add(static call => Pool(call, call.Attributes.Ints("ksize"), call.Attributes.Ints("strides"), isMaximum: false), "AvgPool", "AvgPool3D");
        registry.Add(static call => Pool(call, call.Ints(1), call.Ints(2), isMaximum: true), "MaxPoolV2");
        registry.Add(WithArgmax, "MaxPoolWithArgmax");
        registry.Add(static call => Convolve(call, isDepthwise: false), "Conv2D", "Conv3D");
        registry.Add(static call => Convolve(call, isDepthwise: true), "DepthwiseConv2dNative");
        registry.Add(Dilate, "Dilation2D");
    }

    private static bool IsChannelsFirst(HostCall call) => call.Attributes.Text("data_format", "NHWC").StartsWith("NC", StringComparison.Ordinal);

    /// <summary>Places of windows, and how far the first reaches out in front, per axis.</summary>
    internal static (long[] Counts, long[] Before) Places(HostCall call, ReadOnlySpan<long> dims, long[] kernel, long[] strides, long[] dilations)
    {
        var (counts, before) = (new long[kernel.Length], new long[kernel.Length]);
        var padding = call.Attributes.Text("padding");
        var given = call.Attributes.Ints("explicit_paddings");
        for (var i = 0; i < kernel.Length; i++)
        {
            var step = dilations.Length > i ? dilations[i] : 1;
            if (padding == "EXPLICIT")
            {
                (counts[i], _) = SlidingWindow.Of(dims[i] + given[2 * i] + given[(2 * i) + 1], kernel[i], strides[i], step, isSame: false);
                before[i] = given[2 * i];
            }
            else
            {
                (counts[i], before[i]) = SlidingWindow.Of(dims[i], kernel[i], strides[i], step, padding == "SAME");
            }
        }

        return (counts, before);
    }

    /// <summary>The elements under a window that lie inside the operand: the place in the window, and in the operand.</summary>
    internal static IEnumerable<(long Cell, long At)> Under(long[] place, long[] dims, long[] kernel, long[] strides, long[] dilations, long[] before)
    {
        var own = Strides.Of(kernel);
        var source = Strides.Of(dims);
        var cells = Strides.Count(kernel);
        for (var cell = 0L; cell < cells; cell++)
        {
            var (at, isInside) = (0L, true);
            for (var axis = 0; axis < kernel.Length && isInside; axis++)
            {
                var index = (place[axis] * strides[axis]) - before[axis] + (cell / own[axis] % kernel[axis] * (dilations.Length > axis ? dilations[axis] : 1));
                isInside = index >= 0 && index < dims[axis];
                at += index * source[axis];
            }

            if (isInside)
            {
                yield return (cell, at);
            }
        }
    }

    internal static IEnumerable<long[]> Indices(long[] dims)
    {
        var own = Strides.Of(dims);
        for (var i = 0L; i < Strides.Count(dims); i++)
        {
            yield return [.. dims.Select((d, axis) => i / own[axis] % d)];
        }
    }

    /// <summary>MaxPool, AvgPool: windows over all axes; padding does not count into averages.</summary>
    private static void Pool(HostCall call, long[] kernel, long[] strides, bool isMaximum)
    {
        var dims = call.Tensor(0).Dimensions.ToArray();
        var (counts, before) = Places(call, dims, kernel, strides, []);
        var values = call.Doubles(0);
        var result = new List<double>();
        foreach (var place in Indices(counts))
        {
            var (sum, best, n) = (0.0, double.NegativeInfinity, 0);
            foreach (var (_, at) in Under(place, dims, kernel, strides, [], before))
            {
                sum += values[at];
                best = Math.Max(best, values[at]);
                n++;
            }

            result.Add(isMaximum ? best : sum / n);
        }

        call.Output(0, result.ToArray(), counts);
    }

    /// <summary>MaxPoolWithArgmax: the place of the maximum as ((batch * height + y) * width + x) * channels + c, the batch left out unless include_batch_in_index.</summary>
    private static void WithArgmax(HostCall call)
    {
        var dims = call.Tensor(0).Dimensions.ToArray();
        var (kernel, strides) = (call.Attributes.Ints("ksize"), call.Attributes.Ints("strides"));
        var (counts, before) = Places(call, dims, kernel, strides, []);
        var values = call.Doubles(0);
        var perPicture = call.Attributes.Bool("include_batch_in_index") ? long.MaxValue : Strides.Count(dims.AsSpan(1));
        var (result, places) = (new List<double>(), new List<long>());
        foreach (var place in Indices(counts))
        {
            var best = -1L;
            foreach (var (_, at) in Under(place, dims, kernel, strides, [], before))
            {
                best = best < 0 || values[at] > values[best] ? at : best;
            }

            result.Add(values[best]);
            places.Add(best % perPicture);
        }

        call.Output(0, result.ToArray(), counts);
        call.Output(1, places.ToArray(), counts);
    }

    /// <summary>Conv2D, Conv3D: filters [spatial..., in / groups, out]. DepthwiseConv2dNative: filters [height, width, in, multiplier].</summary>
    private static void Convolve(HostCall call, bool isDepthwise)
    {
        var rank = call.Tensor(0).Rank;
        var isFirst = IsChannelsFirst(call);
        long[] toLast = [0, .. Enumerable.Range(2, rank - 2).Select(static i => (long)i), 1];
        using var x = isFirst ? ArrayMovement.Transpose(call.Tensor(0), toLast) : call.Tensor(0).Clone();
        long[] Spatial(string name) => call.Attributes.Ints(name) is { Length: > 0 } all ? isFirst ? all[2..] : all[1..^1] : [.. Enumerable.Repeat(1L, rank - 2)];
        var (strides, dilations) = (Spatial("strides"), Spatial("dilations"));
        var filters = call.Tensor(1).Dimensions.ToArray();
        var kernel = filters[..^2];
        var dims = x.Dimensions[1..^1].ToArray();
        var (counts, before) = SpatialPlaces(call, dims, kernel, strides, dilations, isFirst);
        var (values, weights) = (ArrayCast.ToDoubles(x), call.Doubles(1));
        var (batch, channels) = (x.Dimensions[0], x.Dimensions[^1]);
        var (depth, outputs) = (filters[^2], isDepthwise ? filters[^2] * filters[^1] : filters[^1]);
        var groups = isDepthwise ? channels : channels / depth;
        var result = new double[batch * Strides.Count(counts) * outputs];
        var perOutput = isDepthwise ? 1 : depth;
        var to = 0L;
        for (var b = 0L; b < batch; b++)
        {
            foreach (var place in Indices(counts))
            {
                foreach (var (cell, at) in Under(place, dims, kernel, strides, dilations, before))
                {
                    var from = ((b * Strides.Count(dims)) + at) * channels;
                    for (var o = 0L; o < outputs; o++)
                    {
                        var first = isDepthwise ? o / filters[^1] : o / (outputs / groups) * depth;
                        for (var c = 0L; c < perOutput; c++)
                        {
                            var weight = isDepthwise ? weights[(cell * outputs) + o] : weights[(((cell * depth) + c) * outputs) + o];
                            result[to + o] += values[from + first + c] * weight;
                        }
                    }
                }

                to += outputs;
            }
        }

        long[] shape = [batch, .. counts, outputs];
        if (!isFirst)
        {
            call.Output(0, result, shape);
            return;
        }

        using var last = TensorValue.From(result, shape);
        using var moved = ArrayMovement.Transpose(last, [0, rank - 1, .. Enumerable.Range(1, rank - 2).Select(static i => (long)i)]);
        call.Output(ArrayCast.Cast(moved, call.OutputType()));
    }

    private static (long[] Counts, long[] Before) SpatialPlaces(HostCall call, long[] dims, long[] kernel, long[] strides, long[] dilations, bool isFirst)
    {
        if (call.Attributes.Text("padding") != "EXPLICIT")
        {
            return Places(call, dims, kernel, strides, dilations);
        }

        var given = call.Attributes.Ints("explicit_paddings");
        given = isFirst ? given[4..] : given[2..^2];
        var counts = dims.Select((d, i) => SlidingWindow.Of(d + given[2 * i] + given[(2 * i) + 1], kernel[i], strides[i], dilations[i], isSame: false).Count).ToArray();
        return (counts, [.. given.Where(static (_, i) => i % 2 == 0)]);
    }

    /// <summary>Dilation2D: the largest of operand plus filter under each window; filters [height, width, channels].</summary>
    private static void Dilate(HostCall call)
    {
        var x = call.Tensor(0);
        var filters = call.Tensor(1).Dimensions;
        long[] kernel = [filters[0], filters[1]];
        var (strides, rates) = (call.Attributes.Ints("strides")[1..3], call.Attributes.Ints("rates")[1..3]);
        var dims = x.Dimensions[1..3].ToArray();
        var (counts, before) = Places(call, dims, kernel, strides, rates);
        var (values, weights) = (call.Doubles(0), call.Doubles(1));
        var channels = x.Dimensions[3];
        var result = new double[x.Dimensions[0] * Strides.Count(counts) * channels];
        Array.Fill(result, double.MinValue);
        var to = 0L;
        for (var b = 0L; b < x.Dimensions[0]; b++)
        {
            foreach (var place in Indices(counts))
            {
                foreach (var (cell, at) in Under(place, dims, kernel, strides, rates, before))
                {
                    for (var c = 0L; c < channels; c++)
                    {
                        result[to + c] = Math.Max(result[to + c], values[(((b * dims[0] * dims[1]) + at) * channels) + c] + weights[(cell * channels) + c]);
                    }
                }

                to += channels;
            }
        }

        call.Output(0, result, x.Dimensions[0], counts[0], counts[1], channels);
    }
}
