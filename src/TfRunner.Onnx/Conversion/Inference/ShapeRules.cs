using TfRunner.Onnx.Conversion.Building;
using TfRunner.Onnx.Conversion.Shapes;

namespace TfRunner.Onnx.Conversion.Inference;

/// <summary>Dtypes and shapes of ONNX operators' outputs (operator documents of opset 21).</summary>
internal static partial class ShapeRules
{
    /// <summary>Infers the types of a node's outputs.</summary>
    /// <param name="node">The node with its inputs and attributes.</param>
    /// <param name="outputs">How many outputs it has.</param>
    /// <returns>One type per output; the shape is null where even the rank is unknown.</returns>
    public static IReadOnlyList<(DType DType, SymbolicShape? Shape)> Infer(OnnxNode node, int outputs)
    {
        var x = node.Inputs.Count > 0 ? node.Inputs[0] : null;
        var dtype = x?.DType ?? DType.Invalid;
        switch (node.Op)
        {
            case "Cast":
                return [(FromNumber(node.Int("to")), x!.Shape)];
            case "Equal" or "Less" or "LessOrEqual" or "Greater" or "GreaterOrEqual" or "And" or "Or" or "Xor":
                return [(DType.Bool, SymbolicShape.Broadcast(x!.Shape, node.Inputs[1]!.Shape))];
            case "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Mod" or "PRelu" or "BitwiseAnd" or "BitwiseOr" or "BitwiseXor" or "BitShift" or "StringConcat":
                return [(dtype, SymbolicShape.Broadcast(x!.Shape, node.Inputs[1]!.Shape))];
            case "Max" or "Min" or "Sum" or "Mean":
                return [(dtype, node.Inputs.Select(static i => i!.Shape).Aggregate(SymbolicShape.Broadcast))];
            case "Where":
                return [(node.Inputs[1]!.DType, SymbolicShape.Broadcast(x!.Shape, SymbolicShape.Broadcast(node.Inputs[1]!.Shape, node.Inputs[2]!.Shape)))];
            case "IsNaN" or "IsInf" or "Not" or "RegexFullMatch":
                return [(DType.Bool, x!.Shape)];
            case "Shape":
                return [(DType.Int64, x!.Shape is { } s ? new(Dim.Of(s.Rank)) : new(Dim.Unknown()))];
            case "Size":
                return [(DType.Int64, SymbolicShape.Scalar)];
            case "Reshape":
                return [(dtype, Reshape(node))];
            case "Transpose":
                return [(dtype, Transpose(node))];
            case "Unsqueeze":
                return [(dtype, Unsqueeze(node))];
            case "Squeeze":
                return [(dtype, Squeeze(node))];
            case "Flatten":
                return [(dtype, Flatten(node))];
            case "Expand":
                return [(dtype, Expand(node))];
            case "Tile":
                return [(dtype, Tile(node))];
            case "Concat":
                return [(dtype, Concat(node))];
            case "Split":
                return Split(node, outputs);
            case "Slice":
                return [(dtype, Slice(node))];
            case "Pad":
                return [(dtype, Pad(node))];
            case "Gather":
                return [(dtype, Gather(node))];
            case "GatherElements":
                return [(dtype, node.Inputs[1]!.Shape)];
            case "GatherND":
                return [(dtype, GatherNd(node))];
            case "Compress":
                return [(dtype, node.Attributes.ContainsKey("axis") ? x!.Shape?.With((int)node.Int("axis"), Dim.Unknown()) : new(Dim.Unknown()))];
            case "NonZero":
                return [(DType.Int64, new(x!.Rank is { } r ? Dim.Of(r) : Dim.Unknown(), Dim.Unknown()))];
            case "ConstantOfShape":
                return [(node.Attributes.TryGetValue("value", out var fill) ? ((TensorValue)fill).DType : DType.Float32, FromContents(x!))];
            case "Range":
                return [(dtype, new(Range(node)))];
            case "OneHot":
                return [(node.Inputs[2]!.DType, OneHot(node))];
            case "Einsum":
                return [(dtype, Einsum(node))];
            case "MatMul":
                return [(dtype, MatMul(x!.Shape, node.Inputs[1]!.Shape))];
            case "MatMulInteger":
                return [(DType.Int32, MatMul(x!.Shape, node.Inputs[1]!.Shape))];
            case "Gemm":
                return [(dtype, Gemm(node))];
            case "ArgMax" or "ArgMin":
                return [(DType.Int64, Reduce(x!.Shape, [node.Int("axis")], node.Int("keepdims", 1) != 0))];
            case "TopK":
                return TopK(node);
            case "Conv":
                return [(dtype, Conv(node))];
            case "ConvTranspose":
                return [(dtype, ConvTranspose(node))];
            case "MaxPool" or "AveragePool":
                return [(dtype, Pool(node))];
            case "GlobalAveragePool" or "GlobalMaxPool":
                return [(dtype, x!.Shape is { } g ? new(g.Dims.Select(static (d, i) => i < 2 ? d : Dim.Of(1))) : null)];
            case "DepthToSpace" or "SpaceToDepth":
                return [(dtype, BlockShuffle(node))];
            case "Resize":
                return [(dtype, Resize(node))];
            case "LSTM" or "GRU" or "RNN":
                return Recurrent(node, outputs);
            case "Unique":
                return [(dtype, new(Dim.Unknown())), .. Enumerable.Repeat((DType.Int64, (SymbolicShape?)new SymbolicShape(Dim.Unknown())), outputs - 1)];
            default:
                return node.Op.StartsWith("Reduce", StringComparison.Ordinal)
                    ? [(dtype, Reduction(node))]
                    : Enumerable.Repeat((dtype, x?.Shape), outputs).ToList();
        }
    }

    private static DType FromNumber(long number) =>
        Enum.GetValues<DType>().First(d => OnnxTypes.Number(d) == number);

    /// <summary>The constant elements of an integer operand.</summary>
    private static long[]? Numbers(OnnxNode node, int input)
    {
        if (node.Inputs.Count <= input || node.Inputs[input] is not { } value)
        {
            return null;
        }

        return value.Contents is { } c && c.All(static d => d.IsConstant) ? [.. c.Select(static d => d.Value)] : null;
    }

    private static bool Has(OnnxNode node, int input) => node.Inputs.Count > input && node.Inputs[input] is not null;

    /// <summary>The shape that an integer vector describes.</summary>
    private static SymbolicShape? FromContents(OnnxValue shape)
    {
        return shape.Contents is { } contents
            ? new(contents.Select(static d => d.IsConstant && d.Value < 0 ? Dim.Unknown() : d))
            : shape.Shape is { Rank: 1 } vector && vector[0].IsConstant ? Unknown((int)vector[0].Value) : null;
    }

    private static SymbolicShape Unknown(int rank) => new(Enumerable.Range(0, rank).Select(static _ => Dim.Unknown()));
}
