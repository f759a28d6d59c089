using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Folding;

namespace TfRunner.Onnx.Conversion.Fusion;

/// <summary>
/// Folds a scale and a shift of every channel in front of a convolution or a product, such as batch normalisation after an
/// activation, into its weights and bias.
/// </summary>
internal sealed class InputAffineFusion
{
    /// <summary>
    /// The largest shift that moves behind a product. The product's terms grow by it before they cancel, which costs as many bits as it has: 16
    /// costs four of 24. A normalisation of raw features, by thousands maybe, must stay in front.
    /// </summary>
    private const float LargestShift = 16;

    private readonly OnnxBuilder builder;
    private readonly ValueUses uses;

    private InputAffineFusion(OnnxBuilder builder)
    {
        this.builder = builder;
        uses = new(builder.Graph);
    }

    /// <summary>Rewrites a graph.</summary>
    /// <param name="builder">The builder of the graph.</param>
    public static void Run(OnnxBuilder builder)
    {
        var fusion = new InputAffineFusion(builder);
        foreach (var node in builder.Graph.Nodes.ToList())
        {
            while (node.Op is "Conv" or "MatMul" && fusion.TryFold(node))
            {
            }
        }

        builder.Graph.Prune();
    }

    private bool TryFold(OnnxNode node)
    {
        var x = node.Inputs[0]!;
        if (x is not { IsConstant: false, DType: DType.Float32, Producer: { Op: "Mul" or "Div" or "Add" or "Sub" } affine } || !uses.IsSingle(x)
            || node.Inputs[1] is not { IsConstant: true, DType: DType.Float32, Shape: { } shape } weights || !uses.IsSingle(weights)
            || (node.Op == "MatMul" && shape.Rank != 2))
        {
            return false;
        }

        var isFirst = affine.Inputs[1]!.IsConstant;
        var (source, operand) = isFirst ? (affine.Inputs[0]!, affine.Inputs[1]!) : (affine.Inputs[1]!, affine.Inputs[0]!);
        var groups = node.Op == "Conv" ? node.Int("group", 1) : 1;
        var channels = node.Op == "Conv" ? shape[1].Value * groups : shape[0].Value;
        if ((!isFirst && affine.Op is "Div" or "Sub") || source.Shape is null || !source.Shape.SameAs(x.Shape)
            || EndsGelu(source, 3) || PerChannel(operand, x.Rank!.Value, node.Op == "Conv" ? x.Rank.Value - 1 : 1, channels) is not { } values)
        {
            return false;
        }

        builder.Scope = affine.Name;
        if (!(affine.Op is "Mul" or "Div" ? TryScale(node, weights, affine.Op, values, groups) : TryShift(node, weights, affine.Op == "Sub", values, groups)))
        {
            return false;
        }

        node.Inputs[0] = source;
        return true;
    }

    /// <summary>Whether a factor is the last of GELU's, which ONNX Runtime makes one operator only where all are there.</summary>
    private static bool EndsGelu(OnnxValue value, int depth) =>
        depth > 0 && value is { IsConstant: false, Producer: { Op: "Mul" or "Add" or "Erf" } producer }
        && (producer.Op == "Erf" || producer.Inputs.Exists(i => EndsGelu(i!, depth - 1)));

    private bool TryScale(OnnxNode node, OnnxValue weights, string op, float[] values, long groups)
    {
        if (node.Op == "MatMul")
        {
            node.Inputs[1] = builder.Emit(op, [weights, builder.Constant(TensorValue.From(values, values.Length, 1))]);
            return true;
        }

        var dims = weights.Shape!.ToNumbers();
        long[] grouped = [groups, dims[0] / groups, .. dims[1..]];
        long[] broadcast = [groups, 1, dims[1], .. Enumerable.Repeat(1L, dims.Length - 2)];
        var scaled = builder.Emit(op, [builder.Reshape(weights, grouped), builder.Constant(TensorValue.From(values, broadcast))]);
        node.Inputs[1] = builder.Reshape(scaled, dims);
        return true;
    }

