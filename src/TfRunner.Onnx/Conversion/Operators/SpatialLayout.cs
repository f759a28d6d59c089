using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Where a spatial op keeps its channels, and its window in ONNX's terms.</summary>
internal sealed class SpatialLayout
{
    private readonly OperatorContext op;
    private readonly int spatial;
    private readonly bool isChannelsFirst;

    public SpatialLayout(OperatorContext op, int spatial)
    {
        this.op = op;
        this.spatial = spatial;
        isChannelsFirst = op.Attributes.Text("data_format", "NHWC").StartsWith("NC", StringComparison.Ordinal);
    }

    /// <summary>Whether the op itself has channels before the spatial axes.</summary>
    public bool IsChannelsFirst => isChannelsFirst;

    /// <summary>Explicit padding as pairs of before and after per spatial axis; null for SAME and VALID.</summary>
    /// <returns>The pairs.</returns>
    public long[]? Explicit()
    {
        var given = op.Attributes.Ints("explicit_paddings");
        return op.Attributes.Text("padding") != "EXPLICIT" ? null : isChannelsFirst ? given[4..] : given[2..^2];
    }

    public OnnxValue ToChannelsFirst(OnnxValue x) =>
        isChannelsFirst ? x : op.Builder.Transpose(x, [0, spatial + 1, .. Enumerable.Range(1, spatial).Select(static i => (long)i)]);

    public OnnxValue FromChannelsFirst(OnnxValue x) =>
        isChannelsFirst ? x : op.Builder.Transpose(x, [0, .. Enumerable.Range(2, spatial).Select(static i => (long)i), 1]);

    /// <summary>The spatial elements of an attribute that has one per axis.</summary>
    /// <param name="perAxis">Such as strides.</param>
    /// <returns>Without batch and channels.</returns>
    public long[] Spatial(long[] perAxis) => perAxis.Length == 0 ? Enumerable.Repeat(1L, spatial).ToArray()
        : isChannelsFirst ? perAxis[2..] : perAxis[1..(spatial + 1)];

    /// <summary>The attributes of a sliding window.</summary>
    /// <param name="kernel">The window's size.</param>
    /// <param name="x">The operand, channels first.</param>
    /// <returns>kernel_shape, strides, dilations and padding.</returns>
    /// <exception cref="UnsupportedException">How much to pad depends on a size that is unknown, in a way that ONNX cannot say.</exception>
    public (string Name, object Value)[] Window(long[] kernel, OnnxValue x)
    {
        var strides = Spatial(op.Attributes.Ints("strides"));
        var attributes = new List<(string, object)> { ("kernel_shape", kernel), ("strides", strides) };
        var dilations = Spatial(op.Attributes.Ints("dilations"));
        if (dilations.Any(static d => d != 1))
        {
            attributes.Add(("dilations", dilations));
        }

        switch (op.Attributes.Text("padding"))
        {
            case "SAME":
                attributes.Add(Same(kernel, strides, dilations, x));
                break;
            case "EXPLICIT":
                var given = op.Attributes.Ints("explicit_paddings");
                var pairs = isChannelsFirst ? given[4..] : given[2..^2];
                attributes.Add(("pads", (long[])[.. pairs.Where(static (_, i) => i % 2 == 0), .. pairs.Where(static (_, i) => i % 2 == 1)]));
                break;
            default:
                break;
        }

        return [.. attributes];
    }

    /// <summary>
    /// SAME: as many windows as ceil(size / stride), padded by what they need, half before (rounded down) and the rest
    /// after. ONNX's SAME_UPPER means the same but for windows smaller than the stride, where the need is negative.
    /// </summary>
    private (string Name, object Value) Same(long[] kernel, long[] strides, long[] dilations, OnnxValue x)
    {
        var pads = new long[2 * spatial];
        for (var i = 0; i < spatial; i++)
        {
            var reach = ((kernel[i] - 1) * dilations[i]) + 1;
            long needed;
            if (strides[i] == 1 || reach == 1)
            {
                needed = reach - 1;
            }
            else if (x.Shape is { } shape && shape[i + 2].IsConstant)
            {
                var size = shape[i + 2].Value;
                needed = Math.Max(0, ((((size + strides[i] - 1) / strides[i]) - 1) * strides[i]) + reach - size);
            }
            else
            {
                return reach >= strides[i]
                    ? ("auto_pad", "SAME_UPPER")
                    : throw new UnsupportedException("its padding depends on a size that is unknown");
            }

            pads[i] = needed / 2;
            pads[i + spatial] = needed - (needed / 2);
        }

        return ("pads", pads);
    }
}
