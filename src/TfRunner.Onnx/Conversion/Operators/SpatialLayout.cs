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
    /// <returns>kernel_shape, strides, dilations and padding.</returns>
    public (string Name, object Value)[] Window(long[] kernel)
    {
        var attributes = new List<(string, object)> { ("kernel_shape", kernel), ("strides", Spatial(op.Attributes.Ints("strides"))) };
        var dilations = Spatial(op.Attributes.Ints("dilations"));
        if (dilations.Any(static d => d != 1))
        {
            attributes.Add(("dilations", dilations));
        }

        switch (op.Attributes.Text("padding"))
        {
            case "SAME":
                attributes.Add(("auto_pad", "SAME_UPPER"));
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
}
