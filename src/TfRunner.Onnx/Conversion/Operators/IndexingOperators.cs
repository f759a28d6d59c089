using TfRunner.Onnx.Conversion.Building;

namespace TfRunner.Onnx.Conversion.Operators;

/// <summary>Gathering and scattering by multi-dimensional indices, one-hot, top-k, bands of matrices.</summary>
internal sealed class IndexingOperators : IOperatorFamily
{
    /// <inheritdoc/>
    public void Register(OperatorRegistry registry)
    {
        // GatherNd: indices [..., k] address the first k axes. ONNX: GatherND-13, which reads negative indices from the end.
        registry.Add(
            static op => op.Output(op.Emit(
                "GatherND", [op.Input(0), op.Builder.Cast(NonEmpty(op, 1), DType.Int64)], ("batch_dims", op.Attributes.Int("batch_dims")))),
            "GatherNd");
        registry.Add(ScatterNd, "ScatterNd");
        Scatter(registry, "TensorScatterUpdate", "none");
        Scatter(registry, "TensorScatterAdd", "add");
        Scatter(registry, "TensorScatterMax", "max");
        Scatter(registry, "TensorScatterMin", "min");
        registry.Add(OneHot, "OneHot");
        registry.Add(TopK, "TopKV2");
        registry.Add(BandPart, "MatrixBandPart");
        registry.Add(Where, "Where");
        registry.Add(Select, "Select");
        registry.Add(Bucketize, "Bucketize");
    }

    private static OnnxValue NonEmpty(OperatorContext op, int input)
    {
        var indices = op.Input(input);
        return indices.Shape is { } shape && shape.Rank > 0 && shape[-1].IsConstant && shape[-1].Value == 0
            ? throw new UnsupportedException("its indices address no axis")
            : indices;
    }

    /// <summary>ScatterNd: zeros of the given shape, to which the updates are added; equal indices sum. ONNX: ScatterND-18.</summary>
    private static void ScatterNd(OperatorContext op)
    {
        var updates = op.Input(1);
        var zeros = op.Emit("Expand", [op.Builder.Scalar(updates.DType, 0), op.Builder.Cast(op.Input(2), DType.Int64)]);
        op.Output(Add(op, zeros, NonEmpty(op, 0), updates, "add"));
    }

    private static void Scatter(OperatorRegistry registry, string name, string reduction) =>
        registry.Add(op => op.Output(Add(op, op.Input(0), NonEmpty(op, 1), op.Input(2), reduction)), name);

    private static OnnxValue Add(OperatorContext op, OnnxValue target, OnnxValue indices, OnnxValue updates, string reduction) =>
        reduction == "none" || updates.DType is DType.Float32 or DType.Float64 or DType.Int32 or DType.Int64
            ? op.Emit("ScatterND", [target, op.Builder.Cast(indices, DType.Int64), updates], ("reduction", reduction))
            : throw new UnsupportedException($"ONNX Runtime does not reduce {updates.DType.Name()} while scattering");

    /// <summary>
    /// OneHot: on_value where the position along a new axis equals the index, else off_value; indices out of range give a row
    /// of off values. (ONNX's OneHot counts negative indices from the end.)
    /// </summary>
    private static void OneHot(OperatorContext op)
    {
        var axis = op.Attributes.Int("axis", -1);
        var b = op.Builder;
        var indices = b.Cast(op.Input(0), DType.Int64);
        var depth = b.Cast(op.Input(1), DType.Int64);
        var rank = axis >= 0 && indices.Rank is null ? throw new UnsupportedException("the rank of its indices is unknown") : indices.Rank;
        depth = depth.Rank == 0 ? depth : b.Reshape(depth);
        var positions = op.Emit("Range", [b.Int(0), depth, b.Int(1)]);
        if (axis >= 0 && axis < rank)
        {
            positions = b.Unsqueeze(positions, [.. Enumerable.Range(1, rank.Value - (int)axis).Select(static i => (long)i)]);
        }

        var isHit = op.Emit("Equal", [b.Unsqueeze(indices, axis), positions]);
        op.Output(op.InputType(2) == DType.Bool && op.Input(2).IsConstant && op.Input(3).IsConstant
            && op.Input(2).Constant!.AsScalar<bool>() && !op.Input(3).Constant!.AsScalar<bool>()
            ? isHit
            : op.Emit("Where", [isHit, op.Input(2), op.Input(3)]));
    }