    private bool TryShift(OnnxNode node, OnnxValue weights, bool isNegative, float[] values, long groups)
    {
        if (!Array.TrueForAll(values, static v => Math.Abs(v) <= LargestShift))
        {
            return false;
        }

        var shifts = isNegative ? Array.ConvertAll(values, static v => -v) : values;
        if (node.Op == "MatMul")
        {
            // Behind a product there must be a bias that takes it, or nothing would be saved.
            if (uses.Of(node.Output) is not [{ Op: "Add" } bias] || (bias.Inputs[0] == node.Output ? bias.Inputs[1] : bias.Inputs[0]) is not { IsConstant: true, DType: DType.Float32 } given
                || !uses.IsSingle(given) || given.Constant!.Length != weights.Shape![1].Value || given.Shape![-1].Value != given.Constant.Length)
            {
                return false;
            }

            var moved = Moved(weights, shifts, weights.Shape[1].Value, static (w, s, o, outputs) => Product(w, s, o, outputs));
            bias.Inputs[bias.Inputs[0] == given ? 0 : 1] = builder.Emit("Add", [given, moved]);
            return true;
        }

        // Where zeros are padded the shift would have to be padded too.
        if (node.Text("auto_pad") is not (null or "NOTSET" or "VALID") || node.Ints("pads")?.Any(static p => p != 0) == true
            || (node.Inputs.Count > 2 && node.Inputs[2] is { IsConstant: false }))
        {
            return false;
        }

        var sums = Moved(weights, shifts, weights.Shape![0].Value, (w, s, o, outputs) => Channel(w, s, o, outputs, groups));
        var old = node.Inputs.Count > 2 ? node.Inputs[2] : null;
        while (node.Inputs.Count < 3)
        {
            node.Inputs.Add(null);
        }

        node.Inputs[2] = old is null ? sums : builder.Emit("Add", [old, sums]);
        return true;
    }

    /// <summary>What the weights make of the shifts; computed when it is written, and the weights let go again.</summary>
    private OnnxValue Moved(OnnxValue weights, float[] shifts, long outputs, Func<float[], float[], int, int, float> sum)
    {
        var tensor = weights.Constant!;
        return builder.Constant(ConstantFolder.Deferred(DType.Float32, [outputs], [tensor], () =>
        {
            var values = tensor.AsSpan<float>().ToArray();
            return TensorValue.From(Enumerable.Range(0, (int)outputs).Select(o => sum(values, shifts, o, (int)outputs)).ToArray(), outputs);
        }));
    }

    private static float Product(float[] weights, float[] shifts, int output, int outputs)
    {
        var total = 0.0;
        for (var i = 0; i < shifts.Length; i++)
        {
            total += (double)weights[(i * outputs) + output] * shifts[i];
        }

        return (float)total;
    }

    private static float Channel(float[] weights, float[] shifts, int output, int outputs, long groups)
    {
        var own = shifts.Length / (int)groups;
        var first = output / (outputs / (int)groups) * own;
        var window = weights.Length / outputs / own;
        var total = 0.0;
        for (var i = 0; i < own * window; i++)
        {
            total += (double)weights[(output * own * window) + i] * shifts[first + (i / window)];
        }

        return (float)total;
    }

    /// <summary>A constant with a number for each channel; null for others.</summary>
    private static float[]? PerChannel(OnnxValue operand, int rank, int channelsFromEnd, long channels)
    {
        var tensor = operand.Constant;
        if (tensor is not { DType: DType.Float32 } || !OnnxMatch.IsPerChannel(tensor, rank, channelsFromEnd, channels))
        {
            return null;
        }

        var values = tensor.AsSpan<float>();
        return tensor.Length == channels ? values.ToArray() : [.. Enumerable.Repeat(values[0], (int)channels)];
    }
}
