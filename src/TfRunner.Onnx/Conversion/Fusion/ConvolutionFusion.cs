using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>Folds what follows a convolution channel by channel, batch normalisation and bias, into its filters and bias.</summary>
internal sealed class ConvolutionFusion
{
    private readonly OnnxBuilder builder;
    private readonly ValueUses uses;

    private ConvolutionFusion(OnnxBuilder builder)
    {
        this.builder = builder;
        uses = new(builder.Graph);
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var fusion = new ConvolutionFusion(builder);
        foreach (var node in builder.Graph.Nodes.ToList())
        {
            fusion.TryFuse(node);
        }

        builder.Graph.Prune();
    }

    private void TryFuse(OnnxNode node)
    {
        if (node.Op is not ("Mul" or "Add" or "Sub" or "Div"))
        {
            return;
        }

        var isFirst = node.Inputs[0]!.Producer is { Op: "Conv" };
        var value = isFirst ? node.Inputs[0]! : node.Inputs[1]!;
        var operand = isFirst ? node.Inputs[1]! : node.Inputs[0]!;
        if (value.Producer is not { Op: "Conv" } conv || !uses.IsSingle(value) || !builder.Graph.Nodes.Contains(conv)
            || conv.Inputs[1] is not { IsConstant: true } filters || (conv.Inputs.Count > 2 && conv.Inputs[2] is { IsConstant: false })
            || operand.Constant is not { DType: DType.Float32 } || (!isFirst && node.Op is "Sub" or "Div") || PerChannel(operand, filters) is not { } channels)
        {
            return;
        }

        builder.Scope = conv.Name;
        var bias = conv.Inputs.Count > 2 ? conv.Inputs[2] : null;
        if (node.Op is "Mul" or "Div")
        {
            long[] broadcast = [-1, .. Enumerable.Repeat(1L, filters.Rank!.Value - 1)];
            conv.Inputs[1] = builder.Emit(node.Op, [filters, builder.Reshape(channels, broadcast)]);
            bias = bias is null ? null : builder.Emit(node.Op, [bias, channels]);
        }
        else
        {
            bias = bias is not null ? builder.Emit(node.Op, [bias, channels])
                : node.Op == "Add" ? channels : builder.Emit("Neg", [channels]);
        }

        while (conv.Inputs.Count < 3)
        {
            conv.Inputs.Add(null);
        }

        conv.Inputs[2] = bias;

        builder.Graph.Absorb(node, conv);
    }

    /// <summary>A constant with one number per channel, as a vector; null for other constants.</summary>
    private OnnxValue? PerChannel(OnnxValue operand, OnnxValue filters)
    {
        var count = filters.Shape![0].Value;
        var rank = filters.Rank!.Value;
        if (!OnnxMatch.IsPerChannel(operand.Constant!, rank, rank - 1, count))
        {
            return null;
        }

        return operand.Constant!.Length == count
            ? builder.Reshape(operand, count)
            : builder.Emit("Expand", [builder.Reshape(operand, 1L), builder.Ints(count)]);
    }
}