    /// <summary>TopKV2: the k largest of each row, equals in order of their index. ONNX: TopK-11 over the last axis.</summary>
    private static void TopK(OperatorContext op)
    {
        var k = op.Builder.Reshape(op.Builder.Cast(op.Input(1), DType.Int64), 1L);
        if (op.TryConstantInts(1) is [0])
        {
            throw new UnsupportedException("it asks for none");
        }

        if (!op.Attributes.Bool("sorted", true) && op.TryConstantInts(1) is not [1])
        {
            throw new UnsupportedException("its results are in the order of TensorFlow's heap");
        }

        var results = op.Builder.EmitMany("TopK", 2, [op.Input(0), k], ("axis", -1L), ("largest", 1L), ("sorted", 1L));
        op.Output(0, results[0]);
        op.Output(1, results[1]);
    }

    /// <summary>MatrixBandPart: keeps num_lower diagonals below and num_upper above the main one; negative keeps all. ONNX: Trilu-14.</summary>
    private static void BandPart(OperatorContext op)
    {
        var x = op.Input(0);
        var (lower, upper) = (op.ConstantInts(1)[0], op.ConstantInts(2)[0]);
        if (upper >= 0)
        {
            x = op.Emit("Trilu", [x, op.Builder.Int(upper)], ("upper", 0L));
        }

        if (lower >= 0)
        {
            x = op.Emit("Trilu", [x, op.Builder.Int(-lower)], ("upper", 1L));
        }

        op.Output(x);
    }

    /// <summary>Where: the indices of what is not zero, one row each, row-major. ONNX: NonZero-13, whose result is transposed.</summary>
    private static void Where(OperatorContext op)
    {
        if (op.RankOf(0) == 0)
        {
            throw new UnsupportedException("its operand is a scalar");
        }

        op.Output(op.Builder.Transpose(op.Emit("NonZero", [op.Input(0)]), 1, 0));
    }

    /// <summary>Select: like SelectV2, but a vector as condition chooses rows.</summary>
    private static void Select(OperatorContext op)
    {
        var condition = op.Input(0);
        if (condition.Rank == 1 && op.Input(1).Rank != 1)
        {
            condition = op.Builder.Unsqueeze(condition, [.. Enumerable.Range(1, op.RankOf(1) - 1).Select(static i => (long)i)]);
        }
        else if (condition.Rank is null)
        {
            throw new UnsupportedException("the rank of its condition is unknown");
        }

        op.Output(op.Emit("Where", [condition, op.Input(1), op.Input(2)]));
    }

    /// <summary>Bucketize: how many boundaries are not above the value; NaN lies above all.</summary>
    private static void Bucketize(OperatorContext op)
    {
        var boundaries = op.Attributes.Floats("boundaries");
        var b = op.Builder;
        var x = op.Input(0);
        if (boundaries.Length == 0)
        {
            op.Output(op.Emit("Expand", [b.Scalar(DType.Int32, 0), b.ShapeOf(x)]));
            return;
        }

        // Boundaries are float32; doubles and long integers are compared with them as TensorFlow does, in their own type.
        var compared = x.DType is DType.Float32 or DType.Float64 ? x : b.Cast(x, DType.Float64);
        var known = compared.DType == DType.Float32
            ? b.Constant(TensorValue.From(boundaries, boundaries.Length))
            : b.Constant(TensorValue.From(Array.ConvertAll(boundaries, static v => (double)v), boundaries.Length));
        var isBelow = op.Emit("Not", [op.Emit("Less", [b.Unsqueeze(compared, -1), known])]);
        op.Output(op.Emit("ReduceSum", [b.Cast(isBelow, DType.Int32), b.Ints(-1)], ("keepdims", 0L)));
    }
}
