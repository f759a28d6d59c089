using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Transposed convolutions: the gradient of a convolution with respect to its input, used for upsampling.</summary>
internal sealed class TransposedConvolutionOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        registry.Add(static op => Convert(op, 2), "Conv2DBackpropInput");
        registry.Add(static op => Convert(op, 3), "Conv3DBackpropInputV2");
    }

    /// <summary>
    /// Conv2DBackpropInput: sizes of the result, filters [spatial..., out, in], the operand. The padding is that of the
    /// convolution it undoes. ONNX: ConvTranspose-11, filters [in, out, spatial...]; a result that reaches beyond is cut or padded.
    /// </summary>
    private static void Convert(OperatorContext op, int spatial)
    {
        var layout = new SpatialLayout(op, spatial);
        var x = layout.ToChannelsFirst(op.Input(2));
        var filterShape = op.ShapeOf(1);
        var kernel = filterShape.ToNumbers()[..spatial];
        var strides = layout.Spatial(op.Attributes.Ints("strides"));
        var dilations = layout.Spatial(op.Attributes.Ints("dilations"));
        var sizes = Sizes(op, spatial, layout);
        var (before, after, extra) = (new long[spatial], new long[spatial], new long[spatial]);
        var isSame = op.Attributes.Text("padding") == "SAME";
        var given = layout.Explicit();
        for (var i = 0; i < spatial; i++)
        {
            var reach = ((kernel[i] - 1) * dilations[i]) + 1;
            var source = x.Shape is { } s ? s[i + 2] : Dim.Unknown();
            long total;
            if (given is not null)
            {
                before[i] = given[2 * i];
                after[i] = given[(2 * i) + 1];
                total = before[i] + after[i];
            }
            else if (!isSame)
            {
                total = 0;
            }
            else if (source.IsConstant && sizes[i].IsConstant)
            {
                total = Math.Max(0, ((source.Value - 1) * strides[i]) + reach - sizes[i].Value);
                before[i] = total / 2;
                after[i] = total - before[i];
            }
            else
            {
                total = Math.Max(0, reach - strides[i]); // The usual case: the result is stride times the operand.
                before[i] = total / 2;
                after[i] = total - before[i];
            }

            var covered = ((source - 1) * strides[i]) + (reach - total);
            var missing = sizes[i] - covered;
            extra[i] = missing.IsConstant ? Math.Max(0, missing.Value)
                : isSame ? Math.Max(0, strides[i] - reach)
                : given is null ? Math.Max(0, strides[i] - reach) : 0;
        }

        long[] permutation = [spatial + 1, spatial, .. Enumerable.Range(0, spatial).Select(static i => (long)i)];
        var filters = op.Builder.Transpose(op.Input(1), permutation);
        var y = op.Emit(
            "ConvTranspose",
            [x, filters],
            ("kernel_shape", kernel),
            ("strides", strides),
            ("dilations", dilations),
            ("pads", (long[])[.. before, .. after]));
        y = Fit(op, y, sizes, extra, spatial);
        op.Output(layout.FromChannelsFirst(y));
    }

    /// <summary>Pads with zeros what the stride skips, and cuts to the size asked for where that is not known to be equal.</summary>
    private static OnnxValue Fit(OperatorContext op, OnnxValue y, Dim[] sizes, long[] extra, int spatial)
    {
        if (extra.Any(static e => e > 0))
        {
            y = op.Emit("Pad", [y, op.Builder.Ints([.. new long[spatial + 4], .. extra])], ("mode", "constant"));
        }

        for (var i = 0; i < spatial; i++)
        {
            if (y.Shape is { } shape && shape[i + 2].IsConstant && sizes[i].IsConstant && shape[i + 2].Value > sizes[i].Value)
            {
                y = op.Builder.Slice(y, [0], [sizes[i].Value], [i + 2]);
            }
        }

        return y;
    }

    private static Dim[] Sizes(OperatorContext op, int spatial, SpatialLayout layout)
    {
        var contents = op.Input(0).Contents;
        if (contents is null)
        {
            return [.. Enumerable.Range(0, spatial).Select(static _ => Dim.Unknown())];
        }

        return contents.Count == spatial ? [.. contents] : [.. layout.IsChannelsFirst ? contents.Skip(2) : contents.Skip(1).Take(spatial)];
    }
}
